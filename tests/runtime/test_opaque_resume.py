"""Killed runs of compiled tasks whose helpers Python runs: generators, decorators, constructors."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from program import Program

SOURCE = """
import asyncio
import functools
from contextlib import asynccontextmanager
import flyte

env = flyte.TaskEnvironment("main")

@env.task
async def work(x: int) -> int:
    effect(f"work {x}")
    return x * x

async def pages(n):
    for i in range(n):
        yield await work(i)
        die(f"asked {i}")

@asynccontextmanager
async def lease(x):
    token = await work(x)
    try:
        yield token
    finally:
        await work(x + 1)

def again(function):
    @functools.wraps(function)
    async def wrapper(x):
        first = await function(x)
        die(f"once {x}")
        return first + await function(x)
    return wrapper

@again
async def helper(x):
    return await work(x) + await work(x + 1)

@env.compiled_task
async def main(n: int) -> list[int]:
    out = []
    async with lease(100) as token:
        async for page in pages(n):
            out.append(await work(page + 50))
            die(f"page {page}")
        die("inside")
    out += await asyncio.gather(*[helper(20 + 10 * i) for i in range(n)])
    die("gathered")
    return [*out, token, await work(9)]
"""

PLACES = ("asked 1", "page 1", "inside", "once 30", "gathered")


@pytest.mark.parametrize("place", PLACES)
def test_a_killed_run_resumes_inside_what_python_runs(
    program: Callable[[str], Program], place: str
) -> None:
    written = program(SOURCE)
    died = written.run("run", "--name", "night", "main.py", "main", "--n", "3", die=place)
    assert died.returncode == -9, died.stderr
    before = written.effects()
    resumed = written.run("-of", "json", "resume", "night")
    assert resumed.returncode == 0, resumed.stderr
    report = json.loads(resumed.stdout)
    twice = [2 * (x * x + (x + 1) * (x + 1)) for x in (20, 30, 40)]
    pages = [(page + 50) ** 2 for page in (0, 1, 4)]
    assert report["outputs"]["o0"] == [*pages, *twice, 10_000, 81]
    assert report["actions"]["replayed"] > 0
    again = {effect for effect in written.effects() - before if effect in before}
    assert not again or place == "once 30"
    shown = json.loads(written.run("-of", "json", "get", "run", "night").stdout)
    assert shown["mode"] == "compiled"
