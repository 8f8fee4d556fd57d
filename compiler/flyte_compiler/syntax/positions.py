"""Where nodes stand: `Layout` adds lengths up, and libcst's code generator says the rest.

The conventions are those of libcst's `PositionProvider` (recorder.py). Spans count characters of
`SourceFile.text`; a node that isn't in the tree raises `CompilerBug`.
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
from flyte_compiler.syntax.layout import Layout, NotAsWritten, Spans
from flyte_compiler.syntax.layout_expressions import CLAUSES, EXPRESSIONS
from flyte_compiler.syntax.layout_statements import STATEMENTS
from flyte_compiler.syntax.recorder import Recorder

_OTHERS = {**CLAUSES, **STATEMENTS}
_DROPPED = re.compile(r"[ \t\f]|\\(?:\r\n|\r|\n)")


class Positions:
    """The offsets and spans of every node of one module's tree."""

    __slots__ = ("_is_whole", "_source", "_spans", "_tree")

    def __init__(self, source: SourceFile, tree: cst.Module) -> None:
        """Raises ValueError where the tree doesn't give back the text that it was made of."""
        self._source = source
        self._tree = tree  # keeps the nodes alive: they are told apart by identity
        layout = Layout(tree, source.text, expressions=EXPRESSIONS, others=_OTHERS)
        try:
            layout.module()
        except NotAsWritten:
            self._spans, self._is_whole = _recorded(tree, source.text), True
        else:
            self._spans, self._is_whole = layout.spans, False

    def offsets(self, node: cst.CSTNode) -> tuple[int, int]:
        """The half-open range of characters that a node takes up."""
        found = self._spans.get(id(node))
        if found is None and not self._is_whole:  # a blank or a mark: hardly anybody asks
            self._spans, self._is_whole = _recorded(self._tree, self._source.text), True
            found = self._spans.get(id(node))
        if found is None:
            raise CompilerBug(f"{type(node).__name__} of another tree has no position")
        return found

    def span(self, node: cst.CSTNode) -> Span:
        """The span of a node."""
        return self._source.span(*self.offsets(node))

    def text(self, node: cst.CSTNode) -> str:
        """The text of a node, as written."""
        start, end = self.offsets(node)
        return self._source.text[start:end]


def _recorded(tree: cst.Module, text: str) -> Spans:
    """The place of every node, of blanks and marks too, as the code generator writes them.

    Raises ValueError where it doesn't write the text again.
    """
    recorder = Recorder(tree)
    tree._codegen(cast(CodegenState, recorder))
    tokens = recorder.tokens
    if "".join(tokens) == text:
        starts = ends = list(accumulate(map(len, tokens), initial=0))
    else:
        starts, ends = _aligned(tokens, text)
    for offsets in {id(starts): starts, id(ends): ends}.values():
        offsets.append(offsets[-1])  # a last line break that libcst took back
    return {
        identity: (starts[first], max(starts[first], ends[last]))
        for identity, (first, last) in recorder.ranges.items()
    }


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
