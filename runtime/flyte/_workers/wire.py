"""What a driver's process and its workers say to each other, over a socket.

Values never cross here: a worker reads inputs from the journal, and writes what the attempt gave
into it.
"""

from __future__ import annotations

import socket
import struct
import threading
from typing import Literal

import msgspec

_LENGTH = struct.Struct("!I")
_CHUNK = 64 * 1024

GRACE = 2.0
"""Seconds that a cancelled body has to end by itself; then its worker is killed."""


class Setup(msgspec.Struct, tag=True, frozen=True, kw_only=True):
    """First to a worker: which store it serves."""

    store: str
    durability: str
    lock: str
    """The file whose lock it holds as long as it lives."""


class Perform(msgspec.Struct, tag=True, frozen=True, kw_only=True):
    """To a worker: run this attempt."""

    action: bytes
    fence: int
    number: int
    """Of the attempt, from 0."""
    retries: bytes
    """The task's `RetryStrategy`, encoded: whether this attempt's error would be final."""
    run: str
    module: str
    file: str
    function: str


class Cancel(msgspec.Struct, tag=True, frozen=True, kw_only=True):
    """To a worker: stop this attempt, if it still runs."""

    action: bytes
    fence: int


class Ready(msgspec.Struct, tag=True, frozen=True):
    """From a worker: it holds its lock, and may be given attempts."""


EndKind = Literal["recorded", "refused", "stopped", "unfit", "unrecorded"]
"""It stands in the journal; another attempt had replaced it; it was cancelled; the worker can't
run the task; the journal couldn't be written."""


class Ended(msgspec.Struct, tag=True, frozen=True, kw_only=True):
    """From a worker: an attempt is over."""

    action: bytes
    fence: int
    kind: EndKind
    reason: str = ""
    cpu: float = 0.0
    seconds: float = 0.0
    modules: tuple[str, ...] = ()
    """Modules that the body has loaded, and that what it gave needs."""


ToWorker = Setup | Perform | Cancel
FromWorker = Ready | Ended

_TO_WORKER: msgspec.msgpack.Decoder[ToWorker] = msgspec.msgpack.Decoder(ToWorker)
_FROM_WORKER: msgspec.msgpack.Decoder[FromWorker] = msgspec.msgpack.Decoder(FromWorker)


class Channel:
    """Messages over a socket. Any thread may send; one receives."""

    def __init__(self, connection: socket.socket) -> None:
        self.connection = connection
        self._sending = threading.Lock()
        self._received = bytearray()

    def send(self, message: ToWorker | FromWorker) -> None:
        """Send one message.

        Raises:
            OSError: the other side is gone.
        """
        encoded = msgspec.msgpack.encode(message)
        with self._sending:
            self.connection.sendall(_LENGTH.pack(len(encoded)) + encoded)

    def receive(self) -> list[bytes] | None:
        """Wait for messages; None when the other side is gone."""
        try:
            chunk = self.connection.recv(_CHUNK)
        except OSError:
            return None
        if not chunk:
            return None
        self._received += chunk
        return self._complete()

    def close(self) -> None:
        """Close this side."""
        self.connection.close()

    def _complete(self) -> list[bytes]:
        messages: list[bytes] = []
        while len(self._received) >= _LENGTH.size:
            (length,) = _LENGTH.unpack_from(self._received)
            end = _LENGTH.size + length
            if len(self._received) < end:
                break
            messages.append(bytes(self._received[_LENGTH.size : end]))
            del self._received[:end]
        return messages


def to_worker(message: bytes) -> ToWorker:
    """A message as a worker reads it."""
    return _TO_WORKER.decode(message)


def from_worker(message: bytes) -> FromWorker:
    """A message as the driver's process reads it."""
    return _FROM_WORKER.decode(message)
