"""What `flyte.run` gives: a run that has ended, with its outputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, ParamSpec, TypeVar

from flyte._config import store_folder
from flyte._engine.events import Counts
from flyte._engine.outcomes import open_outcome
from flyte._engine.values import decode_arguments
from flyte._journal import Durability, Outcome, RunRecord
from flyte._task import Task

P = ParamSpec("P")
R = TypeVar("R")


class ActionOutputs(tuple[Any, ...]):
    """What an action gave: a tuple, whose parts are also `o0`, `o1`, … and in `named_outputs`."""

    __slots__ = ()

    @property
    def named_outputs(self) -> dict[str, Any]:
        """The outputs by name."""
        return {f"o{index}": value for index, value in enumerate(self)}

    def __getattr__(self, name: str) -> Any:
        try:
            return self.named_outputs[name]
        except KeyError:
            raise AttributeError(f"no output `{name}`; there are {len(self)}") from None


class Run(Generic[R]):
    """A run that has ended."""

    def __init__(
        self,
        record: RunRecord,
        task: Task[..., Any],
        outcome: Outcome,
        counts: Counts,
        seconds: float,
    ) -> None:
        self._record = record
        self._task = task
        self._outcome = outcome
        self.counts = counts
        self.seconds = seconds
        self.wait = _Both(self._wait)
        self.outputs = _Both(self._outputs)
        self.inputs = _Both(self._inputs)

    @property
    def name(self) -> str:
        """Its name: what `flyte resume` and `flyte get` take."""
        return self._record.name

    @property
    def url(self) -> str:
        """Where its records are: the store's folder, and the run's name behind `#`."""
        if self._record.durability == Durability.MEMORY.value:
            return f"memory:#{self.name}"
        return f"{store_folder().resolve().as_uri()}#{self.name}"

    @property
    def phase(self) -> str:
        """`succeeded` or `failed`."""
        return "succeeded" if self._outcome.kind == "value" else "failed"

    def __repr__(self) -> str:
        return f"<Run {self.name} of {self._record.task}: {self.phase}>"

    def _wait(self) -> None:
        """Return when it has ended: it has."""

    def _outputs(self) -> ActionOutputs:
        value = open_outcome(self._outcome)
        names = self._task.interface.output_names
        if not names:
            return ActionOutputs((None,))
        parts = value if len(names) > 1 and isinstance(value, tuple) else (value,)
        return ActionOutputs(parts)

    def _inputs(self) -> dict[str, object]:
        return decode_arguments(self._record.arguments)


class _Both(Generic[P, R]):
    """A method called as it is, or awaited as `.aio(...)`."""

    def __init__(self, function: Callable[P, R]) -> None:
        self._function = function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        return self._function(*args, **kwargs)

    async def aio(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """The same, from asynchronous code."""
        return self._function(*args, **kwargs)
