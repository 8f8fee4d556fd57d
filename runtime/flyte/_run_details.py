"""What is known of a run and of each of its actions: `Run.details()`, `flyte.remote.Action`."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from flyte._engine.failure import decode_error
from flyte._engine.values import decode_arguments, decode_value
from flyte._journal import ActionRecord, RunRecord, Store
from flyte._recorded import phase_of
from flyte.models import ActionPhase
from flyte_plan.digest import show_digest


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionDetails:
    """One action of a run, as recorded."""

    name: str
    """Its id: what `flyte.ctx().idempotency_key` is in it."""
    run_name: str
    parent_name: str | None
    task_name: str
    kind: str
    """`task` or `trace`."""
    phase: ActionPhase
    attempts: int
    cached: bool
    group: str | None
    start_time: datetime
    end_time: datetime | None
    error: str | None
    """`Class: message`."""
    _record: ActionRecord = field(repr=False)

    @property
    def id(self) -> bytes:
        """Its id, as recorded."""
        return self._record.id

    @property
    def inputs(self) -> dict[str, Any]:
        """Its arguments by name."""
        return decode_arguments(self._record.inputs)

    @property
    def outputs(self) -> Any:
        """What it gave; None where it gave nothing, or hasn't ended."""
        outcome = self._record.outcome
        if outcome is None or outcome.kind == "error":
            return None
        return decode_value(outcome.payload)

    def done(self) -> bool:
        """Whether it has ended."""
        return self.phase.is_terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class RunDetails:
    """One run, with its actions in the order in which they were recorded."""

    name: str
    task_name: str
    phase: ActionPhase
    executor: str
    durability: str
    source: str
    start_time: datetime
    end_time: datetime | None
    actions: tuple[ActionDetails, ...]

    def done(self) -> bool:
        """Whether it has ended."""
        return self.phase.is_terminal


def run_details(store: Store, run: RunRecord) -> RunDetails:
    """A run and its actions."""
    records = store.actions(run.name)
    return RunDetails(
        name=run.name,
        task_name=run.task,
        phase=phase_of(run),
        executor=run.executor,
        durability=run.durability,
        source=run.source,
        start_time=_time(run.created),
        end_time=None if run.ended is None else _time(run.ended),
        actions=tuple(action_details(record, run) for record in records if record.kind != "item"),
    )


def action_details(record: ActionRecord, run: RunRecord) -> ActionDetails:
    """One action."""
    return ActionDetails(
        name=show_digest(record.id),
        run_name=run.name,
        parent_name=None if record.parent is None else show_digest(record.parent),
        task_name=record.task,
        kind=record.kind,
        phase=_phase(record, run),
        attempts=0 if record.cached else record.attempts,
        cached=record.cached,
        group=record.group,
        start_time=_time(record.started),
        end_time=None if record.ended is None else _time(record.ended),
        error=_error(record),
        _record=record,
    )


def _phase(record: ActionRecord, run: RunRecord) -> ActionPhase:
    if record.outcome is None:
        # What a run's end left without an outcome was given up.
        left = phase_of(run)
        return ActionPhase.ABORTED if left.is_terminal else left
    return ActionPhase.SUCCEEDED if record.outcome.kind == "value" else ActionPhase.FAILED


def _error(record: ActionRecord) -> str | None:
    if record.outcome is None or record.outcome.kind == "value":
        return None
    error = decode_error(record.outcome.payload)
    return f"{getattr(error, 'code', type(error).__name__)}: {error}"


def _time(seconds: float) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
