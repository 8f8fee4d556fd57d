"""Which function of a library a call calls, by whatever name it was imported."""

from __future__ import annotations

import libcst as cst

from flyte_compiler.lower.scope import Scope
from flyte_compiler.syntax.tree import dotted, head

GATHER = "asyncio.gather"
RUN = "asyncio.run"
GROUP = "flyte.group"


def library_name(scope: Scope, call: cst.CSTNode) -> str | None:
    """The full name of what an expression calls, where that starts with an imported name."""
    if not isinstance(call, cst.Call):
        return None
    name, start = dotted(call.func), head(call.func)
    if name is None or start is None:
        return None
    rest = name[len(start.value) :]
    for found in scope.index.imports:
        if found.local == start.value and found.top_level != (start.value in scope.variables):
            return (
                f"{found.module}.{found.attribute}{rest}"
                if found.attribute
                else found.module + rest
            )
    return None
