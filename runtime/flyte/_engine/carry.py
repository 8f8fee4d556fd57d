"""What lets a driver's branches be told apart where the standard library starts strands of its own.

Each wrapper does something only under a driver. They stand on the classes, so that it doesn't
matter how a program imported them; `as_completed`, a function, is also replaced in the modules
of the tasks that run.
"""

from __future__ import annotations

import asyncio
import contextvars
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import wraps
from typing import Any

from flyte._context import CURRENT_DRIVER
from flyte._engine.branch import Branch
from flyte._engine.own_loop import OwnLoop

_as_completed = asyncio.as_completed


@wraps(_as_completed)
def as_completed_in_order(fs: Iterable[Any], *args: Any, **kwargs: Any) -> Any:
    """`asyncio.as_completed`, which spawns over a set, made to spawn in argument order."""
    if _current_branch() is not None and not asyncio.isfuture(fs) and not asyncio.iscoroutine(fs):
        fs = [asyncio.ensure_future(awaitable) for awaitable in fs]
    return _as_completed(fs, *args, **kwargs)


def install() -> None:
    """Put the wrappers in place; once a process, before the first driver runs."""
    _wrap(ThreadPoolExecutor, "submit", _submit)
    _wrap(threading.Thread, "start", _start)
    _wrap(asyncio.Runner, "__init__", _make_runner)
    asyncio.as_completed = as_completed_in_order
    asyncio.tasks.as_completed = as_completed_in_order


def reach(function: Callable[..., Any]) -> None:
    """Replace `as_completed` in a module that imported it by name before it was wrapped."""
    names: dict[str, object] = getattr(function, "__globals__", {})
    for name in [name for name, value in names.items() if value is _as_completed]:
        names[name] = as_completed_in_order


def _wrap(owner: type, name: str, wrapper: Callable[..., Any]) -> None:
    original = getattr(owner, name)

    @wraps(original)
    def wrapped(*args: Any, **kwargs: Any) -> Any:
        branch = _current_branch()
        if branch is None:
            return original(*args, **kwargs)
        return wrapper(branch, original, *args, **kwargs)

    setattr(owner, name, wrapped)


def _submit(
    branch: Branch, original: Callable[..., Any], pool: Any, function: Any, /, *args: Any, **kw: Any
) -> Any:
    job = branch.job(function, getattr(function, "__qualname__", type(function).__name__))
    # The pool's own threads, which it starts when it needs them, are no branches.
    return contextvars.Context().run(original, pool, job, *args, **kw)


def _start(branch: Branch, original: Callable[..., Any], thread: threading.Thread) -> Any:
    thread.run = branch.job(thread.run, type(thread).__qualname__)  # type: ignore[method-assign]
    return original(thread)


def _make_runner(
    branch: Branch, original: Callable[..., Any], runner: Any, *args: Any, **kwargs: Any
) -> Any:
    if (
        not args
        and kwargs.get("loop_factory") is None
        and not branch.action.run.engine.is_current()
    ):
        kwargs["loop_factory"] = lambda: OwnLoop(branch.action)
    return original(runner, *args, **kwargs)


def _current_branch() -> Branch | None:
    driver = CURRENT_DRIVER.get()
    return driver if isinstance(driver, Branch) else None
