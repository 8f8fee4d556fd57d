"""Which modules a program is made of, and what cannot be read."""

from __future__ import annotations

from pathlib import Path

import pytest

from flyte_compiler.callgraph.program import Loaded, load_program
from flyte_compiler.source.read import Unreadable
from flyte_compiler.syntax.parse import SyntaxFault, TooDeep


def write(folder: Path, **files: str) -> None:
    """Keywords name files: `pkg__mod` is `pkg/mod.py`, `pkg__` its `__init__.py`."""
    for name, text in files.items():
        parts = name.split("__")
        file = folder.joinpath(*parts[:-1], f"{parts[-1] or '__init__'}.py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


def modules_of(loaded: Loaded) -> list[list[str]]:
    return [list(program.modules) for program in loaded.programs]


def test_imports_are_followed_wherever_they_stand(tmp_path: Path) -> None:
    write(
        tmp_path,
        main="import pkg.a\ndef f():\n  from pkg import b\n",
        pkg__="",
        pkg__a="try:\n  from . import c\nexcept ImportError: pass\nimport json",
        pkg__b="from .d import *",
        pkg__c="import main",
        pkg__d="",
        unrelated="",
    )
    loaded = load_program([tmp_path / "main.py"])
    assert modules_of(loaded) == [["main", "pkg", "pkg.a", "pkg.b", "pkg.c", "pkg.d"]]
    assert loaded.programs[0].entries == ("main",)
    assert not loaded.faults


def test_an_entry_in_a_package_has_its_full_name(tmp_path: Path) -> None:
    write(tmp_path, pkg__="", pkg__a="from pkg.b import x", pkg__b="")
    (program,) = load_program([tmp_path / "pkg" / "a.py"]).programs
    assert program.entries == ("pkg.a",)
    assert program.root == tmp_path
    assert list(program.modules) == ["pkg", "pkg.a", "pkg.b"]


def test_entries_of_one_root_are_one_program_and_others_their_own(tmp_path: Path) -> None:
    write(tmp_path, one__main="import b", one__b="", one__c="", two__main="import b", two__b="")
    entries = [
        tmp_path / "one" / "main.py",
        tmp_path / "two" / "main.py",
        tmp_path / "one" / "c.py",
    ]
    assert modules_of(load_program(entries)) == [["b", "c", "main"], ["b", "main"]]


def test_a_fault_in_one_module_stops_no_other(tmp_path: Path) -> None:
    write(tmp_path, main="import a, b, c", a="def f(:", b="x = " + "-" * 3_000 + "1", c="")
    (tmp_path / "a2.py").write_bytes(b"\0")
    loaded = load_program([tmp_path / "main.py", tmp_path / "a2.py", tmp_path / "none.py"])
    assert modules_of(loaded) == [["c", "main"]]
    kinds = [type(fault) for fault in loaded.faults]
    assert sorted(kinds, key=str) == sorted([SyntaxFault, TooDeep, Unreadable, Unreadable], key=str)


def test_paths_are_shown_as_the_user_named_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, src__main="import other", src__other="")
    monkeypatch.chdir(tmp_path)
    (relative,) = load_program([Path("src/main.py")]).programs
    assert [str(each.source.path) for each in relative.modules.values()] == [
        "src/main.py",
        "src/other.py",
    ]
    (absolute,) = load_program([tmp_path / "src" / "main.py"]).programs
    assert all(each.source.path.is_absolute() for each in absolute.modules.values())


def test_given_roots_come_first(tmp_path: Path) -> None:
    write(tmp_path, lib__shared="", app__main="import shared")
    (program,) = load_program(
        [tmp_path / "app" / "main.py"], roots=[tmp_path, tmp_path / "lib"]
    ).programs
    assert list(program.modules) == ["app.main", "shared"]


def test_the_sdk_is_never_part_of_a_program(tmp_path: Path) -> None:
    write(tmp_path, main="import flyte\nimport flyte.remote", flyte__="", flyte__remote="")
    assert modules_of(load_program([tmp_path / "main.py"])) == [["main"]]
