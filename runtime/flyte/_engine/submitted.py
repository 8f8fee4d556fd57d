"""A call that a synchronous body has started."""

from __future__ import annotations

from concurrent.futures import Future as ThreadFuture
from typing import TYPE_CHECKING

from flyte._engine.calls import Request
from flyte._engine.outcomes import open_outcome
from flyte._journal.records import Outcome

if TYPE_CHECKING:
    from flyte._engine.action import Action


class Submitted:
    """Started by `Action.submit`; waited for, or given up, on the body's own thread."""

    def __init__(
        self, action: Action, request: Request, future: ThreadFuture[Outcome | None]
    ) -> None:
        self._action = action
        self._request = request
        self._future = future

    def wait(self) -> object:
        """Its value.

        Raises:
            BaseException: the call's error.
        """
        outcome = self._future.result() if self._future.done() else self._action.wait(self._future)
        assert outcome is not None
        return open_outcome(outcome)

    def cancel(self) -> None:
        """Give it up."""
        if not self._future.done():
            self._action.run.post(self._action.abandon, self._request)
