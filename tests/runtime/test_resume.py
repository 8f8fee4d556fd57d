"""Killed runs, resumed: nothing that was recorded runs again, and decisions stay as they were."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable

import pytest
from program import Program

from flyte_plan.digest import show_digest

Write = Callable[[str], Program]

SOURCE = """
import asyncio
import flyte

env = flyte.TaskEnvironment("resume")


@env.task
async def work(x: int) -> int:
    await asyncio.sleep(0.01 * (x % 3))
    effect(f"work {x} {flyte.ctx().idempotency_key}")
    return x * x


@env.task
def save(x: int) -> int:
    effect(f"save {x}")
    return x + 1


@flyte.trace
async def look(x: int) -> None:
    effect(f"look {x}")


@flyte.trace
def peek(x: int) -> int:
    effect(f"peek {x}")
    return x


@flyte.trace
async def stream(n: int):
    for i in range(n):
        effect(f"item {i}")
        yield i


@env.task
async def inner(n: int) -> int:
    total = 0
    for i in range(n):
        total += await work(100 + i)
        die(f"inner {i}")
    return total


@env.task
async def main(n: int) -> list[int]:
    out = []
    for next_one in asyncio.as_completed([work(i) for i in range(n)]):
        out.append(await next_one)
        die(f"completed {len(out)}")
    await look(3)
    die("looked")
    out.append(peek(4))
    die("peeked")
    out.extend([item async for item in stream(3)])
    die("streamed")
    out.extend(await asyncio.gather(save.aio(1), inner(4)))
    die("gathered")
    return out


@env.task
def sync_main(n: int) -> list[int]:
    out = [save(i) for i in range(n)]
    die("saved")
    out.append(peek(1))
    die("peeked")
    for result in flyte.map(work, range(n), concurrency=2):
        out.append(result)
        die(f"mapped {len(out)}")
    return out
"""

PLACES = ["completed 1", "completed 3", "looked", "peeked", "streamed", "inner 2", "gathered"]


def outputs_of(process_output: str) -> list[int]:
    result: list[int] = json.loads(process_output)["outputs"]["o0"]
    return result


def killed(program: Program, task: str, place: str) -> None:
    died = program.run("run", "--name", "night", "main.py", task, "--n", "5", die=place)
    assert died.returncode == -9, died.stderr


def recorded_actions(program: Program) -> set[str]:
    """The actions with an outcome, by the journal read with another library."""
    connection = sqlite3.connect(program.folder / "store" / "journal.db")
    try:
        return {show_digest(row[0]) for row in connection.execute("select action from outcomes")}
    finally:
        connection.close()


@pytest.mark.parametrize("place", PLACES)
def test_an_async_driver_resumes_where_it_was_killed(program: Write, place: str) -> None:
    written = program(SOURCE)
    killed(written, "main", place)
    recorded, before = recorded_actions(written), written.effects()
    resumed = written.run("-of", "json", "resume", "night")
    assert resumed.returncode == 0, resumed.stderr
    again = written.effects() - before
    assert not {effect for effect in again if effect.split()[-1] in recorded}
    assert not {
        effect for effect in before & again if effect.split()[0] in ("look", "peek", "item")
    }
    assert sorted(outputs_of(resumed.stdout)) == sorted([0, 1, 4, 9, 16, 4, 0, 1, 2, 2, 41214])


@pytest.mark.parametrize("place", ["saved", "peeked", "mapped 7", "mapped 9"])
def test_a_sync_driver_resumes_where_it_was_killed(program: Write, place: str) -> None:
    written = program(SOURCE)
    killed(written, "sync_main", place)
    resumed = written.run("-of", "json", "resume", "night")
    assert resumed.returncode == 0, resumed.stderr
    assert outputs_of(resumed.stdout) == [1, 2, 3, 4, 5, 1, 0, 1, 4, 9, 16]
    counts = written.effects()
    assert max(counts[f"save {i}"] for i in range(5)) == 1
    assert counts["peek 1"] == 1


def test_the_recorded_order_of_completion_is_replayed(program: Write) -> None:
    written = program(SOURCE)
    killed(written, "main", "gathered")
    first = written.run("-of", "json", "resume", "night")
    second = written.run("-of", "json", "resume", "night")
    assert outputs_of(first.stdout) == outputs_of(second.stdout)
    answer = json.loads(second.stdout)
    assert answer["actions"]["executed"] == 0
    assert answer["phase"] == "succeeded"


def test_a_finished_run_gives_what_it_gave_and_executes_nothing(program: Write) -> None:
    written = program(SOURCE)
    ran = written.run("-of", "json", "run", "--name", "night", "main.py", "main", "--n", "2")
    effects = written.effects()
    resumed = written.run("-of", "json", "resume", "night")
    assert outputs_of(ran.stdout) == outputs_of(resumed.stdout)
    assert written.effects() == effects


DIVERGING = """
import os
import flyte

env = flyte.TaskEnvironment("diverge")


@env.task
async def left(x: int) -> int:
    effect("left")
    return x


@env.task
async def right(x: int) -> int:
    effect("right")
    return x


@env.task
async def main() -> int:
    chosen = left if os.environ["DIE"] else right
    result = await chosen(1)
    die("chosen")
    return result
"""


def test_other_decisions_are_reported_before_anything_new_starts(program: Write) -> None:
    written = program(DIVERGING)
    died = written.run("run", "--name", "night", "main.py", "main", die="chosen")
    assert died.returncode == -9
    resumed = written.run("resume", "night")
    assert resumed.returncode == 3, resumed.stderr
    assert "diverge.left" in resumed.stderr
    assert "diverge.right" in resumed.stderr
    assert "Traceback" not in resumed.stderr
    assert set(written.effects()) == {"left"}
    again = written.run("resume", "night")
    assert again.returncode == 3


def test_a_name_is_one_run(program: Write) -> None:
    written = program(SOURCE)
    first = written.run("run", "--name", "night", "main.py", "main", "--n", "1")
    effects = written.effects()
    again = written.run("run", "--name", "night", "main.py", "main", "--n", "1")
    assert (first.returncode, again.returncode) == (0, 0)
    assert written.effects() == effects
    other = written.run("run", "--name", "night", "main.py", "main", "--n", "2")
    assert other.returncode == 2
    assert "`night` is there already, with other inputs" in other.stderr
    assert "Traceback" not in other.stderr


def test_an_unknown_run_is_a_clear_error(program: Write) -> None:
    resumed = program(SOURCE).run("resume", "nothing")
    assert resumed.returncode != 0
    assert "nothing" in resumed.stderr
    assert "Traceback" not in resumed.stderr
