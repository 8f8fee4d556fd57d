"""What surrounds the code that is running: the driver whose body it is, if any.

The engine sets it; tasks and traces read it. So the public surface needs no engine to be
imported: outside a run a task is its plain function.
"""

from __future__ import annotations

from collections.abc import Coroutine, Mapping
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from flyte._task import Task
    from flyte._trace import Trace


class Driver(Protocol):
    """A running action, as seen by the calls that its body makes."""

    def call(
        self, task: Task[..., Any], arguments: Mapping[str, object]
    ) -> Coroutine[Any, Any, Any]:
        """A call of `task` as an action: identified now, started when first awaited."""

    def call_blocking(self, task: Task[..., Any], arguments: Mapping[str, object]) -> object:
        """The same, from synchronous code: returns the outcome."""

    def trace(self, trace: Trace[..., Any], arguments: Mapping[str, object]) -> Any:
        """A call of a traced function: what the function itself would return."""


CURRENT_DRIVER: ContextVar[Driver | None] = ContextVar("flyte_driver", default=None)
"""None outside a run."""

RUNS_GOING_ON: set[str] = set()
"""The runs that this process drives now; kept by the engine."""


def current_driver(called: str) -> Driver | None:
    """The driver that a call of `called` belongs to; None outside a run.

    Raises:
        NoBranchError: a run goes on, and the calling thread is none of its.
    """
    driver = CURRENT_DRIVER.get()
    if driver is None and RUNS_GOING_ON:
        from flyte.errors import NoBranchError  # noqa: PLC0415 - only on this path

        raise NoBranchError(
            f"`{called}` is called on a thread that belongs to no task, while a run goes on: it "
            "would not be recorded. Start the thread in a task, or call `.forward(...)`"
        )
    return driver


CURRENT_GROUP: ContextVar[str | None] = ContextVar("flyte_group", default=None)
"""The innermost `flyte.group`; part of the identity of the calls made in it."""
