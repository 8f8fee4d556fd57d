"""Where an attempt runs: the whole policy, of every executor.

`inline` and `thread`: in the driver's process. `process`: every leaf in a worker. `auto`: a task
of an environment with a `ReusePolicy` in that environment's workers; of the others, synchronous
leaves that turn out to compute for `HEAVY_SECONDS` or more in the shared workers, as long as
there is something to be gained: a lone call stays, and all do on one processor. Everything else,
drivers above all, runs in the driver's process, and so does all of a run that is kept in memory.

Of a task that never ran, one attempt is tried first. The others wait until it ends, or until
`LOOK_SECONDS` have shown whether it computes or waits.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, Any, Literal

from flyte._journal.records import RunRecord
from flyte._task import Task
from flyte._workers.attempts import Attempt, Watched, WorkerAttempts
from flyte._workers.costs import Spent, cost_of, judge_running, note_cost
from flyte._workers.fitness import is_fit
from flyte._workers.pool import pool
from flyte._workers.processes import Service, stream_number, surroundings

if TYPE_CHECKING:
    from flyte._engine.retries import Running
    from flyte._engine.run import RunExecution

LOOK_SECONDS = 0.02

Place = Literal["here", "worker", "trial"]


class Placement:
    """That of one run; on the engine's thread."""

    def __init__(self, run: RunExecution, record: RunRecord, *, is_resumed: bool) -> None:
        self._run = run
        self._executor = record.executor
        self._most = record.workers or processors()
        self._trials: dict[Callable[..., Any], _Trial] = {}
        self._own_services: set[Service] = set()
        self._workers: WorkerAttempts | None = None
        self._surroundings = surroundings()
        can_start = run.journal.folder is not None and bool(sys.executable)
        if can_start and record.executor in ("auto", "process"):
            self._workers = WorkerAttempts(run, is_resumed=is_resumed)

    def stays(self, task: Task[..., Any]) -> bool:
        """Whether a task's attempts run in this process, whatever they take: told at once, for
        the many calls that cost little."""
        if self._workers is None:
            return True
        is_free = self._executor == "process" or task.options.reusable is not None
        return task.interface.is_async and not is_free and not self._workers.is_resumed

    def start(self, attempt: Attempt) -> Running:
        """Start an attempt where it belongs."""
        workers, task = self._workers, attempt.call.target
        if workers is None:
            return attempt.here()
        previous = workers.previous(attempt.call)
        if previous is not None and is_fit(task):
            return workers.start(attempt, self._service(task), partial(_note, task))
        if previous is not None:
            workers.fences.revoke(attempt.call.id)
        match self._place(task):
            case "here":
                return attempt.here()
            case "worker":
                return workers.start(attempt, self._service(task), partial(_note, task))
            case "trial":
                return self._try(attempt)

    def is_heavy(self, task: Task[..., Any]) -> bool:
        """Whether calls of a task are such as go to workers by now; on any thread."""
        if self._workers is None or self._most == 1 or task.interface.is_async:
            return False
        cost = cost_of(task.function)
        return cost is not None and cost.is_heavy and is_fit(task)

    def ended_here(self, task: Task[..., Any], spent: Spent | None) -> None:
        """A synchronous body has run on a thread of this process; None where it never began."""
        if self._workers is None:
            return
        if spent is not None:
            note_cost(task.function, spent)
        self._settle(task.function)
        if self.is_heavy(task):
            waiting = pool().take_back(self._service(task))
            if waiting is not None:
                waiting.unfit("")

    def close(self) -> None:
        """The run is over."""
        for service in self._own_services:
            pool().release(service)

    # ---------------------------------------------------------------------------------------------

    def _place(self, task: Task[..., Any]) -> Place:
        if not is_fit(task):
            return "here"
        if self._executor == "process" or task.options.reusable is not None:
            return "worker"
        if task.interface.is_async:
            return "here"
        if task.function in self._trials:
            return "trial"
        cost = cost_of(task.function)
        if cost is None:
            return "trial"
        return "worker" if cost.is_heavy and self._has_company(task) else "here"

    def _has_company(self, task: Task[..., Any]) -> bool:
        assert self._workers is not None
        if self._most == 1:
            return False
        if self._run.attempts.slots.going_on or self._workers.going_on:
            return True
        return pool().is_warm(self._service(task))

    def _try(self, attempt: Attempt) -> Running:
        function = attempt.call.target.function
        trial = self._trials.get(function)
        if trial is None:
            trial = self._trials[function] = _Trial(attempt.here())
            return trial.tried
        if not trial.held:
            self._look_later(function)
        held = _Held(attempt)
        trial.held.append(held)
        return held

    def _look_later(self, function: Callable[..., Any]) -> None:
        # No timer of the loop: that would look like a driver's wait for something not ours.
        timer = threading.Timer(LOOK_SECONDS, self._run.post, (self._look, function))
        timer.daemon = True
        timer.start()

    def _look(self, function: Callable[..., Any]) -> None:
        trial = self._trials.get(function)
        if trial is None or self._run.is_stopped:
            return
        spent = trial.tried.spent()
        if spent is None:
            self._look_later(function)
            return
        judge_running(function, spent)
        self._settle(function)

    def _settle(self, function: Callable[..., Any]) -> None:
        """Start what was held for a trial."""
        trial = self._trials.pop(function, None)
        if trial is None or self._run.is_stopped:
            return
        for held in trial.held:
            held.go(self.start)

    def _service(self, task: Task[..., Any]) -> Service:
        journal, policy = self._run.journal, task.options.reusable
        assert journal.folder is not None
        shared = Service(
            store=journal.folder.resolve(),
            durability=journal.durability.value,
            environment=task.environment.name,
            run=None,
            most=self._most,
            output=stream_number(sys.stdout, 1),
            errors=stream_number(sys.stderr, 2),
            surroundings=self._surroundings,
        )
        if policy is None:
            return shared
        return self._owned(
            replace(
                shared,
                run=self._run.name if policy.scope == "run" else None,
                most=policy.max_replicas,
                fewest=policy.min_replicas,
                concurrency=policy.concurrency,
                idle_seconds=_seconds(policy.idle_ttl),
                is_reserved=True,
            )
        )

    def _owned(self, service: Service) -> Service:
        if service.run is not None:
            self._own_services.add(service)
        return service


class _Trial:
    """The first attempt of a task, and those that wait for what it shows."""

    def __init__(self, tried: Watched) -> None:
        self.tried = tried
        self.held: list[_Held] = []


class _Held:
    """An attempt that waits for a trial."""

    def __init__(self, attempt: Attempt) -> None:
        self._attempt = attempt
        self._started: Running | None = None
        self._is_over = False

    def go(self, start: Callable[[Attempt], Running]) -> None:
        """The wait is over."""
        if not self._is_over:
            self._started = start(self._attempt)

    def cancel(self) -> None:
        """Give it up."""
        self._is_over = True
        if self._started is not None:
            self._started.cancel()

    def interrupt(self) -> None:
        """Stop it."""
        self._is_over = True
        if self._started is not None:
            self._started.interrupt()


def _note(task: Task[..., Any], cpu: float, seconds: float) -> None:
    if not task.interface.is_async:
        note_cost(task.function, Spent(cpu, seconds))


def _seconds(time: timedelta | int) -> float:
    return time.total_seconds() if isinstance(time, timedelta) else float(time)


def processors() -> int:
    """How many this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1
