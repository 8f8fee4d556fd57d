"""libcst's code generator, remembering where each node starts and ends, in tokens.

Its own `PositionProvider` gives the same places at three times the cost. Its conventions hold
here: a span leaves out the white space that a node owns, an expression's parentheses and a
statement's line break; a node that draws no such line (a comma, an indented block's header) is as
wide as its text.
"""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst


class Recorder:
    """Stands in for libcst's `CodegenState`, and counts tokens instead of characters.

    It isn't a subclass so that `add_token` can be `list.append` itself: that call is most of what
    code generation does.
    """

    def __init__(self, tree: cst.Module, indents: Iterable[str] = ()) -> None:
        self.default_indent = tree.default_indent
        self.default_newline = tree.default_newline
        self.indent_tokens = list(indents)
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
        recorder: Recorder,
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
