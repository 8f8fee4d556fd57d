"""`try`: a body, what catches its exceptions, what runs in any case.

An exception may leave the body at any point. The variables whose values then matter are cells
(cells.py); all others are, in a handler, what they were before the `try`.
"""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from flyte_compiler.ir.model import Handler, Region, TryNode
from flyte_compiler.ir.values import CAUGHT, NodeId, RegionInput
from flyte_compiler.lower.body import GOES_ON, NEVER, Around, Body, Ending, LowerBlock, Path
from flyte_compiler.lower.expressions import Expressions
from flyte_compiler.lower.fragments import assign


def lower_try(body: Body, node: cst.Try | cst.TryStar, around: Around, lower: LowerBlock) -> Ending:
    """A `try` with all that belongs to it."""
    return _Try(body, node, around, lower).emit()


class _Try:
    """One `try` on its way; `inside` is what stands around its blocks."""

    def __init__(
        self, body: Body, node: cst.Try | cst.TryStar, around: Around, lower: LowerBlock
    ) -> None:
        self._body, self._node, self._lower = body, node, lower
        self._around = around
        self._owner: NodeId = body.new_id()
        flows, read = body.scope.flows, around.live
        if node.finalbody is not None:
            read |= flows.of(node.finalbody).reads
        self._inside = replace(around, live=read)

    def emit(self) -> Ending:
        body, node = self._body, self._node
        tried, passed = self._tried()
        excepts: list[cst.ExceptHandler | cst.ExceptStarHandler] = list(node.handlers)
        handlers = [self._handler(handler) for handler in excepts]
        orelse = None
        if node.orelse is not None and tried.goes_on:  # else nothing gets to it
            orelse = self._orelse(node.orelse, tried, passed)
        final = None if node.finalbody is None else self._block(node.finalbody.body, self._around)
        paths = [tried if orelse is None else orelse, *(path for _, path in handlers)]
        names = body.join(self._owner, paths, self._inside.live)
        body.add(
            TryNode(
                id=self._owner,
                body=tried.region(names if orelse is None else passed),
                handlers=tuple(
                    Handler(types=types, label=self._label(handler), body=path.region(names))
                    for handler, (types, path) in zip(excepts, handlers, strict=True)
                ),
                orelse=None if orelse is None else orelse.region(names),
                final=None if final is None else final.region(()),
                is_group=isinstance(node, cst.TryStar),
                span=body.span(node),
            )
        )
        goes_on = any(path.goes_on for path in paths) and (final is None or final.goes_on)
        return GOES_ON if goes_on else NEVER

    def _tried(self) -> tuple[Path, tuple[str, ...]]:
        """The body, and the variables that it hands to `else`."""
        node, body = self._node, self._body
        if node.orelse is None:
            return self._block(node.body, self._inside), ()
        reads = body.scope.flows.of(node.orelse).reads | self._inside.live
        path = self._block(node.body, replace(self._inside, live=reads))
        changed = {n for n, operand in path.variables.items() if body.variables.get(n) != operand}
        lost = body.variables.keys() - path.variables.keys()
        return path, tuple(sorted((changed | lost) & reads))

    def _orelse(self, orelse: cst.Else, tried: Path, passed: tuple[str, ...]) -> Path:
        body = self._body

        def otherwise() -> Ending:
            for name in passed:
                body.bind(name, RegionInput(self._owner, name))
                if name in tried.uncertain or name not in tried.variables:
                    body.uncertain.add(name)
            return self._lower(body, orelse.body, self._inside)

        return body.inside(otherwise)

    def _handler(
        self, handler: cst.ExceptHandler | cst.ExceptStarHandler
    ) -> tuple[Region | None, Path]:
        body = self._body
        types: Region | None = None
        if (expression := handler.type) is not None:
            matched = body.inside(
                lambda: Ending(value=Expressions(body, expression).operand(expression))
            )
            types = matched.region(())

        def caught() -> Ending:
            name = handler.name
            if name is not None:
                assign(body, name.name, RegionInput(self._owner, CAUGHT))
            ending = self._lower(body, handler.body, self._inside)
            if name is not None and isinstance(name.name, cst.Name):
                body.variables.pop(name.name.value, None)
            return ending

        return types, body.inside(caught)

    def _block(self, suite: cst.BaseSuite, around: Around) -> Path:
        return self._body.inside(lambda: self._lower(self._body, suite, around))

    def _label(self, handler: cst.ExceptHandler | cst.ExceptStarHandler) -> str:
        return "" if handler.type is None else self._body.text(handler.type)
