"""How text is cut to fit."""

from __future__ import annotations

import pytest

from flyte_compiler.emit.wording import boundary, cut, fragment_lines, prose_lines, signature_lines


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
