"""A loop that a synchronous body made with `asyncio.run`, on that body's own thread.

Its tasks are branches, and outcomes reach it one at a time when both it and the engine's loop are
quiet, so that their order is recorded and replayed as in an asynchronous body.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from flyte._engine.loop import EngineLoop, Quiet, QuietSelector

if TYPE_CHECKING:
    from flyte._engine.action import Action


class OwnLoop(EngineLoop):
    """As the engine's, with the engine asked to deliver when it is quiet."""

    def __init__(self, action: Action) -> None:
        selector = QuietSelector()
        super().__init__(selector)
        selector.on_quiet = self._on_quiet
        self._action = action
        self.is_quiet = False
        """Whether an outcome may be delivered: it was quiet, and none was given since."""
        self.waits_for_foreign = False
        action.own_loops.add(self)

    def close(self) -> None:
        """As any loop's; nothing is delivered here any more."""
        self._action.own_loops.discard(self)
        super().close()

    def _on_quiet(self, quiet: Quiet) -> bool:
        self.waits_for_foreign = quiet.foreign or quiet.forced
        self.is_quiet = True
        self._action.run.post(self._action.run.attend, self._action)
        return False
