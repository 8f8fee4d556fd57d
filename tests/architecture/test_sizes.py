"""Files stay under 500 lines and functions under 60: what is longer holds two ideas."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
FOLDERS = ("compiler", "runtime", "tests", "examples", "benchmarks")
FILE_LINES = 500
FUNCTION_LINES = 60

ALLOWED: frozenset[str] = frozenset()
"""`path` or `path:function` that may be longer. It only ever shrinks."""

FORBIDDEN_NAMES = frozenset({"utils", "helpers", "common", "misc", "manager"})


def sources() -> Iterator[Path]:
    """Our own files; the corpus is what others write, at its most usual."""
    for folder in FOLDERS:
        for file in sorted((ROOT / folder).rglob("*.py")):
            if not file.is_relative_to(ROOT / "tests" / "corpus"):
                yield file


def functions(file: Path) -> Iterator[tuple[str, int]]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            assert node.end_lineno is not None
            yield node.name, node.end_lineno - node.lineno + 1


def too_long() -> Iterator[tuple[str, int]]:
    for file in sources():
        name = file.relative_to(ROOT).as_posix()
        lines = len(file.read_text(encoding="utf-8").splitlines())
        if lines > FILE_LINES:
            yield name, lines
        for function, length in functions(file):
            if length > FUNCTION_LINES:
                yield f"{name}:{function}", length


def test_nothing_is_too_long() -> None:
    found = {place: lines for place, lines in too_long() if place not in ALLOWED}
    assert not found


def test_what_is_allowed_is_still_too_long() -> None:
    """So that the list shrinks as soon as it can."""
    assert {place for place, _ in too_long()} >= ALLOWED


def test_no_file_is_named_after_nothing() -> None:
    assert not [file for file in sources() if file.stem in FORBIDDEN_NAMES]


@pytest.mark.parametrize(
    "package", ["compiler/flyte_compiler", "compiler/flyte_plan", "runtime/flyte"]
)
def test_every_module_says_what_it_is(package: str) -> None:
    silent = [
        file.relative_to(ROOT).as_posix()
        for file in sorted((ROOT / package).rglob("*.py"))
        if file.read_text(encoding="utf-8").strip()
        and ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) is None
    ]
    assert not silent
