"""Lines and columns as Python counts them, and reading files that aren't source."""

from __future__ import annotations

import io
import os
import tokenize
from pathlib import Path

import pytest

from flyte_compiler.source.read import LARGEST, Unreadable, decode_source, read_source
from flyte_compiler.source.span import Position
from flyte_compiler.source.text import SourceFile


def source_of(text: str) -> SourceFile:
    return SourceFile(path=Path("a.py"), module="a", text=text)


def read(path: Path) -> SourceFile | Unreadable:
    return read_source(path, module="a", shown=Path("shown.py"))


def reason_of(outcome: SourceFile | Unreadable) -> str:
    assert isinstance(outcome, Unreadable)
    assert outcome.path == Path("shown.py")
    return outcome.reason


@pytest.mark.parametrize("separator", ["\f", "\v", "\x1c", "\x1d", "\x85", "\u2028", "\u2029"])
def test_only_line_breaks_end_a_line(separator: str) -> None:
    source = source_of(f"a = 1\n{separator}\nb = '{separator}'\nc = 2\n")
    assert source.position(source.text.index("c")) == Position(4, 1)
    assert source.line(3) == f"b = '{separator}'"


@pytest.mark.parametrize("text", ["a = 1\n\fb = 2\nc = 3", "a\r\nb\rc\n", "x = '\x0c'\ny\n"])
def test_lines_are_those_of_the_tokenizer(text: str) -> None:
    source = source_of(text)
    universal = io.StringIO(text, newline=None).read()  # the tokenizer wants `\n` alone
    for token in tokenize.generate_tokens(io.StringIO(universal).readline):
        if token.type == tokenize.NAME:
            offset = source.offset(Position(token.start[0], token.start[1] + 1))
            assert text[offset : offset + len(token.string)] == token.string


def test_offsets_and_positions_are_inverse_at_every_place() -> None:
    source = source_of("a\r\nbc\rd\n\n\fé𝒳")
    for offset in range(len(source.text) + 1):
        assert source.offset(source.position(offset)) == offset


def test_lines_past_the_end_are_empty() -> None:
    assert [source_of("a\nb").line(number) for number in (1, 2, 3)] == ["a", "b", ""]
    assert source_of("").line(1) == ""


def test_columns_count_characters_not_bytes(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.write_bytes("x = 'é𝒳'; y = 1\n".encode())
    source = read(file)
    assert isinstance(source, SourceFile)
    assert source.position(source.text.index("y")) == Position(1, 11)


def test_a_byte_order_mark_is_no_character() -> None:
    source = decode_source(b"\xef\xbb\xbfx = 1\n", module="a", shown=Path("a.py"))
    assert isinstance(source, SourceFile)
    assert source.text == "x = 1\n"


def test_a_coding_comment_is_obeyed() -> None:
    source = decode_source(b"# coding: latin-1\nx = '\xe9'\n", module="a", shown=Path("a.py"))
    assert isinstance(source, SourceFile)
    assert "é" in source.text


def test_line_breaks_stay_as_they_are() -> None:
    source = decode_source(b"a\r\nb\rc\n", module="a", shown=Path("a.py"))
    assert isinstance(source, SourceFile)
    assert source.text == "a\r\nb\rc\n"


@pytest.mark.parametrize(
    ("raw", "reason", "position"),
    [
        (b"x = 1\ny = '\xff'\n", "not utf-8 text", None),
        (b"# coding: utf-8\nx = '\n\xff'\n", "not utf-8 text: invalid start byte", Position(3, 1)),
        (b"# coding: klingon\n", "unknown encoding `klingon`", Position(1, 1)),
        (b"# coding: hex\n", "", Position(1, 1)),
        (b"\xef\xbb\xbf# coding: latin-1\n", "byte order mark", Position(1, 1)),
        (b"a = 1\nb\0c\n", "NUL", Position(2, 2)),
    ],
)
def test_what_is_not_text_says_why(raw: bytes, reason: str, position: Position | None) -> None:
    outcome = decode_source(raw, module="a", shown=Path("shown.py"))
    assert reason in reason_of(outcome)
    assert isinstance(outcome, Unreadable)
    assert position is None or outcome.position == position


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    with file.open("wb") as sparse:
        sparse.truncate(LARGEST + 1)
    assert "larger than 10 MB" in reason_of(read(file))


def test_what_cannot_be_opened_says_why(tmp_path: Path) -> None:
    assert reason_of(read(tmp_path)) == "a directory, not a file"
    assert reason_of(read(tmp_path / "none.py")) == "no such file"
    assert "null" in reason_of(read(Path("a\0b.py")))


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no pipes with names here")
def test_a_pipe_that_nobody_writes_to_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.py")
    assert reason_of(read(tmp_path / "a.py")) == "not a regular file"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_file_says_so(tmp_path: Path) -> None:
    file = tmp_path / "a.py"
    file.touch(mode=0)
    assert reason_of(read(file)) == "no permission to read it"
