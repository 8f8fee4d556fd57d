from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from markdown_cases import run

from flyte_compiler.pipeline import compile_task
from flyte_plan.plan import decode_plan

HEAVY = ("libcst", "rich", "mypy", "networkx", "graphviz", "pydantic")
PROGRAM = """
import flyte

env = flyte.TaskEnvironment("etl")


@env.task
async def load(path: str) -> str:
    return path


@env.compiled_task
async def main(path: str) -> str:
    return await load(path)


@env.compiled_task
async def broken(path: str) -> str:
    path = await load(path)
    return str(locals())
"""


@pytest.fixture
def program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    file = Path("program.py")
    file.write_text(PROGRAM, encoding="utf-8")
    return file


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["explain", "FC302"]])
def test_what_compiles_nothing_loads_no_phase(arguments: list[str]) -> None:
    code = (
        "import sys\nfrom flyte_compiler.cli import main\n"
        f"try:\n    main({arguments!r})\nexcept SystemExit as end:\n    assert not end.code\n"
        f"print([name for name in {HEAVY!r} if name in sys.modules], file=sys.stderr)"
    )
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ended.stderr == "[]\n"


def test_a_mistake_of_the_compiler_says_what_to_report(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("out of cheese")

    monkeypatch.setattr("flyte_compiler.cli.fresh.compile_paths", fail)
    given = run([str(program)])
    assert given.exit_code == 70
    assert given.output == ""
    assert "a mistake of the compiler itself: RuntimeError: out of cheese" in given.errors
    assert f"flyte-compile {program}" in given.errors


def test_what_the_system_refuses_is_no_mistake_of_the_compiler(
    program: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("flyte_compiler.cli.fresh.compile_paths", fail)
    given = run([str(program)])
    assert given.exit_code == 1
    assert given.errors == "flyte-compile: [Errno 28] No space left on device\n"


def test_a_reader_that_went_away_is_no_error(program: Path) -> None:
    command = f"{sys.executable} -c 'from flyte_compiler.cli import main; main()' {program} | true"
    ended = subprocess.run(command, shell=True, capture_output=True, text=True, check=False)
    assert "Traceback" not in ended.stderr
    assert "mistake" not in ended.stderr


def test_plans_hold_every_task_without_an_error(program: Path) -> None:
    given = run([str(program), "-o", "plans"])
    assert given.exit_code == 1
    assert "left out: etl.broken, which has an error\n" in given.errors
    assert "wrote plans/program.plan.json\n" in given.errors
    plan = decode_plan(Path("plans/program.plan.json").read_bytes())
    assert [task.name for task in plan.tasks] == ["etl.load", "etl.main"]


def test_the_same_source_gives_the_same_plan(program: Path) -> None:
    for folder in ("one", "two"):
        run([str(program), "--task", "main", "-o", folder])
    assert Path("one/program.plan.json").read_bytes() == Path("two/program.plan.json").read_bytes()


def test_two_modules_of_one_name_share_no_plan(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    for folder in ("a", "b"):
        Path(folder).mkdir()
        Path(folder, "main.py").write_text(PROGRAM, encoding="utf-8")
    given = run(["a/main.py", "b/main.py", "--ignore", "FC616", "-o", "plans"])
    assert given.exit_code == 1
    assert "are both module `main`" in given.errors


def test_a_picture_is_drawn(program: Path) -> None:
    given = run([str(program), "--task", "main", "--graph", "main.dot"])
    assert given.exit_code == 0, given.errors
    assert "load" in Path("main.dot").read_text(encoding="utf-8")


def test_a_picture_without_a_form_is_bad_usage(program: Path) -> None:
    assert run([str(program), "--graph", "main.jpeg"]).exit_code == 2


def test_nothing_to_draw_is_an_error(program: Path) -> None:
    given = run([str(program), "--task", "load", "--graph", "main.dot"])
    assert (given.exit_code, Path("main.dot").exists()) == (1, False)


def test_warnings_as_errors_leaves_notes_alone(program: Path) -> None:
    assert run([str(program), "--task", "main", "--warnings-as-errors"]).exit_code == 0


def test_the_runtime_gets_a_plan(program: Path) -> None:
    plan = decode_plan(compile_task(str(program), "main"))
    assert "etl.main" in [task.name for task in plan.tasks]


@pytest.mark.parametrize(
    ("task", "said"), [("broken", r"FC616.*a call of `locals`"), ("mian", "no task `mian`")]
)
def test_the_runtime_is_told_what_keeps_a_task_from_compiling(
    program: Path, task: str, said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        compile_task(str(program), task)


def test_the_runtime_is_told_of_a_file_that_is_not_python(tmp_path: Path) -> None:
    file = tmp_path / "broken.py"
    file.write_text("def main(:\n", encoding="utf-8")
    with pytest.raises(ValueError, match=r"broken\.py:1:\d+: error\[FC001\]"):
        compile_task(str(file), "main")
