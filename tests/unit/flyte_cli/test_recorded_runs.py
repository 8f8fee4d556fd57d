"""The verbs that look at recorded runs, run them again, end them, answer them, clear them away."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from commanding import call, report

from flyte._condition import questions
from flyte._journal.collect import GRACE

PROGRAM = """
import asyncio, logging, sys
import flyte

env = flyte.TaskEnvironment("made")
log = logging.getLogger("made")

@env.task
async def part(x: int) -> int:
    print("part", x)
    sys.stderr.write(f"oops {x}\\n")
    log.warning("careful %d", x)
    return x

@env.task
async def main(n: int = 2, fails: bool = False) -> int:
    print("begins")
    parts = [await part(x) for x in range(n)]
    if fails:
        raise ValueError("told to")
    return sum(parts)

@env.task
async def approved() -> str:
    if await flyte.new_condition("ship", prompt="Ship it?").wait.aio():
        return "shipped"
    return "kept"

@env.task
async def large(n: int) -> bytes:
    return b"x" * n

@env.task
async def slow() -> int:
    await part(1)
    await asyncio.sleep(60)
    return 1
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLYTE_STORE", str(tmp_path / "store"))
    monkeypatch.setattr(sys, "path", list(sys.path))
    file = tmp_path / "made_program.py"
    file.write_text(PROGRAM)
    yield file
    sys.modules.pop("made_program", None)


def test_a_run_by_name_is_one_run(program: Path) -> None:
    first = report("run", "--name", "nightly", program, "main", "--n", 3)
    again = report("run", "--name", "nightly", program, "main", "--n", 3)
    assert again["outputs"] == first["outputs"] == {"o0": 3}
    assert again["actions"]["executed"] == 0
    assert len(report("get", "run")) == 1


def test_logs_are_kept_for_each_action_and_printed_all_the_same(program: Path) -> None:
    told = call("run", "--name", "r", program, "main")
    assert told.stdout.count("part") == 2
    assert "oops 0" in told.stderr
    lines = report("get", "logs", "r")
    found = [(line["task"], line["stream"], line["text"]) for line in lines]
    assert found == [
        ("made.main", "stdout", "begins"),
        ("made.part", "stdout", "part 0"),
        ("made.part", "stderr", "oops 0"),
        ("made.part", "warning", "careful 0"),
        ("made.part", "stdout", "part 1"),
        ("made.part", "stderr", "oops 1"),
        ("made.part", "warning", "careful 1"),
    ]
    one = call("get", "logs", "r", lines[1]["action"])
    assert one.stdout.splitlines() == ["part 0", "oops 0", "careful 0"]


def test_a_rerun_takes_the_inputs_of_the_run_and_those_said(program: Path) -> None:
    report("run", "--name", "r", program, "main", "--n", 3)
    assert report("rerun", "r")["outputs"] == {"o0": 3}
    other = report("rerun", "r", "--n", 4)
    assert other["outputs"] == {"o0": 6}
    assert other["actions"]["executed"] == 5
    assert len(report("get", "run")) == 3


def test_a_recovering_rerun_runs_only_what_is_new(program: Path) -> None:
    assert call("run", "--name", "r", program, "main", "--n", 3, "--fails").exit_code == 1
    again = report("rerun", "r", "--recover", "--n", 4, "--no-fails")
    assert again["outputs"] == {"o0": 6}
    assert again["actions"] == {"executed": 2, "replayed": 0, "cached": 3, "failed": 0}
    forced = report("rerun", "r", "--recover", "--force-rerun-action", "made.part", "--no-fails")
    assert forced["actions"]["cached"] == 0


def test_a_wrong_rerun_is_wrong_usage(program: Path) -> None:
    report("run", "--name", "r", program, "main")
    assert call("rerun", "nosuch").exit_code == 2
    assert call("rerun", "r", "--nosuch", 1).exit_code == 2
    told = call("rerun", "r", "--n", "many")
    assert (told.exit_code, "parameter `--n`" in told.stderr) == (2, True)
    assert call("rerun", "r", "--force-rerun-action", "x").exit_code == 2


def test_a_condition_is_answered_by_a_signal(program: Path) -> None:
    told: list[str] = []

    def answer() -> None:
        while not questions("r"):
            time.sleep(0.02)
        told.append(call("signal", "r").stdout)
        told.append(call("signal", "r", "ship", "perhaps").stderr)
        told.append(call("signal", "r", "sip", "yes").stderr)
        told.append(call("signal", "r", "ship", "yes").stdout)

    # In another process: the runner here replaces this one's standard streams.
    process = _started(program, "--name", "r", program.name, "approved")
    answer()
    output, errors = process.communicate(timeout=30)
    assert process.returncode == 0, errors
    assert "shipped" in output
    listed, wrong, unknown, answered = told
    assert "Ship it?" in listed
    assert "`yes` or `no`" in wrong
    assert "did you mean `ship`?" in unknown
    assert answered == "ship: True\n"
    assert report("signal", "r") == []


def test_an_aborted_run_ends_and_can_be_resumed(program: Path) -> None:
    process = _started(program, "--name", "r", program.name, "slow")
    while not (program.parent / "store" / "runs" / "r" / "logs").is_dir():
        time.sleep(0.02)
    assert report("abort", "run", "r", "--reason", "too dear") == {"run": "r", "phase": "aborted"}
    _, errors = process.communicate(timeout=30)
    assert (process.returncode, "run `r` was aborted: too dear" in errors) == (1, True)
    assert report("get", "run", "r")["phase"] == "aborted"
    again = call("run", "--name", "r", program, "slow")
    assert (again.exit_code, "was aborted" in again.stderr) == (2, True)
    program.write_text(PROGRAM.replace("sleep(60)", "sleep(0)"))
    del sys.modules["made_program"]  # as a process of its own begins
    assert report("resume", "r")["outputs"] == {"o0": 1}
    assert call("abort", "run", "r").exit_code == 1


def test_tasks_of_recorded_runs_are_listed(program: Path) -> None:
    report("run", program, "main")
    rows = {row["task"]: row for row in report("get", "task")}
    assert (rows["made.part"]["calls"], rows["made.part"]["runs"]) == (2, 0)
    assert report("get", "task", "main")["interface"] == "(n: int = 2, fails: bool = False) -> int"
    told = call("get", "task", "pert")
    assert (told.exit_code, "did you mean" in told.stderr) == (2, True)


def test_a_run_without_a_plan_has_no_graph(program: Path) -> None:
    report("run", "--name", "r", program, "main")
    told = call("get", "graph", "r")
    assert (told.exit_code, "has no plan" in told.stderr) == (1, True)


def test_a_compiled_run_is_drawn(program: Path) -> None:
    program.write_text(PROGRAM + "\n@env.compiled_task\nasync def both() -> int:\n"
                       "    return await part(1)\n")  # fmt: skip
    report("run", "--name", "r", program, "both")
    told = report("get", "graph", "r", "-o", "both.dot")
    assert told == {"run": "r", "task": "made.both", "file": "both.dot"}
    assert "part" in Path("both.dot").read_text()


def test_deploy_shows_what_a_file_has(program: Path) -> None:
    rows = report("deploy", program, "--version", "v1", "--dry-run")
    assert {(row["environment"], row["version"]) for row in rows} == {("made", "v1")}
    assert "made.main" in {row["task"] for row in rows}
    assert report("deploy", program)[0]["version"] == report("deploy", program)[0]["version"]


def test_old_runs_and_unnamed_values_are_collected_in_two_steps(program: Path) -> None:
    report("run", "--name", "big", program, "large", "--n", 100_000)
    store = program.parent / "store"
    assert report("gc", "--older-than", 0, "--dry-run")["runs"] == ["big"]
    assert report("gc")["runs"] == []
    assert report("get", "io", "big")["outputs"]["o0"]
    assert report("gc", "--older-than", 0)["runs"] == ["big"]
    _age(store / "blobs")
    assert report("gc")["set_aside"] == 1
    assert report("gc")["deleted"] == 0
    _age(store / "aside")
    done = report("gc")
    assert (done["deleted"], done["bytes_freed"] >= 100_000) == (1, True)
    assert call("get", "run", "big").exit_code == 2


def test_a_value_that_is_named_again_is_put_back(program: Path) -> None:
    report("run", "--name", "big", program, "large", "--n", 100_000)
    store = program.parent / "store"
    (blob,) = [file for file in (store / "blobs").rglob("*") if file.is_file()]
    (store / "aside").mkdir()
    blob.rename(store / "aside" / blob.name)
    _age(store / "aside")
    assert report("gc")["put_back"] == 1
    assert blob.is_file()


def test_variables_of_a_run_are_there_when_it_is_resumed(program: Path) -> None:
    program.write_text(
        "import os, flyte\nenv = flyte.TaskEnvironment('v')\n"
        "@env.task\ndef said() -> str:\n    return os.environ.get('MADE_GREETING', '')\n"
    )
    report("run", "--name", "r", "-e", "MADE_GREETING=hello", program, "said")
    os.environ.pop("MADE_GREETING")
    assert report("rerun", "r")["outputs"] == {"o0": "hello"}


def _started(program: Path, *words: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from flyte.cli import main; main()", "run", *map(str, words)]
    return subprocess.Popen(
        command,
        cwd=program.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def _age(folder: Path) -> None:
    then = time.time() - GRACE - 1
    for file in folder.rglob("*"):
        os.utime(file, (then, then))


def test_a_deployed_task_is_found_by_a_program_that_does_not_import_it(program: Path) -> None:
    report("deploy", program, "--version", "v1")
    assert report("get", "task", "part")["deployed"] == "v1"
    caller = program.with_name("caller_program.py")
    caller.write_text(
        "import flyte, flyte.remote\nenv = flyte.TaskEnvironment('caller')\n"
        "@env.task\nasync def main(version: str = 'v1') -> int:\n"
        "    return await flyte.remote.Task.get('made.main', version=version)(n=3)\n"
    )
    command = [sys.executable, "-c", "from flyte.cli import main; main()"]
    done = subprocess.run(
        [*command, "run", "caller_program.py", "main"],
        cwd=program.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "o0       3" in done.stdout
    wrong = subprocess.run(
        [*command, "run", "caller_program.py", "main", "--version", "v2"],
        cwd=program.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (wrong.returncode, "version `v1`, not `v2`" in wrong.stderr) == (1, True)
