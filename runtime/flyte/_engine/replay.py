"""The frontier rule: what one driver's recorded past allows now.

A pure state machine, without a loop or a journal. A call with a record waits for its recorded
turn; a call without one is *held* until every recorded delivery has been made and the driver is
quiet (the frontier). If by then every record has been asked for, held calls start. If one has
not, the program takes other decisions than it took, and nothing new may start.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from flyte._engine.calls import Call, Request
from flyte._journal.records import ActionRecord, Delivery, Outcome


@dataclass(frozen=True, slots=True)
class Deliver:
    """Show the driver this outcome now."""

    request: Request
    outcome: Outcome
    replayed: bool
    """Whether the outcome is a record of an earlier process."""
    is_new: bool
    """Whether the order of this delivery is decided now, and so is to be recorded."""


@dataclass(frozen=True, slots=True)
class Start:
    """The past has been retraced: start these calls, in this order."""

    requests: tuple[Request, ...]


class Wait(Enum):
    """Nothing can be done now."""

    IDLE = "nothing is pending"
    STALLED = "a record was not asked for"


Step = Deliver | Start | Wait


class Replay:
    """One driver's way through its recorded past, and the queue of outcomes after it.

    Ordered requests (of coroutines) see outcomes in recorded order; the others (of threads) each
    as soon as it is recorded, since the thread that waits fixes the order.

    A driver that is retried does not retrace what its earlier attempts did: it has the successes
    of these at hand, in whatever order it asks for them.
    """

    def __init__(
        self,
        records: Mapping[bytes, ActionRecord],
        deliveries: tuple[Delivery, ...],
        attempt: int = 0,
    ) -> None:
        self._records = records
        self._attempt = attempt
        self._recorded: deque[Delivery] = deque(deliveries)
        self._has_turn = {delivery.action for delivery in self._recorded}
        self._unasked = dict.fromkeys(
            identity
            for identity, record in records.items()
            if record.driver_attempt == attempt or identity in self._has_turn
        )
        self._waiting: dict[bytes, Request] = {}
        self._abandoned_again: set[bytes] = set()
        self._begun_again: dict[bytes, Outcome | None] = {}
        self._held: list[Request] = []
        self._ready: deque[tuple[Request, Outcome, bool]] = deque()
        self._ready_in_threads: deque[tuple[Request, Outcome, bool]] = deque()
        self.is_over = not self._unasked

    # What happens to the driver ------------------------------------------------------------

    def ask(self, request: Request) -> bool:
        """The driver waits for a call; whether it may begin at once, the past being over."""
        identity = request.call.id
        record = self._records.get(identity)
        if self.is_over:
            return not self._reuse(request, record)
        self._unasked.pop(identity, None)
        if identity in self._has_turn:
            self._waiting[identity] = request
        elif record is not None and record.outcome is not None:
            self._queue(request).append((request, record.outcome, True))
        else:
            self._held.append(request)
        return False

    def _reuse(self, request: Request, record: ActionRecord | None) -> bool:
        """Whether an earlier attempt has a call's outcome; it is delivered in the call's turn."""
        if not self._attempt or record is None or record.outcome is None:
            return False
        self._queue(request).append((request, record.outcome, True))
        return True

    def must_repeat(self, identity: bytes) -> bool:
        """Whether an earlier attempt of the driver made a call and got an error, or nothing."""
        record = self._records.get(identity)
        if record is None or record.driver_attempt >= self._attempt:
            return False
        return record.outcome is None or record.outcome.kind == "error"

    def answer_now(self, call: Call) -> Outcome | None:
        """A record for a call that can't wait for its turn: a synchronous one."""
        self._unasked.pop(call.id, None)
        record = self._records.get(call.id)
        return None if record is None else record.outcome

    def is_known(self, call: Call) -> bool:
        """Whether the call was made before, if with an outcome that was lost since."""
        return call.id in self._records

    def finish(self, request: Request, outcome: Outcome) -> None:
        """A call's attempt ended and its outcome is staged."""
        if request.call.id in self._begun_again:
            self._begun_again[request.call.id] = outcome
            self._waiting[request.call.id] = request
        else:
            self._queue(request).append((request, outcome, False))

    def abandon(self, request: Request) -> bool:
        """The driver cancelled a call; whether that is new, and so to be recorded."""
        identity = request.call.id
        if request in self._held:
            self._held.remove(request)
            return False
        if identity in self._has_turn:
            self._waiting.pop(identity, None)
            self._abandoned_again.add(identity)
            return False
        queue = self._queue(request)
        for entry in [entry for entry in queue if entry[0] is request]:
            queue.remove(entry)
        return True

    # What may be done ------------------------------------------------------------------------

    def step(self) -> Step:
        """What to do now that the driver is quiet."""
        self._skip_abandoned()
        if self._ready_in_threads:
            return Deliver(*self._ready_in_threads.popleft(), is_new=True)
        if self._recorded:
            return self._recorded_step()
        if not self.is_over:
            if self._unasked:
                return Wait.STALLED if self._held or self._ready else Wait.IDLE
            self.is_over = True
        if self._held:
            held, self._held = tuple(self._held), []
            return Start(held)
        if self._ready:
            return Deliver(*self._ready.popleft(), is_new=True)
        return Wait.IDLE

    def unasked(self) -> tuple[ActionRecord, ...]:
        """Records that the driver has not asked for, in recorded order."""
        return tuple(self._records[identity] for identity in self._unasked)

    def held(self) -> tuple[Call, ...]:
        """Calls that have no record and may not start yet."""
        return tuple(request.call for request in self._held)

    def is_retraced(self) -> bool:
        """Whether the driver, having ended, had asked for all that is recorded."""
        self._skip_abandoned()
        return self.is_over or not (self._unasked or self._recorded)

    def _queue(self, request: Request) -> deque[tuple[Request, Outcome, bool]]:
        return self._ready if request.ordered else self._ready_in_threads

    def _recorded_step(self) -> Step:
        entry = self._recorded[0]
        request = self._waiting.get(entry.action)
        if request is None or entry.abandoned:
            return Wait.STALLED if self._waiting or self._held or self._ready else Wait.IDLE
        outcome = self._outcome(entry.action)
        if outcome is None:
            # Its recorded bytes were damaged, so it runs again. It keeps its turn.
            if entry.action in self._begun_again:
                return Wait.IDLE
            self._begun_again[entry.action] = None
            return Start((request,))
        self._recorded.popleft()
        del self._waiting[entry.action]
        replayed = entry.action not in self._begun_again
        return Deliver(request, outcome, replayed=replayed, is_new=False)

    def _outcome(self, identity: bytes) -> Outcome | None:
        record = self._records.get(identity)
        recorded = None if record is None else record.outcome
        return recorded or self._begun_again.get(identity)

    def _skip_abandoned(self) -> None:
        while self._recorded and self._recorded[0].action in self._abandoned_again:
            self._recorded.popleft()
