"""The frontier rule, step by step, without a loop or a journal."""

from __future__ import annotations

from typing import Any

from flyte._engine.calls import Call, Request
from flyte._engine.replay import Deliver, Replay, Start, Wait
from flyte._engine.values import snapshot
from flyte._journal.records import ActionRecord, Delivery, Outcome

INPUTS = snapshot({})


def value(name: str) -> Outcome:
    return Outcome("value", name.encode())


def record(name: str, *, ended: bool = True) -> ActionRecord:
    return ActionRecord(
        id=name.encode(), parent=b"driver", kind="task", task=name, version=None, slot="",
        inputs=b"", group=None, file="", line=0, started=0.0, ended=None, attempts=1,
        cached=False, outcome=value(name) if ended else None,
    )  # fmt: skip


def request(name: str, *, ordered: bool = True) -> Request:
    call = Call(
        id=name.encode(), kind="task", target=None, inputs=INPUTS, group=None, slot="", file="",
        line=0,
    )  # fmt: skip
    return Request(call, lambda _: None, lambda _: None, ordered=ordered)


def replay(*records: ActionRecord, order: str = "", abandoned: str = "") -> Replay:
    deliveries = tuple(Delivery(name.encode(), name in abandoned) for name in order)
    return Replay({entry.id: entry for entry in records}, deliveries)


def delivered(step: Any) -> str:
    assert isinstance(step, Deliver)
    return step.request.call.id.decode()


def test_without_a_past_calls_start_at_once() -> None:
    assert replay().ask(request("a"))


def test_outcomes_are_delivered_in_recorded_order() -> None:
    past = replay(record("a"), record("b"), order="ba")
    assert not past.ask(request("a"))
    assert not past.ask(request("b"))
    assert [delivered(past.step()), delivered(past.step())] == ["b", "a"]
    assert past.step() is Wait.IDLE


def test_a_call_without_a_record_is_held_until_the_frontier() -> None:
    past = replay(record("a"), record("b"), order="ab")
    new = request("new")
    assert not past.ask(new)
    past.ask(request("a"))
    assert delivered(past.step()) == "a"
    assert past.step() is Wait.STALLED
    past.ask(request("b"))
    assert delivered(past.step()) == "b"
    assert past.step() == Start((new,))
    assert past.ask(request("later"))


def test_a_record_that_is_not_asked_for_stalls_what_has_no_turn_of_its_own() -> None:
    past = replay(record("left"), record("right"), order="")
    past.ask(request("right"))
    assert past.step() is Wait.STALLED
    behind = Replay(
        {b"left": record("left"), b"right": record("right")}, (Delivery(b"left", False),)
    )
    behind.ask(request("right"))
    assert behind.step() is Wait.STALLED


def test_a_thread_gets_its_outcome_without_waiting_for_the_coroutines_order() -> None:
    past = replay(record("a"), record("t"), order="a")
    past.ask(request("t", ordered=False))
    assert delivered(past.step()) == "t"


def test_a_call_given_up_before_is_waited_for_until_it_is_given_up_again() -> None:
    past = replay(record("a"), record("slow"), record("b"), order="ab")
    past = Replay(
        {name: record(name.decode()) for name in (b"a", b"slow", b"b")},
        (Delivery(b"a", False), Delivery(b"slow", True), Delivery(b"b", False)),
    )
    slow = request("slow")
    for asked in (request("a"), slow, request("b")):
        past.ask(asked)
    assert delivered(past.step()) == "a"
    assert past.step() is Wait.STALLED
    assert not past.abandon(slow)
    assert delivered(past.step()) == "b"


def test_giving_up_a_call_that_runs_is_to_be_recorded_and_its_outcome_dropped() -> None:
    past = replay()
    running = request("a")
    assert past.ask(running)
    past.finish(running, value("a"))
    assert past.abandon(running)
    assert past.step() is Wait.IDLE


def test_a_damaged_outcome_runs_again_and_keeps_its_turn() -> None:
    past = replay(record("a", ended=False), record("b"), order="ab")
    damaged = request("a")
    past.ask(damaged)
    past.ask(request("b"))
    assert past.step() == Start((damaged,))
    assert past.step() is Wait.IDLE
    past.finish(damaged, value("a"))
    step = past.step()
    assert delivered(step) == "a"
    assert isinstance(step, Deliver)
    assert not step.replayed
    assert not step.is_new
    assert delivered(past.step()) == "b"


def test_a_driver_that_ended_early_has_not_retraced_its_past() -> None:
    past = replay(record("a"), order="a")
    assert not past.is_retraced()
    past.ask(request("a"))
    past.step()
    assert past.is_retraced()
