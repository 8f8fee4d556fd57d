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

CURRENT_GROUP: ContextVar[str | None] = ContextVar("flyte_group", default=None)
"""The innermost `flyte.group`; part of the identity of the calls made in it."""
