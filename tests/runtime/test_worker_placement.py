"""Scripts, functions of no file, and the default executor's choice of place."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest
from program import Program
from worker_programs import outputs_of_run

Write = Callable[[str], Program]


SCRIPT = """
import os
import flyte

env = flyte.TaskEnvironment("script")


@env.task
def work(x: int) -> list:
    return [os.getpid(), __name__]


@env.task
async def main() -> list:
    return await work.aio(1)


def run():
    from flyte._run import RunOptions, start
    return start(main, {}, RunOptions(executor="process")).outputs().o0

"""


def python(program: Program) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "main.py"], cwd=program.folder, capture_output=True, text=True, check=True
    )


GUARD = 'if __name__ == "__main__":\n    effect("ran")\n    print(os.getpid(), *run())\n'


def test_a_scripts_main_block_runs_once(program: Write) -> None:
    written = program(SCRIPT + GUARD)
    driver, worker, name = python(written).stdout.split()
    assert driver != worker
    assert name == "main"
    assert written.effects() == {"ran": 1}


def test_a_script_without_a_guard_stays_in_its_process_and_says_so(program: Write) -> None:
    ran = python(program(SCRIPT + "print(os.getpid(), *run())"))
    driver, worker, _ = ran.stdout.split()
    assert driver == worker
    assert "runs in the driver's process" in ran.stderr


def test_functions_of_no_file_stay_in_process(program: Write) -> None:
    before, _, rest = SCRIPT.partition("@env.task\ndef work")
    work, _, after = rest.partition("\n\n\n")
    made = f'exec("""\n@env.task\ndef work{work}\n""")\n\n\n'
    driver, worker, _ = python(program(before + made + after + GUARD)).stdout.split()
    assert driver == worker


AUTO = """
import asyncio
import os
import time

import flyte

env = flyte.TaskEnvironment("auto")


@env.task
def burn(x: int) -> int:
    end = time.thread_time() + 0.06
    while time.thread_time() < end:
        pass
    return os.getpid()


@env.task
def little(x: int) -> int:
    return os.getpid()


@env.task
def sleep(x: int) -> int:
    time.sleep(0.1)
    return os.getpid()


@env.task
async def gathered(n: int) -> list:
    return [os.getpid(), *await asyncio.gather(*[burn.aio(x) for x in range(n)])]


@env.task
def mapped(n: int) -> list:
    return [os.getpid(), *flyte.map(burn, range(n))]


@env.task
async def chained(n: int) -> list:
    return [os.getpid(), *[await burn.aio(x) for x in range(n)]]


@env.task
async def littles(n: int) -> list:
    return [os.getpid(), *await asyncio.gather(*[little.aio(x) for x in range(n)])]


@env.task
async def sleeps(n: int) -> list:
    return [os.getpid(), *await asyncio.gather(*[sleep.aio(x) for x in range(n)])]
"""


@pytest.mark.parametrize("task", ["gathered", "mapped"])
def test_cpu_bound_calls_use_every_processor_by_default(program: Write, task: str) -> None:
    _, *pids = outputs_of_run(program(AUTO), "auto", task, "--n", "24")
    assert len(set(pids)) >= min(len(os.sched_getaffinity(0)), 2)


@pytest.mark.parametrize("task", ["littles", "sleeps", "chained"])
def test_what_a_worker_would_not_speed_up_stays_in_process(program: Write, task: str) -> None:
    driver, *pids = outputs_of_run(program(AUTO), "auto", task, "--n", "6")
    assert set(pids) == {driver}


def test_a_run_in_memory_stays_in_process(program: Write) -> None:
    ran = program(AUTO).run(
        "-of", "json", "run", "--executor", "process", "--durability", "memory", "main.py",
        "gathered", "--n", "3",
    )  # fmt: skip
    driver, *pids = json.loads(ran.stdout)["outputs"]["o0"]
    assert set(pids) == {driver}


SURROUNDINGS = """
import os
import flyte
from flyte._run import RunOptions, start

env = flyte.TaskEnvironment("around")


@env.task
def look(x: int) -> list:
    return [os.getpid(), os.path.basename(os.getcwd()), os.environ.get("SAID")]


@env.task
async def main() -> list:
    return await look.aio(1)


def show():
    print(*start(main, {}, RunOptions(executor="process")).outputs().o0)


if __name__ == "__main__":
    show()
    show()
    os.mkdir("inner")
    os.chdir("inner")
    os.environ["SAID"] = "yes"
    show()
"""


def test_workers_are_shared_between_runs_as_long_as_their_surroundings_are(program: Write) -> None:
    written = program(SURROUNDINGS)
    first, second, third = (line.split() for line in python(written).stdout.splitlines())
    assert first == second
    assert first[0] != third[0]
    assert third[1:] == ["inner", "yes"]
