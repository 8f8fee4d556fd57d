from __future__ import annotations

import pytest

from flyte_compiler.diagnostics.display import display_line, display_width, visible


@pytest.mark.parametrize(
    ("text", "width"), [("", 0), ("abc", 3), ("日本", 4), ("e\u0301", 1), ("\u200bx", 1)]
)
def test_width_counts_columns_not_characters(text: str, width: int) -> None:
    assert display_width(text) == width


def test_a_tab_goes_to_the_next_multiple_of_four() -> None:
    line = display_line("a\tb\t\tc")
    assert line.text == "a   b       c"
    assert [line.column(character) for character in (1, 2, 3, 4, 5, 6)] == [0, 1, 4, 5, 8, 12]


def test_a_column_past_the_end_is_the_end() -> None:
    assert display_line("ab").column(99) == 2


@pytest.mark.parametrize("text", ["\x1b[31m", "\x07", "\x7f", "\x9b", "\u202e", "\ud800"])
def test_no_text_drives_the_terminal(text: str) -> None:
    shown = visible(text)
    assert shown != text
    assert len(shown) == len(text)
    shown.encode("utf-8")


def test_a_cut_line_keeps_its_columns() -> None:
    line = display_line("0123456789" * 3)
    cut = line.cut(start=10, width=12)
    assert cut.text == "…1234567890…"
    assert cut.column(12) == 1


def test_a_wide_character_cut_in_two_leaves_a_space() -> None:
    assert display_line("日本語日本語").cut(start=2, width=6).text == "… 語 …"
