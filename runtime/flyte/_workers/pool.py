"""The pool: attempts that wait for a worker, and workers that wait for attempts.

One a process, on the engine's thread. A worker gets nothing before it has said that it is ready:
by then it holds its lock, so an attempt that is recorded as started in it can be adopted.
"""

from __future__ import annotations

import atexit
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import Protocol

from flyte._engine.engine import engine
from flyte._workers.processes import Death, Processes, Service, WorkerProcess
from flyte._workers.wire import Ended, FromWorker, Ready

_BOOTS_TRIED = 2
"""Workers of a service that may end before they are ready, in a row; then none is."""


class Job(Protocol):
    """An attempt that is to run in a worker."""

    @property
    def service(self) -> Service:
        """Whose workers can run it."""

    def assign(self, worker: WorkerProcess) -> int:
        """That worker has room, and is yours; the fence under which it will know you."""

    def ended(self, ended: Ended) -> None:
        """The worker has told how it ended."""

    def lost(self, death: Death) -> None:
        """The worker ended without telling."""

    def unfit(self, reason: str) -> None:
        """No worker can be had."""


class Pool:
    """See the module's docstring."""

    def __init__(self, post: Callable[..., None]) -> None:
        self._queues: dict[Service, deque[tuple[bytes, Job]]] = {}
        self._workers: dict[Service, list[WorkerProcess]] = {}
        self._failed_boots: dict[Service, int] = {}
        self._has_timed = False
        self._doomed: set[tuple[WorkerProcess, tuple[bytes, int]]] = set()
        self._post = post
        atexit.register(self._kill_doomed)
        self._processes = Processes(
            on_message=lambda worker, message: post(self._heard, worker, message),
            on_death=lambda worker, death: post(self._died, worker, death),
            on_tick=lambda: post(self._retire_idle) if self._has_timed else None,
        )

    def submit(self, action: bytes, job: Job) -> None:
        """Have a job run as soon as a worker has room."""
        self._has_timed = self._has_timed or job.service.idle_seconds is not None
        self._queues.setdefault(job.service, deque()).append((action, job))
        self._fill()

    def withdraw(self, action: bytes, job: Job) -> None:
        """Forget a job that waits."""
        queue = self._queues.get(job.service)
        if queue is not None and (action, job) in queue:
            queue.remove((action, job))

    def free(self, worker: WorkerProcess, action: bytes, fence: int) -> None:
        """A worker won't be told of a job that it was assigned."""
        worker.jobs.pop((action, fence), None)
        self._fill()

    def kill_later(self, worker: WorkerProcess, action: bytes, fence: int, seconds: float) -> None:
        """Kill a worker that by then still runs that attempt, or when this process ends."""
        doomed = worker, (action, fence)
        self._doomed.add(doomed)

        def kill() -> None:
            self._doomed.discard(doomed)
            if (action, fence) in worker.jobs:
                worker.kill()

        timer = threading.Timer(seconds, self._post, (kill,))
        timer.daemon = True
        timer.start()

    def take_back(self, service: Service) -> Job | None:
        """A job that waits while no worker is ready yet, to be run elsewhere."""
        queue = self._queues.get(service)
        if not queue or any(worker.is_ready for worker in self._workers.get(service, ())):
            return None
        return queue.popleft()[1]

    def warm(self, service: Service, count: int) -> None:
        """Start workers that will be needed soon."""
        there = self._workers.get(service, [])
        for _ in range(min(count, service.most) - len(there)):
            if not self._make_room(service):
                return
            self._start(service)

    def is_warm(self, service: Service) -> bool:
        """Whether there is a worker."""
        return bool(self._workers.get(service))

    def release(self, service: Service) -> None:
        """The run for which alone these workers were is over."""
        for worker in self._workers.pop(service, ()):
            worker.retire()

    # ---------------------------------------------------------------------------------------------

    def _kill_doomed(self) -> None:
        for worker, attempt in tuple(self._doomed):
            if attempt in worker.jobs:
                worker.kill()

    def _fill(self) -> None:
        for service, queue in tuple(self._queues.items()):
            for worker in tuple(self._workers.get(service, ())):
                while queue and worker.has_room:
                    action, job = queue.popleft()
                    worker.jobs[action, job.assign(worker)] = job
            if queue:
                self._grow(service, len(queue))
            else:
                del self._queues[service]

    def _grow(self, service: Service, waiting: int) -> None:
        there = self._workers.get(service, [])
        booting = sum(not worker.is_ready for worker in there)
        wanted = -(-waiting // service.concurrency) - booting
        for _ in range(min(wanted, service.most - len(there))):
            if not self._make_room(service):
                return
            self._start(service)

    def _start(self, service: Service) -> None:
        self._workers.setdefault(service, []).append(self._processes.start(service))

    def _make_room(self, service: Service) -> bool:
        """Whether another worker may start; an idle one of others ends for it."""
        if service.is_reserved:
            return True
        shared = [worker for worker in self._all() if not worker.service.is_reserved]
        if len(shared) < service.most:
            return True
        for worker in shared:
            is_idle = worker.is_ready and not worker.jobs
            if worker.service != service and is_idle and worker.service not in self._queues:
                self._drop(worker)
                return True
        return False

    def _heard(self, worker: WorkerProcess, message: FromWorker) -> None:
        match message:
            case Ready():
                worker.is_ready = True
                worker.idle_since = time.monotonic()
                self._failed_boots.pop(worker.service, None)
            case Ended():
                job = worker.jobs.pop((message.action, message.fence), None)
                worker.idle_since = time.monotonic()
                if job is not None:
                    job.ended(message)
        self._fill()

    def _died(self, worker: WorkerProcess, death: Death) -> None:
        self._forget(worker)
        jobs, worker.jobs = tuple(worker.jobs.values()), {}
        if not worker.is_ready and not worker.is_ended:
            self._count_failed_boot(worker.service, death)
        for job in jobs:
            job.lost(death)
        self._fill()

    def _count_failed_boot(self, service: Service, death: Death) -> None:
        count = self._failed_boots.get(service, 0) + 1
        self._failed_boots[service] = count
        if count >= _BOOTS_TRIED:
            for _, job in self._queues.pop(service, ()):
                job.unfit(f"no worker can be started: {death}")

    def _retire_idle(self) -> None:
        now = time.monotonic()
        for service, workers in tuple(self._workers.items()):
            idle = [worker for worker in workers if worker.is_ready and not worker.jobs]
            for worker in idle[: max(0, len(workers) - service.fewest)]:
                limit = service.idle_seconds
                if limit is not None and now - worker.idle_since > limit:
                    self._drop(worker)

    def _drop(self, worker: WorkerProcess) -> None:
        worker.retire()
        self._forget(worker)

    def _forget(self, worker: WorkerProcess) -> None:
        workers = self._workers.get(worker.service, [])
        if worker in workers:
            workers.remove(worker)
        if not workers:
            self._workers.pop(worker.service, None)

    def _all(self) -> Iterator[WorkerProcess]:
        for workers in self._workers.values():
            yield from workers


@lru_cache(maxsize=1)
def pool() -> Pool:
    """This process's pool, made at first use."""
    return Pool(engine().post)
