"""Whole programs: what mypy can't take, and what it keeps between two runs."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from typed_by_mypy import HEAD, typed, typed_file

from flyte_compiler.typecheck.interpreter import RUNNING, find_interpreter
from flyte_compiler.typecheck.model import AnyType, ClassType
from flyte_compiler.typecheck.mypy_bridge.settings import make_options, read_user_settings
from flyte_compiler.typecheck.mypy_bridge.versions import answers_right
from flyte_compiler.typecheck.stubs import stubs_folder

TASK = HEAD + "@env.task\nasync def main(n: int) -> int:\n    return n + 1\n"


def test_importing_the_package_imports_no_mypy() -> None:
    code = (
        "import sys, flyte_compiler.typecheck.mypy_bridge\n"
        "sys.exit(any(name.partition('.')[0] == 'mypy' for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_types_follow_imports_also_through_folders_without_an_init(
    tmp_path: Path, mypy_cache: Path
) -> None:
    found = typed(
        tmp_path,
        mypy_cache,
        "import lib.inner.deep\nfrom lib.inner import deep as d\n"
        "x = lib.inner.deep.f(1)\ny = d.f(2)\n",
        lib__inner__deep="def f(n: int) -> bytes:\n    return b'x' * n\n",
    )
    assert found.name_of("lib.inner.deep.f(1)") == "bytes"
    assert found.name_of("d.f(2)") == "bytes"


@pytest.mark.parametrize("name", ["types", "random", "queue", "typing"])
def test_a_file_named_like_the_standard_library_is_typed(
    tmp_path: Path, mypy_cache: Path, name: str
) -> None:
    file = tmp_path / f"{name}.py"
    file.write_text(TASK + "class Row: ...\nrow = Row()\n")
    found = typed_file(file, mypy_cache)
    assert found.oracle.remarks == ()
    assert found.name_of("n + 1", module=name) == "int"
    assert found.name_of("Row()", module=name) == f"{name}.Row"


def test_what_imports_such_a_file_is_left_to_annotations(tmp_path: Path, mypy_cache: Path) -> None:
    found = typed(
        tmp_path, mypy_cache, "import random\nx = random.seed\ny = 1 + 'x'\n", random="seed = 1\n"
    )
    path = found.program.modules["main"].source.path
    assert not found.oracle.covers(path)
    assert found.type_of("random.seed") is None
    assert found.faults == []
    assert [remark for remark in found.oracle.remarks if f"`{path}` imports" in remark]


@pytest.mark.parametrize("name", ["my-script", "1_first", "train.v2", "flyte"])
def test_a_file_that_cannot_be_imported_is_typed(
    tmp_path: Path, mypy_cache: Path, name: str
) -> None:
    file = tmp_path / f"{name}.py"
    file.write_text(TASK)
    (tmp_path / "train.py").write_text("raise SystemExit\n")
    found = typed_file(file, mypy_cache)
    assert found.oracle.remarks == ()
    assert found.name_of("n + 1", module=next(iter(found.program.modules))) == "int"


def test_a_file_that_mypy_refuses_leaves_the_others_typed(tmp_path: Path, mypy_cache: Path) -> None:
    found = typed(
        tmp_path,
        mypy_cache,
        "import beyond\nx = 'a' + 'b'\nz = beyond.y\n",
        beyond="from ... import y\n",
    )
    beyond = found.program.modules["beyond"].source.path
    assert not found.oracle.covers(beyond)
    assert found.name_of("'a' + 'b'") == "str"
    assert isinstance(found.type_of("beyond.y"), AnyType)
    (remark,) = found.oracle.remarks
    assert f"`{beyond}`" in remark


@pytest.mark.parametrize("depth", [100, 900])
def test_deep_code_is_typed_or_remarked_on(
    tmp_path: Path, mypy_cache: Path, depth: int, capfd: pytest.CaptureFixture[str]
) -> None:
    deep = "y = len('a')\nx = " + " + ".join(["1"] * depth) + "\n"
    found = typed(tmp_path, mypy_cache, deep)
    if found.oracle.covers(found.program.modules["main"].source.path):
        assert found.name_of("len('a')") == "int"
    else:
        assert len(found.oracle.remarks) == 1
    assert capfd.readouterr() == ("", "")


def test_a_second_run_knows_the_first_ones_modules_and_has_trees(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    for _ in range(2):
        found = typed(tmp_path / "p", cache, TASK)
        assert found.name_of("n + 1") == "int"
    assert any((cache / "mypy").rglob("builtins.*"))


@pytest.mark.slow
def test_a_broken_cache_is_built_anew(tmp_path: Path) -> None:
    cache = tmp_path / "cache"
    typed(tmp_path / "p", cache, TASK)
    for file in (cache / "mypy").rglob("*"):
        if file.is_file() and ".data." in file.name:
            file.write_bytes(b"\x00 broken")
    found = typed(tmp_path / "p", cache, TASK)
    assert found.oracle.remarks == ()
    assert found.name_of("n + 1") == "int"


def test_a_cache_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file")
    found = typed(tmp_path / "p", tmp_path / "cache", TASK)
    assert found.oracle.remarks == ()
    assert found.name_of("n + 1") == "int"


def test_library_functions_that_take_anything_do_not_hide_a_fault(
    tmp_path: Path, mypy_cache: Path
) -> None:
    found = typed(
        tmp_path,
        mypy_cache,
        HEAD
        + """
import unknown_library
import json

@env.task
async def leaf(n: int) -> str:
    return "x"

@env.task
async def main() -> str:
    one = await leaf("a")
    print(one + 1)
    two = json.loads(1)
    three = 1 + unknown_library.x.y("s") + "s"
    untyped(1 + "x")
    return one.nothing

def untyped(x):
    return x
""",
    )
    assert ("arg-type", '"a"', False) in found.faults
    assert ("operator", "1", False) in found.faults
    assert ("attr-defined", "one.nothing", False) in found.faults
    assert not [text for _, text, _ in found.faults if "unknown" in text]


def test_an_ignored_line_has_no_fault(tmp_path: Path, mypy_cache: Path) -> None:
    found = typed(tmp_path, mypy_cache, "x = 1 + 'x'  # type: ignore[operator]\ny = 1 + 'x'\n")
    assert [each.span.start.line for each in found.oracle.faults] == [2]


def test_the_users_strictness_is_not_ours(tmp_path: Path, mypy_cache: Path) -> None:
    (tmp_path / "mypy.ini").write_text(
        "[mypy]\nstrict = True\nmypy_path = $MYPY_CONFIG_FILE_DIR/extra, /x/site-packages\n"
        "plugins = evil, pydantic.mypy\n"
    )
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "extra").mkdir()
    (tmp_path / "extra" / "helper.pyi").write_text("def f() -> bytes: ...\n")
    found = typed(tmp_path, mypy_cache, "import helper\ndef g(x): ...\ny = helper.f()\n")
    assert found.oracle.faults == []
    assert found.name_of("helper.f()") == "bytes"


def test_the_active_environment_wins_over_the_projects_own(tmp_path: Path) -> None:
    for name, version in (("active", "3.12.1"), ("project/.venv", "3.13.0")):
        python = tmp_path / name / "bin" / "python"
        python.parent.mkdir(parents=True)
        python.write_text("#!/bin/sh\n")
        python.chmod(0o755)
        (tmp_path / name / "pyvenv.cfg").write_text(f"home = /usr/bin\nversion = {version}\n")
    project, active = tmp_path / "project", str(tmp_path / "active")
    assert find_interpreter(project, {"VIRTUAL_ENV": active}).version == (3, 12)
    assert find_interpreter(project, {}).version == (3, 13)
    assert find_interpreter(tmp_path, {}) is RUNNING
    assert find_interpreter(tmp_path, {"VIRTUAL_ENV": sys.prefix}) is RUNNING


def test_the_installed_mypy_passes_the_check_of_unknown_ones(
    tmp_path: Path, mypy_cache: Path
) -> None:
    options = make_options(read_user_settings(tmp_path), RUNNING, mypy_cache)
    assert answers_right(options, stubs_folder())


def test_a_task_is_typed_by_the_stubs(tmp_path: Path, mypy_cache: Path) -> None:
    found = typed(
        tmp_path,
        mypy_cache,
        TASK + "@env.task\nasync def driver() -> int:\n    return await main(n=1)\n",
    )
    assert found.type_of("await main(n=1)") == ClassType(name="builtins.int")
    assert found.faults == []
