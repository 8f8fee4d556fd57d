"""A leaf task's body in a worker: its outcome, or that it is no leaf after all."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from flyte._context import CURRENT_DRIVER
from flyte._engine.failure import encode_error
from flyte._engine.results import as_called, settle_result
from flyte._engine.stop import RunStopped
from flyte._engine.values import encode_value
from flyte._journal.records import Outcome


class NotALeafError(BaseException):
    """The body called a task or a trace, which only the driver's process can do."""


@dataclass(frozen=True, slots=True)
class _RunName:
    name: str


class LeafDriver:
    """What surrounds a body in a worker. Stands where a driver's branch would.

    `flyte.ctx()` reads the action here; a call of a task or a trace ends the attempt, and the
    driver's process runs it instead.
    """

    def __init__(self, action: bytes, run: str, number: int) -> None:
        self.id = action
        self.run = _RunName(run)
        self.number = number
        self.called = ""
        """What the body called that no leaf calls; set even where it swallowed the error."""

    @property
    def action(self) -> LeafDriver:
        """The running action, by the name under which a branch has it."""
        return self

    def call(self, task: Any, _arguments: Mapping[str, object]) -> NoReturn:
        """Raises:
        NotALeafError: always.
        """
        self.called = str(task.name)
        raise NotALeafError(self.called)

    call_blocking = submit = trace = call


def sync_outcome(leaf: LeafDriver, task: Any, arguments: Mapping[str, object]) -> Outcome:
    """What a synchronous body gives.

    Raises:
        NotALeafError: it is no leaf.
        RunStopped: it was cancelled.
    """
    CURRENT_DRIVER.set(leaf)
    try:
        args, kwargs = as_called(task.interface, arguments)
        value = task.function(*args, **kwargs)
        outcome = Outcome("value", encode_value(settle_result(task.interface, value)))
    except (RunStopped, NotALeafError):
        raise
    except BaseException as error:  # an exit, an interrupt or a class of the user's own
        outcome = Outcome("error", encode_error(error))
    return _checked(leaf, outcome)


async def async_outcome(leaf: LeafDriver, task: Any, arguments: Mapping[str, object]) -> Outcome:
    """What an asynchronous body gives.

    Raises:
        NotALeafError: it is no leaf.
        CancelledError: it was cancelled.
    """
    CURRENT_DRIVER.set(leaf)
    try:
        args, kwargs = as_called(task.interface, arguments)
        value = await task.function(*args, **kwargs)
        outcome = Outcome("value", encode_value(settle_result(task.interface, value)))
    except NotALeafError:
        raise
    except asyncio.CancelledError as error:
        current = asyncio.current_task()
        if current is not None and current.cancelling():
            raise
        outcome = Outcome("error", encode_error(error))
    except BaseException as error:  # as above
        outcome = Outcome("error", encode_error(error))
    return _checked(leaf, outcome)


def _checked(leaf: LeafDriver, outcome: Outcome) -> Outcome:
    if leaf.called:
        raise NotALeafError(leaf.called)
    return outcome
