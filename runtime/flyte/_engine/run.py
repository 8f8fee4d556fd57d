"""One run on the engine: its journal, its recorded past, its actions."""

from __future__ import annotations

import contextvars
import logging
import time
from collections.abc import Callable, Mapping
from concurrent.futures import Future as ThreadFuture
from typing import TypeVarTuple

from flyte._engine.action import Action
from flyte._engine.attempts import Attempts
from flyte._engine.calls import Call
from flyte._engine.compiled import CompiledGraph
from flyte._engine.divergence import divergence
from flyte._engine.engine import Engine
from flyte._engine.events import Counts, Event, EventKind, Listener
from flyte._engine.failure import decode_error
from flyte._engine.flights import Flights
from flyte._engine.loop import Quiet
from flyte._engine.plans import PlannedProgram
from flyte._engine.replay import Replay
from flyte._engine.reuse import Reuse
from flyte._engine.stop import RunStopped
from flyte._engine.versions import version_of
from flyte._journal import History, Store, StoreError
from flyte._journal.records import ActionRecord, FailedAttempt, Outcome, RunRecord
from flyte.errors import RuntimeSystemError
from flyte_plan.identity import attempt_id

Ts = TypeVarTuple("Ts")


class RunExecution:
    """A run that goes on in this process.

    `result` gets the root's outcome, or the error that stopped the run: then nothing more was
    recorded, and the run can be resumed.
    """

    def __init__(
        self,
        engine: Engine,
        journal: Store,
        record: RunRecord,
        history: History,
        *,
        program: PlannedProgram | None,
        listener: Listener | None,
    ) -> None:
        self.engine = engine
        self.journal = journal
        self.name = record.name
        self.program = program
        self.counts = Counts()
        self.result: ThreadFuture[Outcome] = ThreadFuture()
        self.waiting_threads: set[ThreadFuture[Outcome | None]] = set()
        self.base_context = contextvars.Context()
        self.is_stopped = False
        self.reuse = Reuse(journal)
        self.flights = Flights()
        self.attempts = Attempts(self, record, is_resumed=bool(history.actions))
        self._listener = listener
        self._history = history
        self._children = _by_parent(history.actions)
        self._attending: dict[Action, None] = {}

    # Driving -----------------------------------------------------------------------------------

    def post(self, function: Callable[[*Ts], object], *arguments: *Ts) -> None:
        """Call `function` on the engine's thread, soon."""
        self.engine.post(self.guard, function, *arguments)

    def begin(self, root: Call) -> None:
        """Start the root action; on the engine's thread."""
        self.engine.add(self)
        recorded = self._history.actions.get(root.id)
        if recorded is not None and recorded.outcome is not None:
            self._finish(recorded.outcome)
            return
        self.record_intent(None, root)
        kept = self.reuse.lookup(root)
        if kept is not None:
            self._root_ended(root, kept, cached=True)
            return
        self.attempts.start(root, lambda outcome: self._root_ended(root, outcome, cached=False))

    def stop(self, error: BaseException) -> None:
        """End the run without recording anything more; on the engine's thread."""
        if self.is_stopped or self.result.done():
            return
        self.is_stopped = True
        self.engine.remove(self)
        self.attempts.cancel_all()
        for future in tuple(self.waiting_threads):
            if not future.done():
                future.set_exception(RunStopped())
        self.result.set_exception(error)

    def diverge(self, action: Action, call: Call | None) -> None:
        """Stop: the program doesn't retrace its recorded past."""
        self.stop(divergence(self.name, action.name, action.replay, call))

    def fail(self, error: Exception) -> None:
        """Stop because recording failed; on any thread."""
        self.post(self.stop, error if isinstance(error, StoreError) else _own_mistake(error))

    def on_quiet(self, quiet: Quiet) -> bool:
        """Commit what is staged, then let each waiting driver make one step."""
        progress = False
        try:
            self.journal.commit_records()
            for action in tuple(self._attending):
                progress |= action.advance(quiet)
        except Exception as error:
            self.stop(error if isinstance(error, StoreError) else _own_mistake(error))
            return True
        return progress

    def attend(self, action: Action) -> None:
        """Offer `action` the next quiet moments."""
        self._attending[action] = None

    def ignore(self, action: Action) -> None:
        """Nothing can happen to `action` until it asks for something."""
        self._attending.pop(action, None)

    def guard(self, function: Callable[[*Ts], object], *arguments: *Ts) -> None:
        """Call `function` on the engine's thread; if it fails, stop the run instead of hanging."""
        try:
            function(*arguments)
        except Exception as error:
            self.stop(error if isinstance(error, StoreError) else _own_mistake(error))

    def warn(self, action: bytes, task: str, message: str) -> None:
        """Tell the listener, or the log where there is none; on any thread."""
        if self._listener is None:
            logging.getLogger("flyte").warning("%s: %s", task, message)
        else:
            self._listener(Event(kind="warning", action=action, task=task, message=message))

    def graph_of(self, call: Call) -> CompiledGraph | None:
        """The graph that a call's body runs by; None where it runs as Python."""
        return None if self.program is None else self.program.graph_of(call.target)

    # Recording ---------------------------------------------------------------------------------

    def replay_of(self, driver: bytes, attempt: int) -> tuple[Replay, int]:
        """A driver's recorded past, and the number of its attempt's next delivery."""
        if attempt:
            self.journal.commit()
            calls = {each.id: each for each in self.journal.calls_of(self.name, driver)}
            turns = self.journal.deliveries_of(attempt_id(driver, attempt))
            return Replay(calls, turns, attempt), len(turns)
        deliveries = self._history.deliveries.get(driver, ())
        records = self._children.get(driver, {})
        return Replay(records, deliveries), len(deliveries)

    def record_intent(self, parent: bytes | None, call: Call) -> None:
        """Stage that a call was made. An item is its generator's, whichever driver reads it."""
        version = version_of(call.target) if call.kind == "task" else None
        self.journal.stage_action(
            self.name,
            ActionRecord(
                id=call.id, parent=call.generator or parent, kind=call.kind, task=call.name,
                version=version, slot=call.slot, inputs=call.inputs.stored, group=call.group,
                file=call.file, line=call.line, started=time.time(), ended=None, attempts=1,
                cached=False, outcome=None, driver_attempt=call.attempt,
            ),
        )  # fmt: skip
        self._tell("started", call, parent=parent)

    def failed_attempts(self, action: bytes) -> tuple[FailedAttempt, ...]:
        """The attempts of an action that were recorded as failed before this process."""
        return self._history.failed.get(action, ())

    def first_started(self, action: bytes) -> float:
        """When an action was first begun: seconds since the epoch."""
        record = self._history.actions.get(action)
        return time.time() if record is None else record.started

    def record_failed_attempt(self, call: Call, failed: FailedAttempt) -> None:
        """Stage that an attempt failed and another one follows."""
        self.journal.stage_failed_attempt(failed)
        error = decode_error(failed.error)
        reason = f"`{getattr(error, 'code', type(error).__name__)}: {error}`"
        self._tell("retried", call, f"attempt {failed.number + 1} failed: {reason}")

    def record_outcome(self, call: Call, outcome: Outcome, *, cached: bool) -> None:
        """Stage a call's one outcome."""
        self.journal.stage_outcome(call.id, outcome, cached=cached)
        if call.kind == "item":
            return
        if cached:
            self.counts.cached += 1
            self._tell("cached", call)
            return
        self.counts.executed += 1
        self.reuse.keep(call, outcome)
        if outcome.kind == "error":
            self.counts.failed += 1
        self._tell("failed" if outcome.kind == "error" else "succeeded", call)

    def count_replayed(self, call: Call) -> None:
        """A driver was given a record."""
        if call.kind == "item":
            return
        self.counts.replayed += 1
        self._warn_if_changed(call, version_of(call.target) if call.kind == "task" else None)
        self._tell("replayed", call)

    # ---------------------------------------------------------------------------------------------

    def _root_ended(self, root: Call, outcome: Outcome, *, cached: bool) -> None:
        if self.is_stopped:
            return
        self.record_outcome(root, outcome, cached=cached)
        self.journal.commit()
        self._finish(outcome)

    def _finish(self, outcome: Outcome) -> None:
        self.engine.remove(self)
        self.attempts.placement.close()
        self.result.set_result(outcome)

    def _warn_if_changed(self, call: Call, version: bytes | None) -> None:
        recorded = self._history.actions.get(call.id)
        if recorded is None or recorded.outcome is None or recorded.version == version:
            return
        self.warn(call.id, call.name, "it has changed since it ran; its recorded outcome is used")

    def _tell(
        self, kind: EventKind, call: Call, message: str = "", parent: bytes | None = None
    ) -> None:
        if self._listener is not None and call.kind != "item":
            event = Event(kind=kind, action=call.id, task=call.name, parent=parent, message=message)
            self._listener(event)


def _own_mistake(error: Exception) -> RuntimeSystemError:
    wrapped = RuntimeSystemError(f"the engine failed, which is our mistake: {error!r}")
    wrapped.__cause__ = error
    return wrapped


def _by_parent(
    actions: Mapping[bytes, ActionRecord],
) -> dict[bytes, dict[bytes, ActionRecord]]:
    """Each driver's records: its calls, and the items of the traced generators among these."""
    children: dict[bytes, dict[bytes, ActionRecord]] = {}
    for record in actions.values():
        parent = actions.get(record.parent) if record.parent is not None else None
        driver = parent.parent if record.kind == "item" and parent is not None else record.parent
        if driver is not None:
            children.setdefault(driver, {})[record.id] = record
    return children
