"""The same findings by annotations alone as by mypy, on what both can decide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from markdown_cases import CASES, Case, files_of, read_cases

from flyte_compiler.pipeline import compile_paths
from flyte_compiler.typecheck.oracle import TypeSource

TYPED = ("FC101", "FC102", "FC108", "FC301", "FC303", "FC304", "FC306")


def cases() -> Iterator[object]:
    for code in TYPED:
        for case in read_cases(CASES / "rules" / f"{code}.md"):
            yield pytest.param(case, id=f"{code}-{case.name}")


def found(case: Case, source: TypeSource) -> list[tuple[int, str]]:
    with files_of(case):
        compilation = compile_paths([Path(name) for name in case.files], types=source)
    return [
        (each.primary.span.start.line, each.rule.code)
        for each in compilation.diagnostics
        if each.rule.code in TYPED
    ]


def marked(case: Case) -> list[tuple[int, str]]:
    return [
        (number, code)
        for file in case.files.values()
        for number, line in enumerate(file.text.splitlines(), start=1)
        for code in re.findall(r"# (?:error|warning): (?:\d+ )?\[(FC\d+)\]", line)
    ]


@pytest.mark.parametrize("case", tuple(cases()))
def test_annotations_find_what_is_marked(case: Case) -> None:
    assert found(case, TypeSource.ANNOTATIONS) == marked(case)
