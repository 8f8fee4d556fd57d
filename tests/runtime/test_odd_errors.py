"""Errors that are hard to record, to raise again, or to survive."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

import flyte
from flyte import errors

env = flyte.TaskEnvironment("odd")


class OwnBaseError(BaseException):
    pass


class NeedsKeywordError(Exception):
    def __init__(self, first: int, *, second: int) -> None:
        super().__init__(first)
        self.second = second


class SilentError(Exception):
    def __str__(self) -> str:
        raise RuntimeError("no text")


MADE: dict[str, Callable[[], BaseException]] = {
    "own base": lambda: OwnBaseError("x"),
    "keyword": lambda: NeedsKeywordError(1, second=2),
    "no text": SilentError,
    "no encoding": lambda: ValueError(threading.Lock()),
    "interrupt": KeyboardInterrupt,
    "exit": lambda: SystemExit(4),
    "group": lambda: ExceptionGroup("g", [ValueError(1), KeyError("k")]),
    "base group": lambda: BaseExceptionGroup("g", [KeyboardInterrupt()]),
    "cancelled": lambda: asyncio.CancelledError("c"),
    "bytes": lambda: UnicodeDecodeError("utf8", b"x", 0, 1, "reason"),
    "file": lambda: FileNotFoundError(2, "none", "name"),
    "generator exit": GeneratorExit,
}


@env.task
async def raises(kind: str) -> None:
    raise MADE[kind]()


@env.task
def raises_on_a_thread(kind: str) -> None:
    raise MADE[kind]()


@env.task
async def catches(kind: str, on_a_thread: bool) -> str:
    try:
        await (raises_on_a_thread.aio(kind) if on_a_thread else raises(kind))
    except BaseException as error:
        return type(error).__name__ + ("" if kind == "no text" else f" {error}")
    return "nothing"


@pytest.mark.parametrize("on_a_thread", [False, True])
@pytest.mark.parametrize("kind", [kind for kind in MADE if kind != "no encoding"])
def test_an_error_reaches_the_driver_as_it_was(kind: str, on_a_thread: bool) -> None:
    expected = MADE[kind]()
    text = "" if kind == "no text" else f" {expected}"
    run = flyte.run(catches, kind, on_a_thread)
    assert run.outputs()[0] == type(expected).__name__ + text


def test_an_error_whose_arguments_have_no_encoding_keeps_its_message() -> None:
    with pytest.raises(ValueError, match="lock"):
        flyte.run(raises, "no encoding")


@env.task
async def splits() -> list[int]:
    caught = []
    try:
        await raises("group")
    except* ValueError as group:
        caught.append(len(group.exceptions))
    except* KeyError as group:
        caught.append(len(group.exceptions))
    return caught


def test_a_group_can_be_split() -> None:
    assert flyte.run(splits).outputs()[0] == [1, 1]


def test_a_group_is_a_user_error_too() -> None:
    with pytest.raises(errors.RuntimeUserError):
        flyte.run(raises, "group")


@env.task
async def survives_an_exit() -> str:
    async def leave() -> None:
        raise SystemExit(2)

    try:
        await asyncio.gather(leave())
    except SystemExit:
        return "caught"
    return "not caught"


def test_a_branch_that_exits_leaves_the_engine_running() -> None:
    assert flyte.run(survives_an_exit).outputs()[0] == "caught"
    assert flyte.run(survives_an_exit).outputs()[0] == "caught"


@env.task
def one(x: int) -> int:
    return x


STRANGER: dict[str, Callable[[], object]] = {}


@env.task
async def works_while_a_stranger_calls() -> str:
    return await asyncio.to_thread(STRANGER["call"])  # type: ignore[arg-type]  # gives a str


def test_a_thread_that_belongs_to_no_task_may_call_none_while_a_run_goes_on() -> None:
    with ThreadPoolExecutor(1) as pool:
        pool.submit(int).result()  # its thread is started outside the run
        asked = threading.Event()

        def stranger() -> str:
            assert asked.wait(10)
            try:
                return f"ran {one(1)}"
            except errors.NoBranchError as error:
                return type(error).__name__

        told = pool.submit(stranger)
        STRANGER["call"] = lambda: (asked.set(), told.result(10))[1]
        assert flyte.run(works_while_a_stranger_calls).outputs()[0] == "NoBranchError"
    assert one(1) == 1


@env.task
async def left_alone(x: int) -> int:
    return x


@env.task
def runs_inside_on_a_thread() -> None:
    flyte.run(one, 1)


def test_a_run_inside_a_synchronous_task_is_refused() -> None:
    with pytest.raises(RuntimeError, match="inside a task"):
        flyte.run(runs_inside_on_a_thread)


def test_runs_may_be_started_from_several_threads_at_once() -> None:
    with ThreadPoolExecutor(4) as pool:
        runs = list(pool.map(lambda x: flyte.run(left_alone, x), range(12)))
    assert [run.outputs()[0] for run in runs] == list(range(12))
