"""Where nodes stand, by adding up the lengths of what libcst keeps of a text.

libcst's code generator says the same by writing the text again: five calls and two lists for each
node, blanks and commas included, and more than half of all nodes are blanks. Here a table holds,
for the kinds that programs are made of, how long the parts of a node are; what isn't in it is
written by the code generator after all. That takes about a third of the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from typing import Any, TypeAlias, cast

import libcst as cst
from libcst._nodes.internal import CodegenState

from flyte_compiler.syntax.recorder import Recorder

Spans: TypeAlias = dict[int, tuple[int, int]]
Handler: TypeAlias = "Callable[[Layout, Any, int], int]"
Table: TypeAlias = "Mapping[type[cst.CSTNode], Handler]"


class NotAsWritten(Exception):  # noqa: N818 - no error: it is placed in another way
    """The tree isn't the text, character for character."""


class Layout:
    """Places the nodes of one module, from its start to its end."""

    def __init__(self, tree: cst.Module, text: str, *, expressions: Table, others: Table) -> None:
        """`expressions` say where one ends that starts at an offset, without its parentheses;
        `others` say so of other nodes, and keep their spans."""
        self.spans: Spans = {}
        """Half-open ranges of characters, by the identity of nodes; of blanks and marks, none."""
        self.text = text
        self.indents: list[str] = []
        self.indent = 0
        self._expressions = expressions
        self._others = others
        self._tree = tree
        self._default_indent = tree.default_indent
        self._newline = len(tree.default_newline)

    def module(self) -> None:
        """Place everything. Raises NotAsWritten."""
        tree, total = self._tree, len(self.text)
        at = self.block(tree.body, self.empty_lines(tree.header, 0))
        at = self.empty_lines(tree.footer, at)
        if at != total and (tree.has_trailing_newline or at != total + self._newline):
            raise NotAsWritten
        self.spans[id(tree)] = (0, total)

    # Any node --------------------------------------------------------------------------------

    def place(self, node: cst.CSTNode, at: int) -> int:
        """Place a node that starts at an offset, and all in it; gives where it ends."""
        handler = self._others.get(type(node))
        return self._written(node, at) if handler is None else handler(self, node, at)

    def expression(self, node: Any, at: int) -> int:
        """Place an expression; its parentheses aren't in its span."""
        handler = self._expressions.get(type(node))
        if handler is None:
            return self.place(node, at)
        if node.lpar:
            for parenthesis in node.lpar:
                at += 1 + self.gap(parenthesis.whitespace_after)
        end = handler(self, node, at)
        self.spans[id(node)] = (at, end)
        if node.rpar:
            for parenthesis in node.rpar:
                end += 1 + self.gap(parenthesis.whitespace_before)
        return end

    def block(self, statements: Iterable[cst.CSTNode], at: int) -> int:
        """Place statements that stand on lines of their own."""
        place = self.place
        for statement in statements:
            at = place(statement, at)
        return at

    def _written(self, node: cst.CSTNode, at: int) -> int:
        recorder = Recorder(self._tree, self.indents)
        node._codegen(cast(CodegenState, recorder))
        offsets = list(accumulate(map(len, recorder.tokens), initial=at))
        for identity, (first, last) in recorder.ranges.items():
            self.spans[identity] = (offsets[first], offsets[last])
        return offsets[-1]

    # Blanks and marks ------------------------------------------------------------------------

    def gap(self, blank: Any) -> int:
        """How long the white space is between two tokens; in brackets it may be lines."""
        if type(blank) is cst.SimpleWhitespace:
            return len(blank.value)
        if type(blank) is not cst.ParenthesizedWhitespace:  # nothing, as where `return` ends
            return 0
        length = self.line_end(blank.first_line) + self.empty_lines(blank.empty_lines, 0)
        return length + len(blank.last_line.value) + (self.indent if blank.indent else 0)

    def mark(self, node: Any, length: int = 1) -> int:
        """How long a comma, a dot or an operator is with the blanks that it owns."""
        return self.gap(node.whitespace_before) + length + self.gap(node.whitespace_after)

    def comma(self, node: Any) -> int:
        """How long the comma is behind an element; the last may have none."""
        return self.mark(node.comma) if type(node.comma) is cst.Comma else 0

    def line_end(self, node: cst.TrailingWhitespace) -> int:
        """How long blanks, a comment and the line break are."""
        length = len(node.whitespace.value) + self._break(node.newline)
        return length if node.comment is None else length + len(node.comment.value)

    def empty_lines(self, lines: Sequence[cst.EmptyLine], at: int) -> int:
        """Where lines end that hold no code."""
        for line in lines:
            at += len(line.whitespace.value) + self._break(line.newline)
            if line.indent:
                at += self.indent
            if line.comment is not None:
                at += len(line.comment.value)
        return at

    def _break(self, node: cst.Newline) -> int:
        return self._newline if node.value is None else len(node.value)

    # Blocks ----------------------------------------------------------------------------------

    def enter(self, indent: str | None) -> None:
        """From here on lines are indented further."""
        self.indents.append(self._default_indent if indent is None else indent)
        self.indent += len(self.indents[-1])

    def leave(self) -> None:
        """The indented lines end."""
        self.indent -= len(self.indents.pop())
