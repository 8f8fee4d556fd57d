"""`Run`: a run in the store, or one that has just ended here.

`flyte.run` gives one that has ended; `Run.get(name)` any that the store knows, one that another
process drives as well. Each method has a twin `.aio`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Generic, Literal, TypeVar

from flyte._action_outputs import ActionOutputs, outputs_of
from flyte._config import store_folder
from flyte._engine.events import Counts
from flyte._engine.outcomes import open_outcome
from flyte._engine.values import decode_arguments
from flyte._journal import Durability, Outcome, RunRecord, Store
from flyte._logs import LogLine, read_logs
from flyte._recorded import find_run, opened_store, phase_of, root_outcome, task_of
from flyte._run_details import RunDetails, run_details
from flyte._run_folder import abort_file, run_folder, write_json
from flyte._task import Task
from flyte.errors import (
    ActionAbortedError,
    ActionNotFoundError,
    InitializationError,
    LogsNotYetAvailableError,
)
from flyte.models import ActionPhase
from flyte.syncify import WithAio, at_once, class_method_with_aio, method_with_aio
from flyte_plan.digest import show_digest
from flyte_plan.identity import root_action_id

R = TypeVar("R")

_PAUSE = 0.1
"""Seconds between two looks at a run that another process drives."""


class Run(Generic[R]):
    """A run of a task whose result is `R`."""

    outputs: WithAio[[], ActionOutputs]
    inputs: WithAio[[], dict[str, Any]]

    def __init__(
        self,
        record: RunRecord,
        task: Task[..., Any] | None,
        outcome: Outcome | None,
        counts: Counts,
        seconds: float,
    ) -> None:
        self._record = record
        self._task = task
        self._outcome = outcome
        self.counts = counts
        self.seconds = seconds
        self.outputs = at_once(self._outputs)
        self.inputs = at_once(self._inputs)

    @property
    def name(self) -> str:
        """Its name: what `flyte resume` and `flyte get` take."""
        return self._record.name

    @property
    def url(self) -> str:
        """Where its records are: the store's folder, and the run's name behind `#`."""
        if self._is_in_memory:
            return f"memory:#{self.name}"
        return f"{store_folder().resolve().as_uri()}#{self.name}"

    @property
    def phase(self) -> ActionPhase:
        """Where it stood when it was last looked at; `sync` looks again."""
        if self._outcome is None:
            return phase_of(self._record)
        is_value = self._outcome.kind == "value"
        return ActionPhase.SUCCEEDED if is_value else ActionPhase.FAILED

    def __repr__(self) -> str:
        return f"<Run {self.name} of {self._record.task}: {self.phase}>"

    @method_with_aio
    def wait(
        self, quiet: bool = False, wait_for: Literal["terminal", "running"] = "terminal"
    ) -> None:
        """Return when it has ended, or runs; `quiet` changes nothing, since nothing is shown.

        Raises:
            InitializationError: no process drives it: it waits to be resumed.
        """
        enough = (ActionPhase.RUNNING,) if wait_for == "running" else ()
        while not self.phase.is_terminal and self.phase not in enough:
            if self.phase is ActionPhase.PAUSED:
                raise InitializationError(
                    f"run `{self.name}` was interrupted; `flyte resume {self.name}` takes it up"
                )
            time.sleep(_PAUSE)
            self._look()

    @method_with_aio
    def sync(self) -> Run[R]:
        """Look at the records again; the run itself."""
        self._look()
        return self

    @method_with_aio
    def done(self) -> bool:
        """Whether it has ended."""
        self._look()
        return self.phase.is_terminal

    @method_with_aio
    def details(self) -> RunDetails:
        """What is recorded of it and of each of its actions.

        Raises:
            InitializationError: it was kept in memory.
        """
        with self._store() as store:
            return run_details(store, find_run(store, self.name))

    @method_with_aio
    def raise_for_status(self) -> None:
        """Nothing where it succeeded or goes on.

        Raises:
            BaseException: the error that it failed with.
            ActionAbortedError: somebody ended it.
        """
        self._look()
        if self._outcome is not None:
            open_outcome(self._outcome)
        elif self.phase is ActionPhase.ABORTED:
            raise ActionAbortedError(f"run `{self.name}` was aborted")

    @method_with_aio
    def abort(self, reason: str = "") -> None:
        """End it, whichever process drives it; one that has ended is left as it is.

        What is recorded stays, and `flyte resume` takes it up again.
        """
        abort_run(self.name, reason)
        self._look()

    @method_with_aio
    def resume(self) -> Run[R]:
        """Take it up where its records end, and wait for it.

        Raises:
            BaseException: as `flyte.run`.
        """
        from flyte._start import resume  # noqa: PLC0415 - which makes runs

        return resume(self.name)

    @method_with_aio
    def get_logs(self, action: str | None = None) -> list[LogLine]:
        """What its actions, or one of them, printed and logged, in the order of time.

        Raises:
            LogsNotYetAvailableError: nothing was.
            ActionNotFoundError: no action of that id.
        """
        lines = [line for _, line in self._lines(action)]
        if not lines:
            raise LogsNotYetAvailableError(
                "LogsNotYetAvailable", "user", f"run `{self.name}` has printed nothing"
            )
        return lines

    @method_with_aio
    def show_logs(
        self,
        attempt: int | None = None,
        max_lines: int = 100,
        show_ts: bool = False,
        raw: bool = False,
        filter_system: bool = False,
    ) -> None:
        """Print the last lines of its actions, each behind its task's name unless `raw`.

        Attempts aren't told apart; nothing is the system's.
        """
        del attempt, filter_system
        for task, line in self._lines(None)[-max_lines:]:
            stamp = f"{_clock(line.time)}  " if show_ts else ""
            print(f"{stamp}{'' if raw else f'{task}  '}{line.text}")

    @method_with_aio
    def get_report(self, attempt: int | None = None) -> str:
        """The report of its root action, as HTML.

        Raises:
            ActionNotFoundError: it has none.
        """
        from flyte._reports import report_of  # noqa: PLC0415 - few runs have one

        del attempt
        return report_of(self.name, root_action_id(self.name))

    @method_with_aio
    def get_debug_url(self) -> str | None:
        """None: there is no debugger to attach to from elsewhere."""
        return None

    @method_with_aio
    def typed_inputs(
        self,
        types: Mapping[str, type],
        deserializers: Mapping[type, Callable[[Any], Any]] | None = None,
    ) -> dict[str, Any]:
        """Its arguments, each as that type; `deserializers` make one of another value.

        Raises:
            TypeError: a value that is of another type.
        """
        return _typed(self._inputs(), types, deserializers)

    @method_with_aio
    def typed_outputs(
        self,
        types: Mapping[str, type],
        deserializers: Mapping[type, Callable[[Any], Any]] | None = None,
    ) -> dict[str, Any]:
        """Its outputs by name, each as that type; as `typed_inputs`."""
        return _typed(self._outputs().named_outputs, types, deserializers)

    @class_method_with_aio
    def get(cls, name: str) -> Run[Any]:  # noqa: N805 - the class is bound by the decorator
        """A run of the store by name.

        Raises:
            InitializationError: there is none.
        """
        with opened_store() as store:
            return recorded_run(store, find_run(store, name))

    @class_method_with_aio
    def listall(  # noqa: PLR0917 - as upstream has it
        cls,  # noqa: N805 - as above
        in_phase: tuple[str, ...] | None = None,
        task_name: str | None = None,
        task_version: str | None = None,
        created_by_subject: str | None = None,
        sort_by: tuple[str, Literal["asc", "desc"]] | None = None,
        limit: int = 100,
        project: str | None = None,
        domain: str | None = None,
    ) -> Iterator[Run[Any]]:
        """The runs of the store, latest first; there are no versions, users or projects in one."""
        del task_version, created_by_subject, project, domain
        with opened_store() as store:
            records = [
                record
                for record in store.runs()
                if (task_name is None or record.task == task_name)
                and (in_phase is None or phase_of(record) in in_phase)
            ]
            ascending = sort_by is not None and sort_by[1] == "asc"
            records.sort(key=lambda record: record.created, reverse=not ascending)
            return iter([recorded_run(store, record) for record in records[:limit]])

    # ---------------------------------------------------------------------------------------------

    @property
    def _is_in_memory(self) -> bool:
        return self._record.durability == Durability.MEMORY.value

    def _store(self) -> Any:
        if self._is_in_memory:
            raise InitializationError(f"run `{self.name}` was kept in memory; nothing is recorded")
        return opened_store()

    def _look(self) -> None:
        if self._is_in_memory or self._outcome is not None:
            return
        with opened_store() as store:
            self._record = find_run(store, self.name)
            self._outcome = root_outcome(store, self._record)

    def _outputs(self) -> ActionOutputs:
        self._look()
        if self._outcome is None:
            raise InitializationError(f"run `{self.name}` has no outputs: it is {self.phase}")
        value = open_outcome(self._outcome)
        if self._task is None:
            self._task = task_of(self._record)
        return outputs_of(value, self._task.interface.output_names)

    def _inputs(self) -> dict[str, Any]:
        return decode_arguments(self._record.arguments)

    def _lines(self, action: str | None) -> list[tuple[str, LogLine]]:
        with self._store() as store:
            records = store.actions(self.name)
        names = {show_digest(record.id): record.task for record in records}
        if action is not None:
            names = {name: task for name, task in names.items() if name.startswith(action)}
            if not names:
                raise ActionNotFoundError(f"run `{self.name}` has no action `{action}`")
        folder = run_folder(self.name) / "logs"
        lines = [(task, line) for name, task in names.items() for line in read_logs(folder, name)]
        return sorted(lines, key=lambda entry: entry[1].time)


def recorded_run(store: Store, record: RunRecord) -> Run[Any]:
    """A run as the store has it."""
    counts = Counts()
    for action in store.actions(record.name):
        if action.kind == "item" or action.outcome is None:
            continue
        counts.cached += action.cached
        counts.executed += not action.cached
        counts.failed += action.outcome.kind == "error"
    seconds = (record.ended or time.time()) - record.created
    return Run[Any](record, None, root_outcome(store, record), counts, seconds)


def abort_run(name: str, reason: str) -> bool:
    """End a run, whichever process drives it; False where it has ended already.

    Raises:
        InitializationError: there is no such run.
    """
    with opened_store() as store:
        record = find_run(store, name)
        if record.phase != "running":
            return False
        write_json(abort_file(name), {"reason": reason, "time": time.time()})
        if not record.alive:
            store.end_run(name, "aborted")
        return True


def _typed(
    values: Mapping[str, Any],
    types: Mapping[str, type],
    deserializers: Mapping[type, Callable[[Any], Any]] | None,
) -> dict[str, Any]:
    makers = deserializers or {}
    typed = dict(values)
    for name, kind in types.items():
        if name not in values:
            raise TypeError(f"there is no `{name}`; there are {', '.join(values) or 'none'}")
        made = makers[kind](values[name]) if kind in makers else values[name]
        if not isinstance(made, kind):
            raise TypeError(f"`{name}` is `{type(made).__name__}`, not `{kind.__name__}`")
        typed[name] = made
    return typed


def _clock(seconds: float) -> str:
    from datetime import UTC, datetime  # noqa: PLC0415 - only where it is asked for

    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


__all__ = ["ActionOutputs", "Run"]
