"""How text is cut to fit."""

from __future__ import annotations

import pytest

from flyte_compiler.emit.wording import (
    boundary,
    cut,
    fragment_lines,
    is_flattening,
    prose_lines,
    signature_lines,
)


@pytest.mark.parametrize(
    ("signature", "lines"),
    [
        ("(a: int) -> str", ["(a: int) -> str"]),
        ("() -> dict[str, Cccccccc]", ["()", "-> dict[str, Cccccccc]"]),
        ("(a: dict[str, int], b: int)", ["(a: dict[str, int],", " b: int)"]),
        ("(a: int, *, b: str = ', ') -> T", ["(a: int, *,", " b: str = ', ')", "-> T"]),
        ("(a: str = '->', b: str = \"(\") -> T", ["(a: str = '->',", ' b: str = "(")', "-> T"]),
        ("(" + "a" * 30 + ") -> T", ["(" + "a" * 21 + "…)", "-> T"]),
    ],
)
def test_a_signature_is_broken_between_its_parts(signature: str, lines: list[str]) -> None:
    assert list(signature_lines(signature, 24)) == lines


def test_a_fragment_keeps_three_lines_and_its_shape() -> None:
    source = "if x:\n        a = 1\n\n        b = 2\n    c = 3"
    assert fragment_lines(source) == ("if x:", "    a = 1", "    b = 2", "…")
    assert fragment_lines("x + 1") == ("x + 1",)


def test_a_reason_is_broken_between_words_and_ends() -> None:
    assert prose_lines("a loop that calls `fit`") == ("a loop that calls `fit`",)
    assert prose_lines("a call of `t2` that does not fit its parameters") == (
        "a call of `t2` that does not fit its",
        "parameters",
    )
    long = prose_lines("may call " + ", ".join(f"task_{i}" for i in range(60)))
    assert len(long) == 3
    assert long[-1].endswith("…")


def test_a_boundary_shows_both_sides_only_where_they_differ() -> None:
    assert boundary("int", "int") == "int"
    assert boundary(None, "int") == "int"
    assert boundary("int", None) == "int"
    assert boundary(None, None) is None
    assert boundary("int", "float") == "int → float"


def test_a_cut_is_one_line_of_the_width() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
    assert cut("a\n  b", 9) == "a b"


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("(__c0) += str((__c1)); r = __c0", "r += str(…)"),
        ("(__c_0) *= 2; r = __c_0", "r *= 2"),
        ("(__c0) + (__c1)", "… + …"),
        ("x = (__c0); r = x", "x = …; r = x"),
    ],
)
def test_a_fragment_has_no_name_that_the_program_has_not(source: str, line: str) -> None:
    assert fragment_lines(source) == (line,)


@pytest.mark.parametrize(
    ("source", "is_it"),
    [
        ("[__c2 for __c1 in __c0 for __c2 in __c1]", True),
        ("[x for y in z for x in y]", False),
        ("[f(__c2) for __c1 in __c0 for __c2 in __c1]", False),
    ],
)
def test_making_one_list_of_lists_is_told_from_a_comprehension(source: str, is_it: bool) -> None:
    assert is_flattening(source) is is_it
