"""Where nodes stand: one pass of libcst's code generator, remembering token numbers.

libcst's own `PositionProvider` gives the same places at three times the cost. Its conventions
hold here: a span leaves out the whitespace that a node owns, an expression's parentheses and a
statement's line break; a node that draws no such line (a comma, an indented block's header) is as
wide as its text.

Spans count characters of `SourceFile.text`; a node that isn't in the tree raises `CompilerBug`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import accumulate
from typing import cast

import libcst as cst
from libcst._nodes.internal import CodegenState

from flyte_compiler.source.bug import CompilerBug
from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile

_DROPPED = re.compile(r"[ \t\f]|\\(?:\r\n|\r|\n)")


class Positions:
    """The offsets and spans of every node of one module's tree."""

    __slots__ = ("_ends", "_ranges", "_source", "_starts", "_tree")

    def __init__(self, source: SourceFile, tree: cst.Module) -> None:
        """Raises ValueError where the tree doesn't give back the text that it was made of."""
        recorder = _Recorder(tree)
        tree._codegen(cast(CodegenState, recorder))
        tokens = recorder.tokens
        if "".join(tokens) == source.text:
            starts = ends = list(accumulate(map(len, tokens), initial=0))
        else:
            starts, ends = _aligned(tokens, source.text)
        for offsets in {id(starts): starts, id(ends): ends}.values():
            offsets.append(offsets[-1])  # a last line break that libcst took back
        self._source = source
        self._tree = tree  # keeps the nodes alive: they are told apart by identity
        self._starts = starts
        self._ends = ends
        self._ranges = recorder.ranges

    def offsets(self, node: cst.CSTNode) -> tuple[int, int]:
        """The half-open range of characters that a node takes up."""
        try:
            first, last = self._ranges[id(node)]
        except KeyError:
            raise CompilerBug(f"{type(node).__name__} of another tree has no position") from None
        start = self._starts[first]
        return start, max(start, self._ends[last])

    def span(self, node: cst.CSTNode) -> Span:
        """The span of a node."""
        return self._source.span(*self.offsets(node))

    def text(self, node: cst.CSTNode) -> str:
        """The text of a node, as written."""
        start, end = self.offsets(node)
        return self._source.text[start:end]


def _aligned(tokens: Sequence[str], text: str) -> tuple[list[int], list[int]]:
    """Where each token starts in the text, and where the one before it ends.

    libcst drops form feeds that stand before code on a line, blanks before the colon of an
    `except`, and a lone carriage return at the end. Raises ValueError where more is lost.
    """
    starts, ends = [], [0]
    offset = 0
    for token in tokens:
        while not text.startswith(token, offset):
            dropped = _DROPPED.match(text, offset)
            if dropped is None:
                raise ValueError("the tree does not give back the text")
            offset = dropped.end()
        starts.append(offset)
        offset += len(token)
        ends.append(offset)
    if text[offset:].strip():
        raise ValueError("the tree does not give back the end of the text")
    starts.append(offset)
    return starts, ends


class _Recorder:
    """Stands in for libcst's `CodegenState`, and counts tokens instead of characters.

    It isn't a subclass so that `add_token` can be `list.append` itself: that call is most of what
    code generation does.
    """

    def __init__(self, tree: cst.Module) -> None:
        self.default_indent = tree.default_indent
        self.default_newline = tree.default_newline
        self.indent_tokens: list[str] = []
        self.tokens: list[str] = []
        self.add_token = self.tokens.append
        self.increase_indent = self.indent_tokens.append
        self.ranges: dict[int, tuple[int, int]] = {}
        self._starts: list[int] = []

    def decrease_indent(self) -> None:
        self.indent_tokens.pop()

    def add_indent_tokens(self) -> None:
        self.tokens.extend(self.indent_tokens)

    def pop_trailing_newline(self) -> None:
        if self.tokens:
            self.tokens.pop()

    def before_codegen(self, node: cst.CSTNode) -> None:
        self._starts.append(len(self.tokens))

    def after_codegen(self, node: cst.CSTNode) -> None:
        start = self._starts.pop()
        self.ranges.setdefault(id(node), (start, len(self.tokens)))

    def record_syntactic_position(
        self,
        node: cst.CSTNode,
        *,
        start_node: cst.CSTNode | None = None,
        end_node: cst.CSTNode | None = None,
    ) -> _Drawn:
        return _Drawn(self, node, start_node, end_node)


class _Drawn:
    """The with-block in which libcst writes the part of a node that its span covers."""

    __slots__ = ("_end_node", "_node", "_recorder", "_start", "_start_node")

    def __init__(
        self,
        recorder: _Recorder,
        node: cst.CSTNode,
        start_node: cst.CSTNode | None,
        end_node: cst.CSTNode | None,
    ) -> None:
        self._recorder = recorder
        self._node = node
        self._start_node = start_node
        self._end_node = end_node

    def __enter__(self) -> None:
        self._start = len(self._recorder.tokens)

    def __exit__(self, kind: type[BaseException] | None, *exc: object) -> None:
        if kind is not None:  # what is left half written has no ranges to speak of
            return
        ranges = self._recorder.ranges
        start, end = self._start, len(self._recorder.tokens)
        if self._start_node is not None:
            start = ranges[id(self._start_node)][0]
        if self._end_node is not None:
            end = ranges[id(self._end_node)][1]
        ranges[id(self._node)] = (start, end)
