"""`custom_context`: words that tasks hand down to the tasks they call, beside their arguments.

They are part of no identity: a call with other words is the same call.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

from flyte._checks import check_string_map

CUSTOM_CONTEXT: ContextVar[Mapping[str, str]] = ContextVar(
    "flyte_custom_context", default=MappingProxyType({})
)


@contextmanager
def custom_context(**context: str) -> Iterator[None]:
    """Add words for the tasks that the block calls, and for all that these call.

    Raises:
        TypeError: a value that is no string.
    """
    check_string_map("custom_context", context)
    token = CUSTOM_CONTEXT.set(MappingProxyType({**CUSTOM_CONTEXT.get(), **context}))
    try:
        yield
    finally:
        CUSTOM_CONTEXT.reset(token)


def get_custom_context() -> dict[str, str]:
    """The words in force here; a copy."""
    return dict(CUSTOM_CONTEXT.get())
