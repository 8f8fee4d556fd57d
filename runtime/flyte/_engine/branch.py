"""A branch: one sequential strand of a driver, and the numbers that it hands out.

A driver's root coroutine is a branch; so is each asyncio task that it spawns. A call's slot is
taken from its branch when the call is *made*, so that the loop's interleaving changes nobody's
number. A spawned branch's path is its parent's plus (name of the spawned coroutine, how many of
that name this branch has spawned), so that tasks spawned by libraries shift nobody's number.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Coroutine, Generator, Mapping
from typing import TYPE_CHECKING, Any

from flyte._context import CURRENT_DRIVER

if TYPE_CHECKING:
    from flyte._engine.action import Action, Submitted
    from flyte._task import Task
    from flyte._trace import Trace

Path = tuple[tuple[str, int], ...]


class Branch:
    """One strand of `action`'s body. Implements `flyte._context.Driver`.

    Only one thread, or one asyncio task, uses a branch at a time.
    """

    __slots__ = ("_calls", "_spawns", "action", "path")

    def __init__(self, action: Action, path: Path = ()) -> None:
        self.action = action
        self.path = path
        self._calls: dict[bytes, int] = {}
        self._spawns: dict[str, int] = {}

    def call(
        self, task: Task[..., Any], arguments: Mapping[str, object]
    ) -> Coroutine[Any, Any, Any]:
        return self.action.call(self, task, arguments)

    def call_blocking(self, task: Task[..., Any], arguments: Mapping[str, object]) -> object:
        return self.action.call_blocking(self, task, arguments)

    def submit(self, task: Task[..., Any], arguments: Mapping[str, object]) -> Submitted:
        """Start a call from synchronous code without waiting for it."""
        return self.action.submit(self, task, arguments)

    def trace(self, trace: Trace[..., Any], arguments: Mapping[str, object]) -> Any:
        return self.action.trace(self, trace, arguments)

    def next_index(self, call_key: bytes) -> int:
        """How many calls of this key the branch made before."""
        index = self._calls.get(call_key, 0)
        self._calls[call_key] = index + 1
        return index

    def spawn(self, name: str) -> Branch:
        """The branch of a coroutine called `name`, spawned now."""
        index = self._spawns.get(name, 0)
        self._spawns[name] = index + 1
        return Branch(self.action, (*self.path, (name, index)))


def branching_task_factory(
    loop: asyncio.AbstractEventLoop,
    coroutine: Coroutine[Any, Any, Any] | Generator[Any, None, Any],
    *,
    context: contextvars.Context | None = None,
    **options: Any,
) -> asyncio.Task[Any]:
    """Make an asyncio task; under a driver, on a branch of its own.

    The engine's own tasks (attempts) are made without it.
    """
    context = contextvars.copy_context() if context is None else context
    parent = context.get(CURRENT_DRIVER)
    if not isinstance(parent, Branch):
        return asyncio.Task(coroutine, loop=loop, context=context, **options)
    name = getattr(coroutine, "__qualname__", type(coroutine).__name__)
    context.run(CURRENT_DRIVER.set, parent.spawn(name))
    task = asyncio.Task(coroutine, loop=loop, context=context, **options)
    parent.action.adopt(task)
    return task
