"""Compiled tasks and plans: what runs by a graph, and what is refused."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable

import pytest
from program import Program

from flyte_compiler.cli import main as compile_main

Write = Callable[[str], Program]

SOURCE = """
import flyte

env = flyte.TaskEnvironment("plans")


@env.task(retries=2, timeout=5)
async def add(a: int) -> int:
    return a + 1


@env.compiled_task
async def good(n: int) -> int:
    return await add(await add(n))


@env.compiled_task
async def bad(n: int) -> int:
    n = await add(n)
    return len(locals())


@env.task
async def driver(n: int) -> int:
    first = await add(n)
    die("first")
    return await add(first)
"""


def mode_of(program: Program, run: str) -> str:
    (row,) = [row for row in json.loads(program.run("-of", "json", "get", "run").stdout)
              if row["run"] == run]  # fmt: skip
    mode: str = row["mode"]
    return mode


def compile_program(program: Program, monkeypatch: pytest.MonkeyPatch) -> int:
    monkeypatch.chdir(program.folder)
    monkeypatch.setattr(sys, "argv", ["flyte-compile", "main.py", "-o", "build"])
    with pytest.raises(SystemExit) as ended:
        compile_main()
    assert isinstance(ended.value.code, int)
    return ended.value.code


def test_a_compiled_task_runs_by_its_plan(program: Write) -> None:
    written = program(SOURCE)
    ran = written.run("-of", "json", "run", "--name", "c", "main.py", "good", "--n", "1")
    assert json.loads(ran.stdout)["outputs"] == {"o0": 3}
    assert mode_of(written, "c") == "compiled"


def test_a_compiled_task_that_is_no_graph_is_refused_before_it_runs(program: Write) -> None:
    refused = program(SOURCE).run("run", "main.py", "bad", "--n", "1")
    assert refused.returncode == 1
    assert "FC616" in refused.stderr
    assert "Traceback" not in refused.stderr


def test_a_task_that_was_left_out_of_a_plan_does_not_run_from_it(
    program: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = program(SOURCE)
    assert compile_program(written, monkeypatch) == 1
    plan = "build/main.plan.json"
    assert written.run("run", plan, "bad", "--n", "1").returncode == 2
    assert written.run("run", plan, "good", "--n", "1").returncode == 0


def test_a_stale_plan_is_refused_with_the_name_of_what_changed(
    program: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = program(SOURCE)
    compile_program(written, monkeypatch)
    file = written.folder / "main.py"
    file.write_text(file.read_text().replace("return a + 1", "return a + 2"))
    refused = written.run("run", "build/main.plan.json", "good", "--n", "1")
    assert refused.returncode == 2
    assert "`plans.add` has changed" in refused.stderr


def test_a_compiled_run_is_resumed_by_its_plan(
    program: Write, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = program(SOURCE)
    compile_program(written, monkeypatch)
    words = ("run", "--name", "c", "build/main.plan.json", "driver", "--n", "1")
    assert written.run(*words, die="first").returncode == -9
    resumed = written.run("-of", "json", "resume", "c")
    report = json.loads(resumed.stdout)
    assert report["outputs"] == {"o0": 3}
    assert report["actions"] == {"executed": 2, "replayed": 1, "cached": 0, "failed": 0}
    assert mode_of(written, "c") == "compiled"
    actions = json.loads(written.run("-of", "json", "get", "action", "c").stdout)
    assert [action["replayed"] for action in actions] == [False, True, False]
    assert [action["attempts"] for action in actions] == [2, 1, 1]


def test_inline_runs_one_synchronous_body_at_a_time(program: Write) -> None:
    written = program("""
import asyncio
import threading
import flyte

env = flyte.TaskEnvironment("inline")
running = []


@env.task
def count(x: int) -> int:
    running.append(x)
    most = len(running)
    threading.Event().wait(0.05)
    running.remove(x)
    return most


@env.task
async def main() -> int:
    return max(await asyncio.gather(*[count.aio(x) for x in range(4)]))
""")
    words = ("main.py", "main")
    inline = written.run("-of", "json", "run", "--executor", "inline", *words)
    thread = written.run("-of", "json", "run", "--executor", "thread", *words)
    assert json.loads(inline.stdout)["outputs"] == {"o0": 1}
    assert json.loads(thread.stdout)["outputs"]["o0"] > 1
