"""`flyte.ctx()`: which action the code that is running belongs to."""

from __future__ import annotations

from dataclasses import dataclass

from flyte._context import CURRENT_DRIVER


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
        if self.action is None:
            from flyte.errors import NotInTaskContextError  # noqa: PLC0415 - only on this path

            raise NotInTaskContextError("`idempotency_key` is read outside a run")
        return self.action.name

    def __bool__(self) -> bool:
        return self.action is not None


def ctx() -> TaskContext:
    """The context of the task that is running."""
    driver = CURRENT_DRIVER.get()
    action = getattr(driver, "action", None)
    if action is None:
        return TaskContext(None)
    from flyte_plan.digest import show_digest  # noqa: PLC0415 - keeps start-up light

    return TaskContext(ActionID(show_digest(action.id), action.run.name))
