"""Worker processes, as the driver's process has them: started, listened to, seen to end.

One thread does all of that, away from the engine's loop. Each worker is a fresh interpreter in a
session of its own, so that a Ctrl-C meant for the driver doesn't reach it; it has the driver's
standard output and error.
"""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import selectors
import signal
import socket
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from flyte._workers.memory import memory_kills
from flyte._workers.wire import Channel, FromWorker, Setup, ToWorker, from_worker

if TYPE_CHECKING:
    from flyte._workers.pool import Job

_PROGRAM = (
    "import json, sys; sys.path[:] = json.loads(sys.argv.pop()); "
    "from flyte._workers.main import main; main()"
)
_TO_END = 5.0
"""Seconds from a worker's last word to its end; then it is killed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """Whom workers serve. Those of one service are alike, and share their globals' history."""

    store: Path
    durability: str
    environment: str
    run: str | None
    """Of workers for one run alone."""
    most: int
    concurrency: int = 1
    idle_seconds: float | None = None
    """After which an idle one ends; None for when the driver's process ends."""
    fewest: int = 0
    """So many stay, idle or not."""
    is_reserved: bool = False
    """Whether they were asked for by a `ReusePolicy`, and count apart from `--workers`."""
    output: int = 1
    errors: int = 2
    surroundings: int = 0
    """What else a process gets when it starts, digested: a driver that has changed its working
    folder or its variables since needs other workers."""


@dataclass(frozen=True, slots=True)
class Death:
    """How a worker ended."""

    code: int
    """Its exit code; negative for a signal."""
    for_memory: bool

    def __str__(self) -> str:
        if self.code >= 0:
            return f"exit code {self.code}"
        try:
            return signal.Signals(-self.code).name
        except ValueError:
            return f"signal {-self.code}"


class WorkerProcess:
    """One worker. On the engine's thread, except where said otherwise."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.name = secrets.token_hex(8)
        self.is_ready = False
        self.is_ended = False
        self.is_killed = False
        """Whether we killed it."""
        self.jobs: dict[tuple[bytes, int], Job] = {}
        """What it was given, by action and fence."""
        self.idle_since = 0.0
        self.process: subprocess.Popen[bytes] | None = None
        self._memory_kills = memory_kills()
        ours, self._theirs = socket.socketpair()
        self.channel = Channel(ours)

    @property
    def has_room(self) -> bool:
        """Whether it can be given another attempt."""
        is_there = self.is_ready and not self.is_ended
        return is_there and len(self.jobs) < self.service.concurrency

    @property
    def pid(self) -> int:
        """Of its process, and of its session."""
        assert self.process is not None
        return self.process.pid

    @property
    def lock(self) -> Path:
        """The file that it locks as long as it lives."""
        return self.service.store / "workers" / f"{self.name}.lock"

    def spawn(self) -> None:
        """Start its process; on any thread."""
        socket_number = self._theirs.fileno()
        arguments = [sys.executable, "-c", _PROGRAM, str(socket_number)]
        arguments.append(json.dumps([str(each) for each in sys.path]))
        self.process = subprocess.Popen(
            arguments,
            stdin=subprocess.DEVNULL,
            stdout=self.service.output,
            stderr=self.service.errors,
            pass_fds=(socket_number,),
            start_new_session=True,
        )
        self._theirs.close()
        self.send(
            Setup(
                store=str(self.service.store),
                durability=self.service.durability,
                lock=str(self.lock),
            )
        )

    def send(self, message: ToWorker) -> None:
        """Tell it something; a worker that is gone is noticed elsewhere."""
        with contextlib.suppress(OSError):
            self.channel.send(message)

    def retire(self) -> None:
        """Let it end once it has nothing to do."""
        self.is_ended = True
        with contextlib.suppress(OSError):
            self.channel.connection.shutdown(socket.SHUT_WR)

    def kill(self) -> None:
        """End it now."""
        self.is_killed = True
        if self.process is not None and self.process.poll() is None:
            kill_session(self.process.pid)

    def death(self) -> Death:
        """Wait for its end, which is near; on the listening thread."""
        self.channel.close()
        if self.process is None:
            return Death(1, for_memory=False)
        try:
            code = self.process.wait(_TO_END)
        except subprocess.TimeoutExpired:
            kill_session(self.process.pid)
            code = self.process.wait()
        self.lock.unlink(missing_ok=True)  # a killed one leaves it
        is_for_memory = (
            code == -signal.SIGKILL and not self.is_killed and memory_kills() > self._memory_kills
        )
        return Death(code, is_for_memory)


class Processes:
    """All workers of this process, and the thread that listens to them."""

    def __init__(
        self,
        on_message: Callable[[WorkerProcess, FromWorker], None],
        on_death: Callable[[WorkerProcess, Death], None],
        on_tick: Callable[[], None],
    ) -> None:
        self._on_message = on_message
        self._on_death = on_death
        self._on_tick = on_tick
        self._selector = selectors.DefaultSelector()
        self._new: deque[WorkerProcess] = deque()
        self._listening: set[WorkerProcess] = set()
        wake, self._wake = socket.socketpair()
        self._selector.register(wake, selectors.EVENT_READ, None)
        # In a forked child they would keep workers alive that nobody talks to.
        os.register_at_fork(after_in_child=self._forget_all)
        threading.Thread(target=self._listen, name="flyte-workers", daemon=True).start()

    def start(self, service: Service) -> WorkerProcess:
        """A new worker, which will say when it is ready."""
        worker = WorkerProcess(service)
        self._new.append(worker)
        self._wake.send(b"\0")
        return worker

    def _listen(self) -> None:
        while True:
            for key, _ in self._selector.select(5.0):
                if key.data is None:
                    key.fileobj.recv(4096)  # type: ignore[union-attr]  # it is our socket
                else:
                    self._hear(key.data)
            while self._new:
                self._spawn(self._new.popleft())
            self._on_tick()

    def _spawn(self, worker: WorkerProcess) -> None:
        try:
            worker.spawn()
        except OSError:
            self._on_death(worker, Death(1, for_memory=False))
            return
        self._listening.add(worker)
        self._selector.register(worker.channel.connection, selectors.EVENT_READ, worker)

    def _hear(self, worker: WorkerProcess) -> None:
        messages = worker.channel.receive()
        if messages is not None:
            for message in messages:
                self._on_message(worker, from_worker(message))
            return
        self._selector.unregister(worker.channel.connection)
        self._listening.discard(worker)
        self._on_death(worker, worker.death())

    def _forget_all(self) -> None:
        for worker in self._listening:
            worker.channel.close()


def kill_session(pid: int) -> None:
    """Kill a worker and what it has started in its session."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(pid, signal.SIGKILL)


def surroundings() -> int:
    """A digest of what a worker takes over from this process, for this process alone."""
    return hash((str(Path.cwd()), frozenset(os.environ.items()), tuple(map(str, sys.path))))


def stream_number(stream: IO[str], otherwise: int) -> int:
    """Where a worker's output goes: where the driver's goes now, if that is a file."""
    try:
        return stream.fileno()
    except (AttributeError, OSError, ValueError):
        return otherwise
