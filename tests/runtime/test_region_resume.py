"""Killed runs of plans with regions, resumed."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from plain_lowering import plan_of_file
from program import Program

RESUMED = """
import asyncio
import flyte

env = flyte.TaskEnvironment("main")

@env.task
async def work(x: int) -> int:
    effect(f"work {x}")
    return x * x

@env.task
def save(x: int) -> int:
    effect(f"save {x}")
    return x * 10

async def each(n):
    y = await work(n)
    die(f"each {n}")
    return y

@env.task
async def main(n: int) -> list[int]:
    out = []
    for i in range(n):
        y = await work(i)
        out.append(y)
        die(f"loop {i}")
    y = await each(7)
    calls = []
    for i in range(n):
        call = each(10 + i)
        calls.append(asyncio.create_task(call))
    die("begun")
    out += await asyncio.gather(*calls)
    die("gathered")
    y = save(3)
    die("saved")
    return [*out, y]

@env.task
def sync_main(n: int) -> list[int]:
    out = []
    for i in range(n):
        y = save(i)
        out.append(y)
        die(f"loop {i}")
    async def both(*values):
        return await asyncio.gather(*[work(value) for value in values])
    out += asyncio.run(both(1, 2))
    die("gathered")
    y = save(n)
    return [*out, y]
"""

PLACES = [
    ("main", "loop 1"), ("main", "each 7"), ("main", "begun"), ("main", "each 11"),
    ("main", "gathered"), ("main", "saved"), ("sync_main", "loop 1"), ("sync_main", "gathered"),
]  # fmt: skip


@pytest.mark.parametrize(("driver", "place"), PLACES)
def test_a_killed_run_resumes_where_it_was(
    program: Callable[[str], Program], driver: str, place: str
) -> None:
    written = program(RESUMED)
    plan = plan_of_file(written.folder / "main.py", ("main", "sync_main"))
    (written.folder / "main.plan.json").write_bytes(plan)
    words = ("run", "--name", "night", "main.plan.json", driver, "--n", "3")
    died = written.run(*words, die=place)
    assert died.returncode == -9, died.stderr
    before = written.effects()
    resumed = written.run("-of", "json", "resume", "night")
    assert resumed.returncode == 0, resumed.stderr
    report = json.loads(resumed.stdout)
    expected = [0, 1, 4, 100, 121, 144, 30] if driver == "main" else [0, 10, 20, 1, 4, 30]
    assert report["outputs"]["o0"] == expected
    assert report["actions"]["replayed"] > 0 or place == "begun"
    again = written.effects() - before
    assert not before.keys() & again.keys() or place.startswith("each 1")
