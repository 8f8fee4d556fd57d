"""`flyte.ctx()`: which action the code that is running belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from flyte._context import CURRENT_DRIVER

if TYPE_CHECKING:
    from flyte._checkpoint import Checkpoint


@dataclass(frozen=True, slots=True)
class ActionID:
    """The name of an action, and of its run."""

    name: str
    run_name: str


@dataclass(frozen=True, slots=True)
class TaskContext:
    """The running task's own view of its action. False outside a run."""

    action: ActionID | None

    @property
    def idempotency_key(self) -> str:
        """The action's id: the same on every attempt, so an effect keyed by it happens once.

        Raises:
            NotInTaskContextError: outside a run.
        """
        return self._inside("idempotency_key").name

    @property
    def attempt_number(self) -> int:
        """Which attempt of the action this is, from 0.

        Raises:
            NotInTaskContextError: outside a run.
        """
        self._inside("attempt_number")
        return int(getattr(_running(), "number", 0))

    @property
    def custom_context(self) -> Mapping[str, str]:
        """What `flyte.custom_context` says here; a copy."""
        from flyte._custom_context import get_custom_context  # noqa: PLC0415 - start-up is light

        return get_custom_context()

    @property
    def data(self) -> dict[str, Any]:
        """What the parts of one attempt tell each other: the same dict all through it.

        Raises:
            NotInTaskContextError: outside a run.
        """
        self._inside("data")
        found: dict[str, Any] = vars(_running()).setdefault("_context_data", {})
        return found

    @property
    def checkpoint(self) -> Checkpoint | None:
        """A folder of the action's own, which its next attempt finds again. None outside a run."""
        if self.action is None:
            return None
        from flyte._checkpoint import Checkpoint  # noqa: PLC0415 - keeps start-up light
        from flyte._run_folder import run_folder  # noqa: PLC0415 - the same

        folder = run_folder(self.action.run_name) / "checkpoints" / self.action.name
        return Checkpoint(str(folder), str(folder))

    @property
    def mode(self) -> Literal["local", "remote", "hybrid"]:
        """Where it runs: on this machine."""
        return "local"

    @property
    def version(self) -> str:
        """The version of the code: the task's own, as recorded; empty where it has none."""
        from flyte._engine.versions import version_of  # noqa: PLC0415 - keeps start-up light
        from flyte._environment import environments  # noqa: PLC0415 - the same
        from flyte_plan.digest import show_digest  # noqa: PLC0415 - the same

        name = str(getattr(_running(), "name", ""))
        environment = environments().get(name.rpartition(".")[0])
        task = None if environment is None else environment.tasks.get(name)
        version = None if task is None else version_of(task)
        return "" if version is None else show_digest(version)

    def is_in_cluster(self) -> bool:
        """Whether a cluster runs it: no."""
        return False

    def __bool__(self) -> bool:
        return self.action is not None

    def _inside(self, asked: str) -> ActionID:
        if self.action is None:
            from flyte.errors import NotInTaskContextError  # noqa: PLC0415 - only on this path

            raise NotInTaskContextError(f"`{asked}` is read outside a run")
        return self.action


def ctx() -> TaskContext:
    """The context of the task that is running."""
    action = _running()
    if action is None:
        return TaskContext(None)
    from flyte_plan.digest import show_digest  # noqa: PLC0415 - keeps start-up light

    return TaskContext(ActionID(show_digest(action.id), action.run.name))


def _running() -> Any:
    return getattr(CURRENT_DRIVER.get(), "action", None)
