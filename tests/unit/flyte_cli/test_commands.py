"""`flyte` as its users see it: what it prints where, and its exit codes."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from flyte.cli.app import flyte

PROGRAM = '''
import asyncio
import enum
from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("demo")
other = flyte.TaskEnvironment("other")


class Color(enum.Enum):
    RED = 1
    BLUE = 2


@dataclass
class Config:
    rate: float


@env.task
async def square(x: int) -> int:
    return x * x


@env.task
async def main(max_depth: int, color: Color = Color.RED, dry_run: bool = False) -> tuple[int, str]:
    """Sum squares."""
    print("printed by a task")
    squares = await asyncio.gather(*[square(x) for x in range(max_depth)])
    return sum(squares), f"{color.name} {dry_run}"


@env.task
def config(config: Config) -> Config:
    return config


@env.task
def boom(help: int) -> int:
    return helper(help)


def helper(x: int) -> int:
    raise ValueError(f"bad {x}")


@env.task
def same() -> None: ...


def rename():
    def same() -> None: ...
    return same


second = other.task(rename())
'''


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("FLYTE_STORE", str(tmp_path / "store"))
    monkeypatch.setattr(sys, "path", list(sys.path))
    for name in ("demo_program", "broken"):
        monkeypatch.setitem(sys.modules, name, None)  # type: ignore[arg-type]  # undone afterwards
        del sys.modules[name]
    file = tmp_path / "demo_program.py"
    file.write_text(PROGRAM)
    return file


def call(*words: object) -> Result:
    return CliRunner().invoke(flyte, [str(word) for word in words])


def report(*words: object) -> Any:
    result = call("-of", "json", *words)
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_run_reports_its_outputs_as_json_and_nothing_else(program: Path) -> None:
    shown = report("run", "--name", "r1", program, "main", "--max-depth", 3, "--color", "BLUE")
    seconds = shown.pop("seconds")
    assert shown == {
        "run": "r1",
        "phase": "succeeded",
        "outputs": {"o0": 5, "o1": "BLUE False"},
        "actions": {"executed": 4, "replayed": 0, "cached": 0, "failed": 0},
    }
    assert 0 <= seconds < 10


def test_what_tasks_print_stays_on_standard_output_in_a_table(program: Path) -> None:
    result = call("run", program, "demo.main", "--max-depth", 1, "--dry-run")
    assert result.exit_code == 0
    assert "printed by a task" in result.stdout
    assert 'o1       "RED True"' in result.stdout
    assert "succeeded  demo.square" in result.stderr


def test_progress_can_be_silent(program: Path) -> None:
    result = call("run", "--no-progress", program, "square", "--x", 1)
    assert (result.exit_code, result.stderr) == (0, "")


def test_output_format_is_understood_after_the_verb_and_after_the_task(program: Path) -> None:
    for words in (
        ("run", "-of", "json", program, "square", "--x", 2),
        ("run", program, "square", "--x", 2, "-of", "json"),
    ):
        assert json.loads(call(*words).stdout)["outputs"] == {"o0": 4}


def test_a_failed_run_shows_the_users_traceback_alone(program: Path) -> None:
    result = call("run", "--no-progress", program, "boom", "--help", 7)
    assert result.exit_code == 1
    assert "ValueError: bad 7" in result.stderr
    assert "in helper" in result.stderr
    assert "runtime/flyte" not in result.stderr


def test_a_failed_run_is_json_too(program: Path) -> None:
    result = call("-of", "json", "run", program, "boom", "--help", 7)
    assert result.exit_code == 1
    shown = json.loads(result.stdout)
    assert (shown["phase"], shown["outputs"]) == ("failed", {})
    assert shown["error"] == {"code": "ValueError", "message": "bad 7"}


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["main"], "task `demo.main` lacks parameter:\n  --max-depth  `int`"),
        (["main", "--max-depth", "x"], "`--max-depth`: 'x' is not of type `int`"),
        (["main", "--max-dept", "1"], "--max-depth"),
        (["mian"], "has no task `mian`; did you mean `main`?\nits tasks:\n  demo.main("),
        (["same"], "several tasks of `demo_program.py`:\n  demo.same\n  other.same"),
        (["--name", "x"], "options of `flyte run` go before"),
        ([], "say which task of `demo_program.py` to run\nits tasks:\n  demo.square(x: int)"),
        (["config", "--config", '{"rate": "x"}'], 'at `rate`: "x" is not of type `float`'),
    ],
)
def test_a_wrong_call_is_explained(program: Path, words: list[str], message: str) -> None:
    result = call("run", program.name, *words)
    assert result.exit_code == 2
    assert message in result.stderr
    assert "Traceback" not in result.stderr


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--executor", "ray"], "executor `ray` is not available"),
        (["--executor", "cloud"], "cloud"),
        (["--workers", "0"], "0"),
        (["-e", "NOVALUE"], "`-e` is `KEY=VALUE`"),
    ],
)
def test_a_wrong_option_is_explained(program: Path, options: list[str], message: str) -> None:
    result = call("run", *options, program.name, "square", "--x", 1)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("def f(:\n", "SyntaxError"),
        ("import flyte\n1 / 0\n", "ZeroDivisionError: division by zero"),
        ("import nosuchmodule\n", "No module named 'nosuchmodule'"),
        ("import flyte\nflyte.TaskEnvironment('Bad Name')\n", "snake_case or kebab-case"),
        ("raise SystemExit(3)\n", "ended the program while it was loaded"),
        ("x = 1\n", "it has no tasks"),
    ],
)
def test_a_module_that_can_not_be_loaded_shows_the_users_lines(
    program: Path, source: str, message: str
) -> None:
    broken = program.with_name("broken.py")
    broken.write_text(source)
    result = call("run", broken.name, "main")
    assert result.exit_code == 2
    assert message in result.stderr
    assert "runtime/flyte" not in result.stderr
    assert "importlib" not in result.stderr


def test_a_missing_file_is_named(program: Path) -> None:
    result = call("run", "nofile.py", "main")
    assert (result.exit_code, result.stderr) == (2, "error: file `nofile.py` does not exist\n")


def test_help_of_a_task_shows_its_parameters(program: Path) -> None:
    shown = call("run", program, "main", "--help").stdout
    assert "Sum squares." in shown
    assert "--max-depth int" in shown
    assert "default: Color.RED" in shown


def test_a_variable_is_set_before_the_program_is_loaded(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GREETING", "old")
    program.write_text(
        "import os, flyte\nenv = flyte.TaskEnvironment('v')\nSAID = os.environ['GREETING']\n"
        "@env.task\ndef said() -> str:\n    return SAID\n"
    )
    assert report("run", "-e", "GREETING=new", program, "said")["outputs"] == {"o0": "new"}


def test_a_finished_run_resumes_to_the_same_outputs_and_executes_nothing(program: Path) -> None:
    first = report("run", "--name", "r2", program, "main", "--max-depth", 2)
    again = report("resume", "r2")
    assert again["outputs"] == first["outputs"]
    assert again["actions"]["executed"] == 0


def test_a_name_taken_by_other_inputs_and_an_unknown_run_are_wrong_usage(program: Path) -> None:
    report("run", "--name", "taken", program, "square", "--x", 1)
    result = call("run", "--name", "taken", program, "square", "--x", 2)
    assert (result.exit_code, "with other inputs" in result.stderr) == (2, True)
    result = call("run", "--name", "taken", program, "config", "--config", '{"rate": 1}')
    assert (result.exit_code, "of task `demo.square`" in result.stderr) == (2, True)
    assert call("resume", "nosuch").exit_code == 2
    unknown = call("get", "run", "takn")
    assert (unknown.exit_code, "did you mean `taken`?" in unknown.stderr) == (2, True)


def test_get_shows_runs_actions_and_their_values(program: Path) -> None:
    report("run", "--name", "r3", program, "main", "--max-depth", 2)
    (run,) = report("get", "run")
    assert (run["run"], run["task"], run["phase"]) == ("r3", "demo.main", "succeeded")
    root, *children = report("get", "action", "r3")
    assert set(root) == {
        "action", "parent", "task", "kind", "phase", "attempts", "replayed", "cached", "started",
        "ended", "group", "error",
    }  # fmt: skip
    assert (root["parent"], root["task"], root["phase"]) == (None, "demo.main", "succeeded")
    assert {child["parent"] for child in children} == {root["action"]}
    values = report("get", "io", "r3")
    assert values["inputs"] == {"max_depth": 2, "color": 1, "dry_run": False}
    assert values["outputs"] == {"o0": 1, "o1": "RED False"}
    one = report("get", "io", "r3", children[1]["action"][:12])
    assert (one["inputs"], one["outputs"]) == ({"x": 1}, {"o0": 1})


def test_get_shows_the_error_of_an_action(program: Path) -> None:
    call("run", "--name", "r4", program, "boom", "--help", 1)
    (action,) = report("get", "action", "r4")
    assert (action["phase"], action["error"]) == ("failed", "ValueError: bad 1")
    assert "ValueError: bad 1" in call("get", "action", "r4").stdout


def test_ctrl_c_says_how_to_resume(program: Path) -> None:
    program.write_text(
        "import time, flyte\nenv = flyte.TaskEnvironment('slow')\n"
        "@env.task\nasync def first() -> int:\n    return 1\n"
        "@env.task\nasync def main() -> int:\n"
        "    await first()\n    import asyncio\n    await asyncio.sleep(30)\n    return 1\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", "from flyte.cli import main; main()",
         "run", "--name", "slow", program.name, "main"],
        stderr=subprocess.PIPE, text=True, env=os.environ,
    )  # fmt: skip
    assert process.stderr is not None
    assert "slow.first" in process.stderr.readline()
    time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "`flyte resume slow`" in errors
    assert "Traceback" not in errors
    (run,) = report("get", "run")
    assert run["phase"] == "interrupted"


@pytest.mark.parametrize("name", ["", "../up", "a/b", "-x", ".hidden", "x" * 101, "a\nb"])
def test_a_name_that_no_file_can_have_is_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "demo.py").write_text(PROGRAM)
    words = ["run", f"--name={name}", str(tmp_path / "demo.py"), "square", "--x", "1"]
    result = CliRunner().invoke(flyte, words, env={"FLYTE_STORE": str(tmp_path / "store")})
    assert result.exit_code == 2, result.output
    assert "can't name a run" in result.output


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full here")
def test_a_report_that_cannot_be_written_is_said_without_a_traceback(tmp_path: Path) -> None:
    with Path("/dev/full").open("w") as full:
        ended = subprocess.run(
            [
                sys.executable,
                "-c",
                "from flyte.cli import main; main()",
                "-of",
                "json",
                "get",
                "run",
            ],
            env={**os.environ, "FLYTE_STORE": str(tmp_path / "store")},
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=30,
            check=False,
        )
    assert ended.returncode == 1
    assert ended.stderr.startswith("error: ")
    assert "Traceback" not in ended.stderr


def test_the_help_of_each_verb_is_its_own() -> None:
    listed = " ".join(call("--help").stdout.split())
    for verb in ("get", "resume", "run"):
        own = call(verb, "--help").stdout.splitlines()[2].strip()
        assert f"{verb} {own}" in listed
