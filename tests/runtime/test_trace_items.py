"""Traced generators: a body may do anything between their items, and be killed anywhere."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from program import Program

import flyte

Write = Callable[[str], Program]

SOURCE = """
import asyncio
import flyte

env = flyte.TaskEnvironment("items")


@flyte.trace
async def stream(n: int):
    for i in range(n):
        effect(f"stream {i}")
        yield i


@flyte.trace
def count(n: int):
    for i in range(n):
        effect(f"count {i}")
        yield i
    return "end"


@env.task
async def work(x: int) -> int:
    effect(f"work {x}")
    return x * 10


@env.task
def save(x: int) -> int:
    effect(f"save {x}")
    return x * 10


@env.task
async def between() -> list[int]:
    out = []
    async for item in stream(3):
        out.append(await work(item))
        die(f"at {item}")
    return out


@env.task
async def left_early() -> list[int]:
    out = []
    async for item in stream(5):
        out.append(item)
        if item == 1:
            break
    out.append(await work(7))
    die("at work")
    for item in count(5):
        out.append(item)
        if item == 1:
            break
    out.append(await work(8))
    die("at end")
    return out


@env.task
async def follow(first: int) -> list[int]:
    return [await work(item + first) async for item in stream(3)]


@env.task
async def side_by_side() -> list[list[int]]:
    async def one(first: int) -> list[int]:
        out = []
        async for item in stream(3):
            out.append(await work(item + first))
            die(f"at {item + first}")
        return out

    return list(await asyncio.gather(one(0), one(100)))


@env.task
def blocking() -> list[object]:
    out = []
    def delegated():
        out.append((yield from count(3)))
    for item in delegated():
        out.append(save(item))
        die(f"at {item}")
    return out


@env.task
def own_loop() -> list[int]:
    async def inner() -> list[int]:
        out = []
        async for item in stream(3):
            out.append(await work(item))
            die(f"at {item}")
        return out

    return asyncio.run(inner())
"""

CASES = {
    ("between", "at 0"): [0, 10, 20],
    ("between", "at 1"): [0, 10, 20],
    ("between", "at 2"): [0, 10, 20],
    ("left_early", "at work"): [0, 1, 70, 0, 1, 80],
    ("left_early", "at end"): [0, 1, 70, 0, 1, 80],
    ("side_by_side", "at 1"): [[0, 10, 20], [1000, 1010, 1020]],
    ("side_by_side", "at 102"): [[0, 10, 20], [1000, 1010, 1020]],
    ("blocking", "at 1"): [0, 10, 20, "end"],
    ("blocking", "at 2"): [0, 10, 20, "end"],
    ("own_loop", "at 1"): [0, 10, 20],
}


@pytest.mark.parametrize(("task", "place"), CASES)
def test_a_body_killed_between_items_resumes(program: Write, task: str, place: str) -> None:
    written = program(SOURCE)
    died = written.run("run", "--name", "r", "main.py", task, die=place)
    assert died.returncode == -9, died.stderr
    resumed = written.run("-of", "json", "resume", "r")
    assert resumed.returncode == 0, resumed.stderr
    assert json.loads(resumed.stdout)["outputs"]["o0"] == CASES[task, place]
    works = {line: times for line, times in written.effects().items() if line[0] in "ws"}
    again = {line: n for line, n in works.items() if n > 1 and not line.startswith("stream")}
    assert not again


def test_recorded_items_are_not_made_again(program: Write) -> None:
    written = program(SOURCE)
    assert written.run("run", "--name", "r", "main.py", "left_early", die="at end").returncode == -9
    before = written.effects()
    assert written.run("resume", "r").returncode == 0
    assert written.effects() == before


def test_what_a_generator_gave_is_shown_and_its_items_are_no_actions(program: Write) -> None:
    written = program(SOURCE)
    written.run("run", "--name", "r", "main.py", "left_early")
    actions = json.loads(written.run("-of", "json", "get", "action", "r").stdout)
    kinds = [(each["task"], each["kind"], each["phase"]) for each in actions]
    assert ("main.stream", "trace", "succeeded") in kinds
    assert {kind for _, kind, _ in kinds} == {"task", "trace"}
    stream = next(each["action"] for each in actions if each["task"] == "main.stream")
    shown = json.loads(written.run("-of", "json", "get", "io", "r", stream).stdout)
    assert shown["outputs"] == {"o0": [0, 1]}


env = flyte.TaskEnvironment("items")


@flyte.trace
def echo(first: int):  # type: ignore[no-untyped-def]
    heard: list[object] = [first]
    while len(heard) < 4:
        try:
            heard.append((yield heard[-1]))
        except ValueError as error:
            heard.append(str(error))
    return heard


@env.task
def conversation() -> list[object]:
    talk = echo(1)
    said: list[object] = [next(talk), talk.send("two"), talk.throw(ValueError("three"))]
    try:
        talk.send("four")
    except StopIteration as end:
        said.append(end.value)
    return said


def test_a_generator_hears_what_is_sent_and_thrown() -> None:
    said = [1, "two", "three", [1, "two", "three", "four"]]
    assert flyte.run(conversation).outputs() == (said,)


closed: list[str] = []


@flyte.trace
async def open_ended():  # type: ignore[no-untyped-def]
    try:
        while True:
            yield len(closed)
    finally:
        closed.append("closed")


@env.task
async def first_of_all() -> int:
    items = open_ended()
    first: int = await anext(items)
    await items.aclose()
    return first


def test_a_generator_that_is_closed_cleans_up() -> None:
    flyte.run(first_of_all)
    assert closed == ["closed"]


@flyte.trace
async def breaks():  # type: ignore[no-untyped-def]
    yield 1
    raise LookupError("no more")


@env.task
async def caught() -> list[object]:
    out: list[object] = []
    try:
        async for item in breaks():
            out.append(item)
    except LookupError as error:
        out.append(str(error))
    return out


def test_a_generators_error_is_the_drivers_to_catch() -> None:
    assert flyte.run(caught).outputs() == ([1, "no more"],)
