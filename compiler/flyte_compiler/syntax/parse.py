"""From text to a tree, without ever crashing on one.

libcst's native parser has no guard for its stack: two thousand brackets end the process. CPython's
has, so `ast.parse` reads first: it rejects what isn't Python, in words that people know, and its
tree says how deep libcst's will be before libcst is asked.
"""

from __future__ import annotations

import ast
import re
import warnings
from dataclasses import dataclass, field

import libcst as cst

from flyte_compiler.source.span import Position, Span
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.deep import with_deep_stack
from flyte_compiler.syntax.positions import Positions

DEEPEST = 1_500
"""Levels of CPython's tree. libcst's time and memory grow with the square of the depth: a sum of
1,500 terms takes it half a second and 4,000 conditional expressions 2.7 GB."""

_TOO_NESTED = ("too many nested", "too many statically nested", "too many levels of indentation")
"""How CPython's messages begin where it gives up on depth rather than on grammar."""

_LIBCST_WORDS = re.compile(r"parser error: error at (?P<line>\d+):(?P<column>\d+): (?P<said>.*)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Parsed:
    """A module's tree and the place of each of its nodes."""

    tree: cst.Module = field(repr=False)
    positions: Positions = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SyntaxFault:
    """Text that isn't Python, in the parser's words."""

    words: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class TooDeep:
    """Python that is nested beyond what can be read safely."""

    words: str
    span: Span


def parse(source: SourceFile) -> Parsed | SyntaxFault | TooDeep:
    """The tree of a module, or what keeps it from having one."""
    return with_deep_stack(lambda: _parse(source))


def _parse(source: SourceFile) -> Parsed | SyntaxFault | TooDeep:
    try:
        if fault := _check(source):
            return fault
        tree = cst.parse_module(source.text)
        return Parsed(tree=tree, positions=Positions(source, tree))
    except cst.ParserSyntaxError as error:
        return _beyond_libcst(source, error)
    except cst.CSTValidationError as error:
        words = f"Python accepts this, the compiler's parser does not: {error}"
        return SyntaxFault(words=words, span=_whole(source))
    except (RecursionError, MemoryError):
        return _too_deep(source)
    except ValueError as error:
        words = f"Python accepts this file, but it cannot be read without loss: {error}"
        return SyntaxFault(words=words, span=_whole(source))


def _check(source: SourceFile) -> SyntaxFault | TooDeep | None:
    """What CPython says against the text, and then against what it means: `return` outside a
    function, `await` in a plain one, a parameter twice. Compiling runs nothing."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # invalid escapes and the like are no faults
            tree = ast.parse(source.text)
            deepest = _first_beyond(tree, DEEPEST)
            if deepest is not None:
                return _too_deep(source, deepest)
            compile(tree, "<source>", "exec", dont_inherit=True)
    except SyntaxError as error:
        words = (error.msg or "invalid syntax").rstrip(".")
        span = _span_of(source, error)
        if words.startswith(_TOO_NESTED):
            return TooDeep(words=words, span=span)
        return SyntaxFault(words=words[:1].lower() + words[1:], span=span)
    except ValueError as error:  # a NUL, a lone surrogate
        return SyntaxFault(words=str(error), span=_whole(source))
    return None


def _first_beyond(tree: ast.AST, levels: int) -> int | None:
    """The line at which the tree gets deeper than `levels`, level by level, never recursing."""
    level: list[ast.AST] = [tree]
    for _ in range(levels):
        level = [child for node in level for child in ast.iter_child_nodes(node)]
        if not level:
            return None
    return next((node.lineno for node in level if isinstance(node, ast.expr | ast.stmt)), 1)


def _beyond_libcst(source: SourceFile, error: cst.ParserSyntaxError) -> SyntaxFault:
    """The place is in the message alone: `raw_line` is a line too far where one follows. Its
    column is that of the end of the token."""
    line, column, said = error.raw_line, error.raw_column + 1, error.message
    if found := _LIBCST_WORDS.match(error.message):
        line, column, said = int(found["line"]), int(found["column"]) - 1, found["said"]
    start = _offset(source, line, column)
    words = f"Python accepts this, the compiler's parser does not: {said}"
    return SyntaxFault(words=words, span=_from(source, start, start + 1))


def _too_deep(source: SourceFile, line: int | None = None) -> TooDeep:
    """Where the depth was measured, its line; where an interpreter's own guard spoke first, which
    has no line and on Python 3.12 speaks at a few hundred levels, none."""
    start = source.line_starts[min(line or 1, len(source.line_starts)) - 1]
    words = "nested too deeply" if line is None else f"nested more than {DEEPEST:,} levels deep"
    return TooDeep(words=words, span=_from(source, start, start))


def _span_of(source: SourceFile, error: SyntaxError) -> Span:
    """CPython counts characters from 1, or gives 0 and None where it doesn't know."""
    start = _offset(source, error.lineno, error.offset)
    end = _offset(source, error.end_lineno, error.end_offset)
    return _from(source, start, max(end, start + 1))


def _offset(source: SourceFile, line: int | None, column: int | None) -> int:
    if not line or line > len(source.line_starts):
        return len(source.text) if line else 0
    return source.offset(Position(line, max(column or 1, 1)))


def _from(source: SourceFile, start: int, end: int) -> Span:
    """A span that stays inside the text, whatever a parser said."""
    last = len(source.text)
    start = min(max(start, 0), last)
    return source.span(start, min(max(end, start), last))


def _whole(source: SourceFile) -> Span:
    return source.span(0, 0)
