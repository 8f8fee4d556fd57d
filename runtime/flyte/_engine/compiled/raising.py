"""Exceptions on their way through the engine's own coroutines.

Python turns a `StopIteration` that leaves a coroutine into a `RuntimeError`. Where the user's
code has no coroutine of its own, ours must not show: it is carried through them, and taken out
again where a handler may see it. Tracebacks keep the user's frames alone.
"""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable, Coroutine
from functools import lru_cache
from types import CodeType, FrameType, FunctionType, TracebackType
from typing import Any, NoReturn, TypeVar

from flyte._engine.failure import HIDDEN_FOLDERS

T = TypeVar("T")


class Carried(BaseException):
    """A `StopIteration` of the user's, on its way. Never seen by their code."""

    def __init__(self, error: StopIteration) -> None:
        super().__init__()
        self.error = error


def taken_out(error: BaseException) -> BaseException:
    """The user's exception."""
    return error.error if isinstance(error, Carried) else error


def throw(error: BaseException) -> NoReturn:
    """Raise `error` again, as it was: what it was raised in stays."""
    context = error.__context__
    try:
        raise error
    finally:
        error.__context__ = context


async def while_handling(error: BaseException, handle: Callable[[], Awaitable[T | None]]) -> T:
    """What `handle` gives, run as if in an `except` clause that caught `error`.

    So the code that it runs may `raise` again, and what it raises has `error` as its context.

    Raises:
        BaseException: `error` itself where `handle` gives None; what `handle` raises.
    """
    context, place = error.__context__, users_part(error.__traceback__)
    try:
        raise error
    except BaseException:
        error.__context__, error.__traceback__ = context, place
        result = await handle()
        if result is not None:
            return result
        if isinstance(error, StopIteration):
            raise Carried(error) from None
        raise


def finish(coroutine: Coroutine[Any, Any, T]) -> T:
    """Run a synchronous body's coroutine, which is never suspended, to its end.

    Raises:
        BaseException: what the body raises.
    """
    try:
        coroutine.send(None)
    except StopIteration as end:
        result: T = end.value
        return result
    except Carried as carried:
        error = carried.error
    else:
        coroutine.close()
        raise AssertionError("a synchronous body waited for something")
    throw(error)


# Tracebacks ----------------------------------------------------------------------------------


def users_part(trace: TracebackType | None) -> TracebackType | None:
    """A traceback from its first frame on that isn't the engine's."""
    while trace is not None and trace.tb_frame.f_code.co_filename.startswith(HIDDEN_FOLDERS):
        trace = trace.tb_next
    return trace


def place(error: BaseException, *, file: str, name: str, line: int) -> None:
    """Put the line of the user's that made a call on top of an error's traceback."""
    error.__traceback__ = TracebackType(
        users_part(error.__traceback__), _frame(file, name), -1, line
    )


@lru_cache(maxsize=1024)
def _frame(file: str, name: str) -> FrameType:
    code: CodeType = _own_frame.__code__.replace(co_filename=file, co_name=name)
    frame: FrameType = FunctionType(code, {"sys": sys})()
    return frame


def _own_frame() -> FrameType:
    return sys._getframe()
