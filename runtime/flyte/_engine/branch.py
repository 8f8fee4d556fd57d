"""A branch: one sequential strand of a driver, and the numbers that it hands out.

A driver's root coroutine is a branch; so is each asyncio task that it spawns and each job that it
gives to a thread. A call's slot is taken from its branch when the call is *made*, so that the
loop's interleaving changes nobody's number. A spawned branch's path is its parent's plus (name of
the spawned coroutine, how many of that name this branch has spawned), so that tasks spawned by
libraries shift nobody's number.
"""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable, Coroutine, Generator, Mapping
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, TypeVar

from flyte._context import CURRENT_DRIVER

if TYPE_CHECKING:
    from flyte._engine.action import Action
    from flyte._engine.submitted import Submitted
    from flyte._task import Task
    from flyte._trace import Trace

Path = tuple[tuple[str, int], ...]
T = TypeVar("T")


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
        """A call of `task` as an action: identified now, started when first awaited."""
        return self.action.call(self, task, arguments)

    def call_blocking(self, task: Task[..., Any], arguments: Mapping[str, object]) -> object:
        """The same, from synchronous code: returns the outcome."""
        return self.action.call_blocking(self, task, arguments)

    def submit(self, task: Task[..., Any], arguments: Mapping[str, object]) -> Submitted:
        """Start a call from synchronous code without waiting for it."""
        return self.action.submit(self, task, arguments)

    def trace(self, trace: Trace[..., Any], arguments: Mapping[str, object]) -> Any:
        """A call of a traced function: what the function itself would return."""
        return self.action.trace(self, trace, arguments)

    def next_index(self, call_key: bytes) -> int:
        """How many calls of this key the branch made before."""
        index = self._calls.get(call_key, 0)
        self._calls[call_key] = index + 1
        return index

    def spawn(self, name: str) -> Branch:
        """The branch of a coroutine or job called `name`, spawned now."""
        index = self._spawns.get(name, 0)
        self._spawns[name] = index + 1
        return Branch(self.action, (*self.path, (name, index)))

    def job(self, function: Callable[..., T], name: str) -> Callable[..., T]:
        """`function`, to be called on another thread, there on a branch spawned now."""
        context = contextvars.copy_context()
        context.run(CURRENT_DRIVER.set, self.spawn(name))

        def run(*args: Any, **kwargs: Any) -> T:
            with self.action.running_thread():
                return context.run(function, *args, **kwargs)

        return run


class BranchTask(asyncio.Task[Any]):
    """An asyncio task of a driver, hashed by its branch instead of by its address.

    `asyncio.wait` gives sets: with this, a driver that goes through one meets its tasks in the
    same order in every process.
    """

    def __init__(
        self,
        coroutine: Coroutine[Any, Any, Any] | Generator[Any, None, Any],
        path: Path,
        **options: Any,
    ) -> None:
        # First: asyncio keeps the task in a set from within its own constructor.
        self._hash = int.from_bytes(blake2b(repr(path).encode(), digest_size=7).digest(), "big")
        super().__init__(coroutine, **options)

    def __hash__(self) -> int:
        return self._hash


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
    branch = parent.spawn(name)
    context.run(CURRENT_DRIVER.set, branch)
    task = BranchTask(coroutine, branch.path, loop=loop, context=context, **options)
    parent.action.adopt(task)
    return task
