"""The same programs in every executor: results, ids, errors and output are the same."""

from __future__ import annotations

import json
import os
import sqlite3
import time
from collections.abc import Callable
from typing import Any

import pytest
from program import Program
from worker_programs import is_alive, outputs_of_run

Write = Callable[[str], Program]

SOURCE = """
import asyncio
import dataclasses
import multiprocessing
import os
import sys
import time

import flyte

env = flyte.TaskEnvironment("places")
other = flyte.TaskEnvironment("elsewhere")
warm = flyte.TaskEnvironment("warm", reusable=flyte.ReusePolicy(replicas=1, concurrency=4))

COUNT = []


@dataclasses.dataclass
class Point:
    x: int
    y: list[int]


class Odd(Exception):
    def __init__(self, first, second):
        super().__init__(f"{first} and {second}")
        self.first = first


@env.task
def move(point: Point, by: int = 1) -> Point:
    point.x += by
    point.y.append(by)
    return point


@env.task
async def double(x: float) -> float:
    await asyncio.sleep(0)
    return 2 * x


@env.task
def fail(x: int) -> int:
    return helper(x)


def helper(x):
    try:
        return {}["missing"]
    except KeyError as error:
        raise Odd(x, "more") from error


@env.task(retries=2)
def flaky(x: int) -> int:
    effect("flaky")
    with open("effects") as file:
        if file.read().count("flaky") < 3:
            raise ValueError("not yet")
    return x


@env.task
def leave(x: int) -> int:
    sys.exit(3)


@env.task
def key(x: int) -> str:
    return flyte.ctx().idempotency_key


@env.task
def big(n: int) -> bytes:
    return b"x" * n


@env.task
def shout(x: int) -> int:
    print(f"said {x}")
    print(f"warned {x}", file=sys.stderr)
    return x


@env.task
def nested(x: int) -> int:
    return get_task("double_it")(x)


@env.task
def sneaky(x: int) -> int:
    return getattr(sys.modules["main"], "double" + "_it")(x)


@env.task
def lazy(x: int) -> object:
    from models_of_it import Model

    return Model(x)


@env.task
def forks(x: int) -> list[int]:
    with multiprocessing.get_context("fork").Pool(2) as pool:
        return pool.map(abs, range(-x, 0))


@env.task
def fetch(x: int) -> int:
    return 10 * x


def get_task(name):
    return globals()[name]


@env.task
def double_it(x: int) -> int:
    return 2 * x


@env.task
def pid(x: int) -> int:
    time.sleep(0.05)
    return os.getpid()


@other.task
def other_pid(x: int) -> int:
    return os.getpid()


@warm.task
async def count(x: int) -> list[int]:
    COUNT.append(x)
    await asyncio.sleep(0.1)
    return [os.getpid(), len(COUNT)]


@env.task
async def everything() -> dict:
    point = Point(1, [])
    moved = await move.aio(point, by=2)
    told = {"point": [point.x, point.y, moved.x, moved.y], "double": await double(3)}
    try:
        await fail.aio(7)
    except Odd as error:
        told["odd"] = [str(error), error.first, str(error.__cause__), error.recorded_traceback]
    try:
        await leave.aio(1)
    except flyte.errors.RuntimeUserError as error:
        told["exit"] = error.code
    told["flaky"] = await flaky.aio(5)
    told["key"] = await key.aio(1)
    told["big"] = len(await big.aio(100_000))
    told["lazy"] = (await lazy.aio(3)).number
    told["forks"] = await forks.aio(4)
    told["nested"] = await nested.aio(21)
    told["sneaky"] = await sneaky.aio(4)
    told["gathered"] = await asyncio.gather(*[double(x) for x in (1, 2, 3)])
    return told


@env.task
def everything_sync() -> list[int]:
    return [move(Point(1, [])).x, *flyte.map(fetch, [1, 2]), nested(4), sneaky(3)]


@env.task
async def loud() -> int:
    return await shout.aio(1)


@env.task
async def who() -> dict:
    pids = await asyncio.gather(*[pid.aio(x) for x in range(6)])
    others = await asyncio.gather(*[other_pid.aio(x) for x in range(2)])
    return {"driver": os.getpid(), "pids": pids, "others": others}


@env.task
async def counts() -> list:
    return await asyncio.gather(*[count(x) for x in range(4)])


@env.task
async def driver_pid() -> list[int]:
    return [os.getpid(), await pid.aio(1)]


@env.task(timeout=0.5)
def slow(x: int) -> int:
    while True:
        time.sleep(0.01)


@warm.task(timeout=0.3)
async def stubborn(x: int) -> int:
    with open("stubborn", "w") as file:
        file.write(str(os.getpid()))
    while True:
        try:
            await asyncio.sleep(10)
        except asyncio.CancelledError:
            pass


@env.task
async def waits_for_stubborn() -> str:
    try:
        await stubborn(1)
    except flyte.errors.TaskTimeoutError as error:
        return type(error).__name__


@env.task
async def abandons() -> str:
    started = asyncio.create_task(slow.override(timeout=None).aio(1))
    await asyncio.sleep(0.3)
    started.cancel()
    try:
        await slow.aio(2)
    except TimeoutError:
        return "timeout"
    except flyte.errors.TaskTimeoutError as error:
        return type(error).__name__
"""

MODELS = """
import dataclasses

@dataclasses.dataclass
class Model:
    number: int
"""

EXECUTORS = ["inline", "thread", "process", "auto"]


def records(program: Program) -> list[tuple[Any, ...]]:
    """Every action with its outcome, as the journal has it."""
    connection = sqlite3.connect(program.folder / "store" / "journal.db")
    try:
        return connection.execute(
            "select a.id, a.parent, a.task, a.slot, a.inputs, a.version, a.line, o.kind,"
            " case o.in_blob when 0 then o.payload else hex(o.payload) end,"
            " (select count(*) from attempts t where t.action = a.id)"
            " from actions a join outcomes o on o.action = a.id order by a.id"
        ).fetchall()
    finally:
        connection.close()


@pytest.mark.parametrize("task", ["everything", "everything_sync"])
def test_every_executor_records_the_same(program: Write, task: str) -> None:
    found = {}
    for executor in EXECUTORS:
        written = program(SOURCE)
        (written.folder / "models_of_it.py").write_text(MODELS)
        found[executor] = outputs_of_run(written, executor, task), records(written)
        (written.folder / "effects").unlink(missing_ok=True)
        for file in (written.folder / "store").glob("journal.db*"):
            file.unlink()
    assert len(found["inline"][1]) >= 6
    for executor in EXECUTORS[1:]:
        assert found[executor] == found["inline"], executor


def test_a_users_traceback_has_none_of_our_lines(program: Write) -> None:
    ran = program(SOURCE).run(
        "run", "--executor", "process", "--no-progress", "main.py", "fail", "--x", "1"
    )
    assert ran.returncode == 1
    lines = [line.strip() for line in ran.stderr.splitlines()]
    assert [line.split(", ")[-1] for line in lines if line.startswith("File")][-2:] == [
        "in fail",
        "in helper",
    ]
    assert "_workers" not in ran.stderr
    assert lines[-1] == "main.Odd: 1 and more"


def test_leaves_run_in_workers_and_drivers_never(program: Write) -> None:
    told = outputs_of_run(program(SOURCE), "process", "who")
    pids, others = set(told["pids"]), set(told["others"])
    assert told["driver"] not in pids | others
    assert len(pids) == 2 or os.cpu_count() == 1
    assert not pids & others, "workers of one environment serve no other"


def test_one_worker_is_enough_for_any_nesting(program: Write) -> None:
    written = program(SOURCE)
    ran = written.run(
        "-of", "json", "run", "--executor", "process", "--workers", "1", "main.py", "driver_pid"
    )
    assert ran.returncode == 0, ran.stderr
    driver, worker = json.loads(ran.stdout)["outputs"]["o0"]
    assert driver != worker


@pytest.mark.parametrize("executor", ["process", "auto"])
def test_reusable_workers_keep_their_globals_and_run_several_actions(
    program: Write, executor: str
) -> None:
    told = outputs_of_run(program(SOURCE), executor, "counts")
    assert len({pid for pid, _ in told}) == 1
    assert [seen for _, seen in told] == [4, 4, 4, 4], "all four ran at once"


def test_what_a_worker_prints_reaches_the_terminal(program: Write) -> None:
    written = program(SOURCE)
    plain = written.run("run", "--executor", "process", "--no-progress", "main.py", "loud")
    assert "said 1" in plain.stdout
    assert "warned 1" in plain.stderr
    apart = written.run("-of", "json", "run", "--executor", "process", "main.py", "loud")
    assert json.loads(apart.stdout)["outputs"] == {"o0": 1}
    assert "said 1" in apart.stderr


def test_abandoned_and_late_attempts_end(program: Write) -> None:
    assert outputs_of_run(program(SOURCE), "process", "abandons") == "MaxRuntimeExceededError"


def test_an_asynchronous_body_that_ignores_its_timeout_is_killed(program: Write) -> None:
    written = program(SOURCE)
    assert outputs_of_run(written, "process", "waits_for_stubborn") == "MaxRuntimeExceededError"
    pid, end = int((written.folder / "stubborn").read_text()), time.monotonic() + 20
    while is_alive(pid):
        assert time.monotonic() < end
        time.sleep(0.02)
