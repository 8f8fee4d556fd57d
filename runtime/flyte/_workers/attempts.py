"""One attempt in a worker, as its run sees it: started, adopted, lost, cancelled.

The start is durable before the worker is told; the end is read from the journal after the worker
has told, or is gone. A worker that is gone without a record has *lost* the attempt: another one
starts under a new fence, a few times, whatever the task's own `retries` say.
"""

from __future__ import annotations

import contextlib
import importlib
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Protocol

from flyte._engine.calls import Call
from flyte._engine.failure import encode_error
from flyte._engine.values import encode_value
from flyte._journal.fences import Ending, StartRecord
from flyte._journal.lease import is_held, wait_until_free
from flyte._journal.records import FailedAttempt, Outcome
from flyte._workers.costs import Spent
from flyte._workers.fitness import declare_unfit
from flyte._workers.pool import pool
from flyte._workers.processes import Death, Service, WorkerProcess, kill_session
from flyte._workers.wire import GRACE, Cancel, Ended, Perform
from flyte.errors import OOMError, RuntimeSystemError

if TYPE_CHECKING:
    from flyte._engine.retries import Running
    from flyte._engine.run import RunExecution

SYSTEM_RETRIES = 3
"""How often a lost attempt is started again."""

Noted = Callable[[float, float], None]
"""Told what an attempt took in a worker: processor time, and time."""


class Watched(Protocol):
    """An attempt that runs in this process."""

    def cancel(self) -> None:
        """The driver gave it up."""

    def interrupt(self) -> None:
        """It took too long: stop it."""

    def spent(self) -> Spent | None:
        """What it has taken so far; None where it hasn't begun, or that can't be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt of a call, and whom to tell of it; all on the engine's thread."""

    call: Call
    number: int
    on_end: Callable[[Outcome], None]
    on_start: Callable[[], None] | None
    on_failed: Callable[[FailedAttempt], None] | None
    """Told of a failure that another attempt follows, where a worker has recorded that."""
    here: Callable[[], Watched]
    """Run it in this process."""


class WorkerAttempts:
    """Those of one run."""

    def __init__(self, run: RunExecution, *, is_resumed: bool) -> None:
        self.run = run
        self.fences = run.journal.fences
        self.is_resumed = is_resumed
        self.going_on = 0
        """How many are with a worker, or wait for one."""
        self._unsent: list[WorkerAttempt] = []

    def previous(self, call: Call) -> StartRecord | None:
        """An attempt in a worker of an earlier process of this run."""
        return self.fences.start_of(call.id) if self.is_resumed else None

    def start(self, attempt: Attempt, service: Service, noted: Noted) -> Running:
        """Run an attempt in a worker; or wait for the one that an earlier process has started."""
        started = WorkerAttempt(self, attempt, service, noted)
        started.begin()
        return started

    def send_soon(self, attempt: WorkerAttempt) -> None:
        """Record its start with all others of this turn, then tell its worker."""
        if not self._unsent:
            self.run.engine.loop.call_soon(self.run.guard, self._send)
        self._unsent.append(attempt)

    def _send(self) -> None:
        unsent, self._unsent = self._unsent, []
        wanted = [attempt for attempt in unsent if attempt.stage()]
        if self.run.is_stopped:
            return
        self.run.journal.commit()
        for attempt in wanted:
            attempt.send()


class WorkerAttempt:
    """See the module's docstring. A pool's `Job`, and the engine's `Running`."""

    def __init__(
        self, owner: WorkerAttempts, attempt: Attempt, service: Service, noted: Noted
    ) -> None:
        self.service = service
        self._owner = owner
        self._run = owner.run
        self._attempt = attempt
        self._noted = noted
        self._id = attempt.call.id
        self._fence = 0
        self._lost = 0
        self._worker: WorkerProcess | None = None
        self._adopted: StartRecord | None = None
        self._here: Running | None = None
        self._is_over = False

    def begin(self) -> None:
        """Take up what an earlier attempt left, or wait for a worker."""
        self._owner.going_on += 1
        previous = self._owner.fences.start_of(self._id)
        if previous is not None:
            self._fence = previous.fence
            if previous.number == self._attempt.number:
                self._lost = previous.lost
                if self._owner.is_resumed:
                    self._take_up(previous)
                    return
        self._submit()

    # A pool's job ------------------------------------------------------------------------------

    def assign(self, worker: WorkerProcess) -> int:
        """The worker that will run it."""
        self._worker = worker
        self._fence += 1
        self._owner.send_soon(self)
        return self._fence

    def stage(self) -> bool:
        """Stage that it starts; whether it still is to."""
        worker = self._worker
        if worker is None:
            return False
        if self._is_over or self._run.is_stopped:
            pool().free(worker, self._id, self._fence)
            return False
        self._run.journal.stage_start(
            StartRecord(
                action=self._id, fence=self._fence, number=self._attempt.number,
                lost=self._lost, worker=worker.name, pid=worker.pid, started=time.time(),
            )
        )  # fmt: skip
        return True

    def send(self) -> None:
        """Tell the worker."""
        assert self._worker is not None
        task = self._attempt.call.target
        self._worker.send(
            Perform(
                action=self._id, fence=self._fence, number=self._attempt.number,
                retries=encode_value(task.options.retries), run=self._run.name,
                module=task.module, file=str(task.source_file), function=task.qualified_name,
            )
        )  # fmt: skip
        if self._attempt.on_start is not None:
            self._attempt.on_start()

    def ended(self, ended: Ended) -> None:
        """The worker told how it ended."""
        self._worker = None
        if not self._is_over:
            self._guarded(self._look, ended)

    def lost(self, death: Death) -> None:
        """The worker is gone."""
        self._worker = None
        if not self._is_over:
            self._guarded(self._mourn, death)

    def unfit(self, reason: str) -> None:
        """Run it in this process, as a worker can't."""
        if not self._is_over:
            self._guarded(self.move_here, reason)

    def move_here(self, reason: str = "") -> None:
        """Run it in this process."""
        call = self._attempt.call
        if reason and declare_unfit(call.target):
            self._run.warn(call.id, call.name, f"it runs in the driver's process: {reason}")
        self._owner.fences.revoke(self._id)
        self._owner.going_on -= 1
        self._here = self._attempt.here()

    # The engine's --------------------------------------------------------------------------------

    def cancel(self) -> None:
        """The driver gave it up: what it may still give is refused."""
        if self._here is not None:
            self._here.cancel()
        elif not self._is_over:
            self._close()
            self._owner.fences.revoke(self._id)
            self._stop()

    def interrupt(self) -> None:
        """It took too long. If it has ended all the same, and nobody was told yet, that counts."""
        if self._here is not None:
            self._here.interrupt()
            return
        if self._is_over:
            return
        self._owner.fences.revoke(self._id)
        ending = self._ending()
        if ending is not None:
            self._finish(ending)
            return
        self._close()
        self._stop()

    # ---------------------------------------------------------------------------------------------

    def _guarded(self, function: Callable[..., None], *arguments: object) -> None:
        if not self._run.is_stopped:
            self._run.guard(partial(function, *arguments))

    def _submit(self) -> None:
        pool().submit(self._id, self)

    def _take_up(self, previous: StartRecord) -> None:
        ending = self._ending()
        lock = self._run.journal.worker_lock(previous.worker)
        if ending is not None:
            self._finish(ending)
        elif lock is not None and is_held(lock):
            self._adopted = previous
            call = self._attempt.call
            self._run.warn(call.id, call.name, "a worker still runs it: its result is waited for")
            if self._attempt.on_start is not None:
                self._attempt.on_start()
            released = partial(self._run.post, self._released)
            threading.Thread(target=wait_until_free, args=(lock, released), daemon=True).start()
        else:
            self._start_again(Death(-9, for_memory=False))

    def _released(self) -> None:
        """The worker of an adopted attempt has ended, as it does once it is done."""
        self._adopted = None
        if not self._is_over:
            self._mourn(Death(-9, for_memory=False))

    def _look(self, ended: Ended) -> None:
        match ended.kind:
            case "recorded" | "refused" | "stopped":
                ending = self._ending()
                if ending is None:  # it was replaced, and not by us
                    self._start_again(Death(0, for_memory=False))
                else:
                    self._noted(ended.cpu, ended.seconds)
                    _load(ended.modules)
                    self._finish(ending)
            case "unfit":
                self.move_here(ended.reason)
            case "unrecorded":
                error = RuntimeSystemError("StoreError", ended.reason)
                self._run.stop(error)

    def _mourn(self, death: Death) -> None:
        ending = self._ending()
        if ending is not None:
            self._finish(ending)
        else:
            self._start_again(death)

    def _start_again(self, death: Death) -> None:
        self._lost += 1
        error = loss(death, self._lost)
        if error is not None:
            self._owner.fences.revoke(self._id)
            self._finish(Ending(outcome=Outcome("error", encode_error(error))))
            return
        call = self._attempt.call
        self._run.warn(call.id, call.name, f"its worker ended without a result ({death}); again")
        self._submit()

    def _ending(self) -> Ending | None:
        return self._owner.fences.ending_of(self._id, self._attempt.number)

    def _finish(self, ending: Ending) -> None:
        self._close()
        if ending.outcome is not None:
            self._attempt.on_end(ending.outcome)
        elif ending.failed is not None and self._attempt.on_failed is not None:
            self._attempt.on_failed(ending.failed)

    def _close(self) -> None:
        self._is_over = True
        self._owner.going_on -= 1

    def _stop(self) -> None:
        """Ask the body to stop, and end its worker if it doesn't."""
        adopted, worker = self._adopted, self._worker
        if adopted is not None:
            lock = self._run.journal.worker_lock(adopted.worker)
            if lock is not None and is_held(lock):  # else the number may be another process's
                kill_session(adopted.pid)
        elif worker is None:
            pool().withdraw(self._id, self)
        else:
            worker.send(Cancel(action=self._id, fence=self._fence))
            pool().kill_later(worker, self._id, self._fence, GRACE)


def loss(death: Death, lost: int) -> BaseException | None:
    """What an attempt gives that its worker's death has ended for the `lost`th time; None where
    another follows."""
    if death.for_memory:
        return OOMError(f"memory ran out: its worker was killed ({death})")
    if lost > SYSTEM_RETRIES:
        return RuntimeSystemError(
            "WorkerLost", f"its worker ended {lost} times without a result: {death}"
        )
    return None


def _load(modules: tuple[str, ...]) -> None:
    """Load what a body has loaded, as it would have in this process."""
    for name in modules:
        with contextlib.suppress(Exception):  # then reading the value says what is missing
            importlib.import_module(name)
