"""Which of mypy's nodes fills a span.

mypy's places are those of `ast`: lines from 1, columns in UTF-8 bytes from 0, a tuple's own
parentheses and a generator's inside them. Spans count characters from 1 and leave an expression's
parentheses out. So a span is turned into bytes when it is asked for, and tuples and generators are
found by what stands inside their parentheses. Of what an f-string shows, mypy keeps the end alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mypy.nodes import (
    CallExpr,
    Expression,
    FuncDef,
    GeneratorExpr,
    LambdaExpr,
    MemberExpr,
    MypyFile,
    Node,
    TupleExpr,
)

from flyte_compiler.source.span import Position, Span
from flyte_compiler.source.text import SourceFile
from flyte_compiler.typecheck.mypy_bridge.walk import walk

_BLANK = r"(?:\s|#[^\r\n]*|\\\r?\n)*"
_OPENING = re.compile(r"\(" + _BLANK)
_CLOSING = re.compile(_BLANK + r",?" + _BLANK + r"\)")


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """A half-open range, as mypy counts: lines from 1, columns in bytes from 0."""

    line: int
    column: int
    end_line: int
    end_column: int

    def holds(self, other: Place) -> bool:
        """Whether another place lies in this one, or is it."""
        return (self.line, self.column) <= (other.line, other.column) and (
            (other.end_line, other.end_column) <= (self.end_line, self.end_column)
        )


class Places:
    """The expressions and functions of one module, by their places."""

    def __init__(self, source: SourceFile, tree: MypyFile) -> None:
        self._source = source
        self._expressions: dict[Place, Expression] = {}
        self._functions: dict[tuple[str, int], FuncDef] = {}
        self._bracketed: dict[int, list[tuple[int, Expression]]] = {}
        """Tuples and generators by the offset of what is inside, with the offset of their end."""
        self._shown: dict[tuple[int, int], Expression] = {}
        """What f-strings show, by its end."""
        self._lambdas: dict[tuple[int, int], Expression] = {}
        """By their start: mypy keeps no end, and no other expression starts with `lambda`."""
        for node in walk(tree):
            self._enter(node)

    def expression(self, span: Span) -> Expression | None:
        """The outermost expression that fills a span."""
        place = self.place(span)
        found = self._expressions.get(place)
        if found is not None:
            return found
        start, end = self._source.offset(span.start), self._source.offset(span.end)
        for closed, each in self._bracketed.get(start, ()):
            closing = _CLOSING.match(self._source.text, end)
            if closing is not None and closing.end() == closed:
                return each
        if self._source.text.startswith("lambda", start):
            return self._lambdas.get((place.line, place.column))
        if self._source.text[:start].rstrip().endswith("{"):
            return self._shown.get((place.end_line, place.end_column))
        return None

    def at(self, place: Place) -> Expression | None:
        """The outermost expression of a place."""
        return self._expressions.get(place)

    def within(self, place: Place) -> Iterator[Expression]:
        """Every expression in a place."""
        return (each for at, each in self._expressions.items() if place.holds(at))

    def around(self, place: Place) -> Place | None:
        """The smallest expression that a place is a part of."""
        larger = [at for at in self._expressions if at.holds(place) and at != place]
        return max(
            larger, key=lambda at: (at.line, at.column, -at.end_line, -at.end_column), default=None
        )

    def function(self, name: str, place: Position) -> FuncDef | None:
        """The function whose name in its `def` line stands at a place."""
        return self._functions.get((name, place.line))

    def place(self, span: Span) -> Place:
        """A span as mypy counts."""
        return Place(
            span.start.line, self._bytes_to(span.start), span.end.line, self._bytes_to(span.end)
        )

    def span(self, place: Place) -> Span:
        """A place as people count."""
        return Span(
            path=self._source.path,
            start=self._position(place.line, place.column),
            end=self._position(place.end_line, place.end_column),
        )

    def _enter(self, node: Node) -> None:
        if isinstance(node, FuncDef):
            self._functions.setdefault((node.name, node.line), node)
        if not isinstance(node, Expression):
            return
        line, column = node.line, node.column
        if isinstance(node, LambdaExpr):
            self._lambdas[line, column] = node
        end_line, end_column = node.end_line, node.end_column
        if line < 1 or column < 0 or end_line is None or end_column is None:
            return  # made up by mypy, as the `format` in an f-string
        place = Place(line, column, end_line, end_column)
        self._expressions.setdefault(place, node)
        shown = _shown_by(node)
        if shown is not None and shown.end_line is not None and shown.end_column is not None:
            self._shown[shown.end_line, shown.end_column] = shown
        if isinstance(node, TupleExpr | GeneratorExpr):
            span = self.span(place)
            start, end = self._source.offset(span.start), self._source.offset(span.end)
            opening = _OPENING.match(self._source.text, start)
            if opening is not None:
                self._bracketed.setdefault(opening.end(), []).append((end, node))

    def _bytes_to(self, position: Position) -> int:
        line = self._source.line(position.line)
        if line.isascii():
            return position.column - 1
        return len(line[: position.column - 1].encode(errors="surrogatepass"))

    def _position(self, line: int, column: int) -> Position:
        text = self._source.line(line)
        if text.isascii():
            return Position(line, column + 1)
        before = text.encode(errors="surrogatepass")[:column].decode(errors="ignore")
        return Position(line, len(before) + 1)


def _smallness(place: Place) -> tuple[int, int, int, int]:
    """Orders places that hold one another, the largest first."""
    return place.line, place.column, -place.end_line, -place.end_column


def _shown_by(node: Expression) -> Expression | None:
    """The value of an f-string's `{}`, which mypy makes a call of `format` on a string that no
    source has."""
    if not isinstance(node, CallExpr) or not isinstance(node.callee, MemberExpr):
        return None
    is_made = node.callee.name == "format" and node.callee.end_line is None
    return node.args[0] if is_made and node.args else None
