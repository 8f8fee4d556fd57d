"""Faults instead of crashes, and places equal to libcst's own."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
import textwrap
import threading
import typing
from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

import flyte_compiler
from flyte_compiler.source.bug import CompilerBug
from flyte_compiler.source.span import Position
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.deep import with_deep_stack
from flyte_compiler.syntax.parse import Parsed, SyntaxFault, TooDeep, parse
from flyte_compiler.syntax.tree import walk

OURS = sorted(Path(flyte_compiler.__file__).parent.glob("s*/*.py"))
THEIRS = [Path(module.__file__) for module in (dataclasses, textwrap, threading, typing)]  # type: ignore[arg-type]


def source_of(text: str) -> SourceFile:
    return SourceFile(path=Path("a.py"), module="a", text=text)


def parsed(text: str) -> Parsed:
    outcome = parse(source_of(text))
    assert isinstance(outcome, Parsed)
    return outcome


@pytest.mark.parametrize("file", [*OURS, *THEIRS], ids=lambda file: file.stem)
def test_every_span_is_the_one_that_libcst_gives(file: Path) -> None:
    result = parsed(file.read_text())
    places = MetadataWrapper(result.tree, unsafe_skip_copy=True).resolve(PositionProvider)
    meant = list(walk(result.tree))  # first: asking for a blank has all places taken anew
    for node, place in ((node, places[node]) for node in (*meant, *places)):
        span = result.positions.span(node)
        assert span.start == Position(place.start.line, place.start.column + 1), node
        assert span.end == Position(place.end.line, place.end.column + 1), node


def test_parentheses_stand_outside_of_an_expression() -> None:
    result = parsed("x = ((a + b))\n")
    line = cst.ensure_type(result.tree.body[0], cst.SimpleStatementLine)
    value = cst.ensure_type(line.body[0], cst.Assign).value
    assert result.positions.text(value) == "a + b"


@pytest.mark.parametrize(
    "text",
    [
        *("x = 1", "# only a comment", "", "\n\n", "a\rb\r", "a\r\nb\rc\n", "x\n\f\f"),
        *("try: x\nexcept E  :\n  y\n", "try: x\nexcept E \\\n :\n  y\n"),
        *("\fx = 1\r\n", "a\n\fdef f():\n  x\n\f  y\n\f\f\nz = 1", "\f# c\n\f\nx\n"),
    ],
)
def test_layout_that_libcst_loses_moves_no_span(text: str) -> None:
    result = parsed(text)
    names = [node for node in walk(result.tree) if isinstance(node, cst.Name)]
    assert sorted(result.positions.text(name) for name in names) == sorted(
        name.value for name in names
    )
    for statement in result.tree.body:
        assert result.positions.text(statement) == result.positions.text(statement).strip()


def test_a_node_of_another_tree_is_our_own_mistake() -> None:
    with pytest.raises(CompilerBug, match="Name of another tree"):
        parsed("x = 1\n").positions.span(cst.Name("x"))


def test_a_syntax_error_has_the_words_and_the_place_of_python() -> None:
    fault = parse(source_of("x = 1\ndef f(:\n    pass\n"))
    assert isinstance(fault, SyntaxFault)
    assert fault.words == "invalid syntax"
    assert fault.span.start == Position(2, 7)


def test_what_only_the_second_parser_rejects_says_so() -> None:
    fault = parse(source_of("a = 1\n(b): int\nc = 2\n"))
    assert isinstance(fault, SyntaxFault)
    assert fault.words.startswith("Python accepts this, the compiler's parser does not: expected")
    assert fault.span.start == Position(2, 4)


def test_strange_escapes_warn_nobody() -> None:
    parsed("x = '\\d'\nassert (x, 'always true')\nx is 1\n")


@pytest.mark.skipif(sys.version_info[:2] == (3, 12), reason="its own guard speaks earlier")
def test_a_chain_of_a_thousand_elifs_is_read() -> None:
    parsed("if a: pass\n" + "elif a: pass\n" * 1_000)


DEEP = {
    "brackets": "'x = ' + '[' * 2_000 + ']' * 2_000",
    "parentheses": "'x = ' + '(' * 100_000 + ')' * 100_000",
    "elifs": "'if a: pass\\n' + 'elif a: pass\\n' * 4_000",
    "sum": "'x = ' + '+'.join(['1'] * 20_000)",
    "attributes": "'x = a' + '.b' * 20_000",
    "calls": "'x = a' + '()' * 20_000",
    "minus": "'x = ' + '-' * 100_000 + '1'",
    "lambdas": "'x = ' + 'lambda: ' * 3_000 + '1'",
    "blocks": "''.join(' ' * n + 'if a:\\n' for n in range(150)) + ' ' * 150 + 'pass\\n'",
}


@pytest.mark.parametrize("text", DEEP.values(), ids=DEEP)
def test_deep_nesting_is_said_not_crashed_on(text: str) -> None:
    program = f"""
from pathlib import Path
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.parse import parse
fault = parse(SourceFile(path=Path("a.py"), module="a", text={text}))
print(type(fault).__name__, fault.words)
"""
    command = [sys.executable, "-c", program]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith(TooDeep.__name__), done.stdout


def test_a_deep_stack_gives_values_and_errors_and_leaves_no_trace() -> None:
    limit, size = sys.getrecursionlimit(), threading.stack_size()

    def depth(levels: int) -> int:
        return 0 if levels == 0 else 1 + depth(levels - 1)

    assert with_deep_stack(lambda: with_deep_stack(lambda: depth(20_000))) == 20_000
    with pytest.raises(ZeroDivisionError):
        with_deep_stack(lambda: 1 // 0)
    assert (sys.getrecursionlimit(), threading.stack_size()) == (limit, size)
