"""`for` and `while`: a region repeated, with the variables that a turn hands to the next."""

from __future__ import annotations

from collections.abc import Callable

import libcst as cst

from flyte_compiler.ir.model import Collected, LoopKind, LoopNode, Region
from flyte_compiler.ir.values import ELEMENT, NodeId, Operand, Output, RegionInput, Variables
from flyte_compiler.lower.body import GOES_ON, Around, Body, Ending, LowerBlock, pick
from flyte_compiler.lower.expressions import Expressions
from flyte_compiler.lower.flow import Flow
from flyte_compiler.lower.fragments import assign


def lower_for(body: Body, node: cst.For, around: Around, lower: LowerBlock) -> Ending:
    """A `for` or `async for`."""
    iterable = Expressions(body, node.iter).settled(node.iter)
    loop = _Loop(body, node, around, lower)

    def turn() -> Ending:
        loop.enter()
        assign(body, node.target, RegionInput(loop.owner, ELEMENT))
        return lower(body, node.body, loop.around_turn)

    return loop.emit(
        kind=LoopKind.FOR if node.asynchronous is None else LoopKind.ASYNC_FOR,
        iterable=iterable,
        test=None,
        turn=turn,
        label=f"{body.text(node.target)} in {body.text(node.iter)}",
    )


def lower_while(body: Body, node: cst.While, around: Around, lower: LowerBlock) -> Ending:
    """A `while`: its test is a region of its own."""
    loop = _Loop(body, node, around, lower)

    def test() -> Ending:
        loop.enter()
        return Ending(value=Expressions(body, node.test).operand(node.test))

    def turn() -> Ending:
        loop.enter()
        return lower(body, node.body, loop.around_turn)

    return loop.emit(
        kind=LoopKind.WHILE,
        iterable=None,
        test=body.inside(test).region(loop.carried),
        turn=turn,
        label=body.text(node.test),
    )


class _Loop:
    """What a loop carries, and how its regions see it."""

    def __init__(
        self, body: Body, node: cst.For | cst.While, around: Around, lower: LowerBlock
    ) -> None:
        self._body, self._node, self._around, self._lower = body, node, around, lower
        self.owner: NodeId = body.new_id()
        flows = body.scope.flows
        turn, orelse = _turn(body, node), Flow()
        if node.orelse is not None:
            orelse = flows.of(node.orelse)
        read = turn.reads | orelse.reads | around.live
        changed = turn.changes | orelse.changes
        self.carried = tuple(sorted(filter(body.is_value, changed & read)))
        self._lost = frozenset(filter(body.is_value, changed)) - set(self.carried)
        self._uncertain = {
            name for name in self.carried if not body.is_settled(name) or name in turn.unbinds
        }
        self._before: Variables = pick(body.variables, self.carried)
        self.around_turn = Around(live=frozenset(self.carried), carried=self.carried)

    def enter(self) -> None:
        """In one of the loop's regions: carried variables are what the turn before left."""
        for name in self._lost:
            self._body.variables.pop(name, None)
        for name in self.carried:
            self._body.bind(name, RegionInput(self.owner, name))
        self._body.uncertain.update(self._uncertain)

    def emit(
        self,
        *,
        kind: LoopKind,
        iterable: Operand | None,
        test: Region | None,
        turn: Callable[[], Ending],
        label: str,
    ) -> Ending:
        body = self._body
        path = body.inside(turn)
        orelse = self._orelse()
        for name in self._lost:
            body.variables.pop(name, None)
            body.uncertain.discard(name)
        for name in self.carried:
            body.bind(name, Output(self.owner, (name,)))
        body.uncertain.update(self._uncertain)
        body.add(
            LoopNode(
                id=self.owner,
                kind=kind,
                iterable=iterable,
                test=test,
                body=path.region(self.carried),
                orelse=orelse,
                carried=self._before,
                collected=Collected.NOTHING,
                label=label,
                type=None,
                span=body.span(self._node),
            )
        )
        return GOES_ON

    def _orelse(self) -> Region | None:
        node, body = self._node, self._body
        if node.orelse is None:
            return None
        suite = node.orelse.body
        after = Around(live=self._around.live, carried=self._around.carried)

        def otherwise() -> Ending:
            self.enter()
            return self._lower(body, suite, after)

        return body.inside(otherwise).region(self.carried)


def _turn(body: Body, node: cst.For | cst.While) -> Flow:
    """What one turn does to variables."""
    flows = body.scope.flows
    if isinstance(node, cst.While):
        return flows.of(node.test, node.body)
    return flows.target(node.target).then(flows.of(node.body))
