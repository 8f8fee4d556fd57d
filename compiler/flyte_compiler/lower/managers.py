"""Context managers: which of them let every exception through."""

from __future__ import annotations

import libcst as cst

from flyte_compiler.syntax.tree import dotted

_RERAISING = frozenset(
    {"Lock", "Semaphore", "BoundedSemaphore", "Condition", "TaskGroup", "group", "open", "timeout"}
    | {
        "TemporaryDirectory",
        "NamedTemporaryFile",
        "TemporaryFile",
        "Path",
        "closing",
        "nullcontext",
    }
    | {"ThreadPoolExecutor", "ProcessPoolExecutor", "AsyncClient", "Client", "ClientSession"}
)
"""Context managers, by their last name, that never swallow an exception."""


def may_swallow(item: cst.WithItem) -> bool:
    """Whether a context manager may swallow an exception, as far as its name tells."""
    expression = item.item
    name = dotted(expression.func) if isinstance(expression, cst.Call) else None
    return name is None or name.rpartition(".")[2] not in _RERAISING
