"""Messages between a driver's process and its workers."""

from __future__ import annotations

import socket

import pytest

from flyte._workers.wire import (
    Cancel,
    Channel,
    Ended,
    Perform,
    Ready,
    Setup,
    from_worker,
    to_worker,
)

PERFORM = Perform(
    action=b"\0" * 32, fence=7, number=1, retries=b"r" * 70_000, run="night", module="a.b",
    file="/a/b.py", function="f",
)  # fmt: skip
SENT = [
    Setup(store="/s", durability="fast", lock="/s/workers/1.lock"),
    PERFORM,
    Cancel(action=b"a", fence=7),
]


def test_messages_arrive_whole_and_in_order_however_they_are_cut() -> None:
    one, other = socket.socketpair()
    sender, receiver = Channel(one), Channel(other)
    received = []
    for message in SENT:
        for _ in range(2):
            sender.send(message)
            while len(received) < 1:
                received += [to_worker(each) for each in receiver.receive() or ()]
            assert received.pop() == message
    sender.close()
    assert receiver.receive() is None
    receiver.close()


@pytest.mark.parametrize(
    "message",
    [Ready(), Ended(action=b"a", fence=1, kind="unfit", reason="why", cpu=0.5, seconds=1.0)],
)
def test_a_workers_messages_are_read_as_they_were_sent(message: Ready | Ended) -> None:
    one, other = socket.socketpair()
    sender, receiver = Channel(one), Channel(other)
    sender.send(message)
    sender.send(message)
    sender.close()
    received = []
    while (chunk := receiver.receive()) is not None:
        received += [from_worker(each) for each in chunk]
    assert received == [message, message]
    receiver.close()
