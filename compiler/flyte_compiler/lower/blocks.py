"""Blocks of statements: plain ones gather in stretches, calls and exits become nodes.

A statement is lowered whole or not at all: where a part of it can't be, everything that was
emitted for it is taken back and it becomes a `DynamicNode`. A statement with statements in it is
lowered only where something in it asks for that: a call, or a way out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from flyte_compiler.ir.leaves import DynamicNode
from flyte_compiler.ir.model import Break, Continue, Return
from flyte_compiler.ir.values import Literal
from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import GOES_ON, NEVER, Around, Body, Ending, pick
from flyte_compiler.lower.branches import lower_if, lower_match
from flyte_compiler.lower.exits import leaves_by_exit, may_return
from flyte_compiler.lower.flow import Flow
from flyte_compiler.lower.fragments import (
    Change,
    Stretch,
    emit_stretch,
    leave_behind,
    start_stretch,
    variables_in,
)
from flyte_compiler.lower.functions import define
from flyte_compiler.lower.introspection import introspection
from flyte_compiler.lower.loops import lower_for, lower_while
from flyte_compiler.lower.reasons import NotLowered
from flyte_compiler.lower.simple import SimpleStatement
from flyte_compiler.lower.tries import lower_try
from flyte_compiler.lower.withs import lower_with


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """One statement of a block: `a; b` is two of them, an `if` with all its branches is one."""

    node: cst.CSTNode
    start: int
    end: int
    line: int
    """Which logical line of the block it stands on."""
    effect: Flow

    @property
    def is_inert(self) -> bool:
        """Whether it does nothing: `pass`, a bare annotation, `...`."""
        match self.node:
            case cst.Pass() | cst.AnnAssign(value=None) | cst.Global() | cst.Nonlocal():
                return True
            case cst.Expr(value=cst.Ellipsis() | cst.SimpleString()):
                return True
            case _:
                return False


def lower_block(body: Body, suite: cst.BaseSuite, around: Around) -> Ending:
    """Emit the nodes of a block, and say how control leaves it."""
    statements = _statements(body, suite)
    stretches = _Stretches(body)
    for statement, live in zip(statements, _read_later(statements, around), strict=True):
        here = around.followed_by(live)
        if refusal := introspection(body, statement.node, statement.effect):
            stretches.end()
            _leave(body, statement, refusal, here)
        elif _is_plain(body, statement):
            stretches.take(statement, live)
        else:
            stretches.end()
            ending = _lower_or_leave(body, statement, here, stretches)
            if ending.end is not None:
                return ending
        if not statement.effect.ends:
            stretches.end()
            return NEVER
    stretches.end()
    return GOES_ON


class _Stretches:
    """Plain statements of one block on their way into fragments."""

    def __init__(self, body: Body) -> None:
        self._body = body
        self._stretch: Stretch | None = None
        self._last: _Statement | None = None
        self._live: frozenset[str] = frozenset()

    def take(self, statement: _Statement, live: frozenset[str]) -> None:
        """Go on with a plain statement."""
        if isinstance(statement.node, cst.Nonlocal):  # it has no place beside the names it declares
            self.end()
        elif self._stretch is not None and self._lines_up(statement):
            self._stretch.extend(statement.node, statement.end, statement.effect)
            self._last, self._live = statement, live
        elif not statement.is_inert:
            self.start(statement, live, [])

    def start(self, statement: _Statement, live: frozenset[str], holes: Sequence[Change]) -> None:
        """Start anew with a statement, calls taken out of it."""
        self.end()
        node = statement.node
        self._stretch = start_stretch(self._body, statement.start, statement.end, node, list(holes))
        self._last, self._live = statement, live

    def end(self) -> None:
        """Emit what there is."""
        if self._stretch is not None:
            emit_stretch(self._body, self._stretch, self._live)
        self._stretch = self._last = None

    def _lines_up(self, statement: _Statement) -> bool:
        """Whether the text from the stretch's start to this statement is lines of statements."""
        assert self._stretch is not None
        assert self._last is not None
        if self._last.line == statement.line:
            return True
        text, start = self._body.source.text, self._stretch.start
        return not text[text.rfind("\n", 0, start) + 1 : start].strip()


def _is_plain(body: Body, statement: _Statement) -> bool:
    """Whether a statement runs as Python wherever it stands: no calls to place, no way out."""
    node = statement.node
    return not (body.places.any_in(node) or may_return(node) or leaves_by_exit(node))


def _lower_or_leave(
    body: Body, statement: _Statement, around: Around, stretches: _Stretches
) -> Ending:
    mark = body.mark()
    try:
        return _lower(body, statement, around, stretches)
    except NotLowered as refusal:
        body.return_to(mark)
        _leave(body, statement, refusal, around)
        return GOES_ON


def _lower(body: Body, statement: _Statement, around: Around, stretches: _Stretches) -> Ending:
    node = statement.node
    match node:
        case cst.Return():
            value = node.value
            result = Literal(None) if value is None else SimpleStatement(body, node).value(value)
            return Ending(Return(value=result))
        case cst.Break():
            return Ending(Break(variables=pick(body.variables, around.carried or ())))
        case cst.Continue():
            return Ending(Continue(variables=pick(body.variables, around.carried or ())))
        case cst.FunctionDef() if body.places.is_opaque(node) or not _calls_tasks(body, node):
            stretches.start(statement, around.live, [])
            return GOES_ON
        case cst.FunctionDef():
            define(body, node, SimpleStatement(body, node).values)
            return GOES_ON
        case cst.ClassDef():
            raise reasons.compound_statement(node, body.places.names_within(node))
        case cst.BaseCompoundStatement():
            return _COMPOUND[type(node)](body, node, around, lower_block)
        case _:
            holes = SimpleStatement(body, node).holes()
            if holes is not None:
                stretches.start(statement, around.live, holes)
            return GOES_ON


def _calls_tasks(body: Body, node: cst.FunctionDef) -> bool:
    """Whether a nested function is one of the call graph's: another one is here only because it
    awaits a call that was made before."""
    return body.graph.call_graph.definition_of(node) is not None


_COMPOUND: dict[type[cst.CSTNode], Callable[..., Ending]] = {
    cst.If: lower_if,
    cst.Match: lower_match,
    cst.For: lower_for,
    cst.While: lower_while,
    cst.Try: lower_try,
    cst.TryStar: lower_try,
    cst.With: lower_with,
}


def _leave(body: Body, statement: _Statement, refusal: NotLowered, around: Around) -> None:
    """Emit a statement as Python that says why."""
    effect = statement.effect
    outputs = tuple(sorted(filter(body.is_value, effect.changes & around.live)))
    inputs = variables_in(body, effect.reads | (frozenset(outputs) - effect.binds))
    node = body.emit(
        lambda node: DynamicNode(
            id=node,
            reason=refusal.reason,
            message=refusal.message,
            source=body.source.text[statement.start : statement.end],
            inputs=inputs,
            outputs=outputs,
            callees=body.places.callees_within(statement.node),
            returns=may_return(statement.node),
            span=body.source.span(statement.start, statement.end),
        )
    )
    leave_behind(body, node, effect, outputs)


def _read_later(statements: Sequence[_Statement], around: Around) -> list[frozenset[str]]:
    """For each statement, the names that may be read after it before they are bound again."""
    live, found = around.live, list[frozenset[str]]()
    for statement in reversed(statements):
        found.append(live)
        effect = statement.effect
        live = effect.reads | (live - effect.binds if effect.ends else frozenset())
        if around.carried and leaves_by_exit(statement.node):
            live |= frozenset(around.carried)
    return found[::-1]


def _statements(body: Body, suite: cst.BaseSuite) -> list[_Statement]:
    found = []
    for node, line in _placed(suite):
        start, end = body.offsets(node)
        effect = body.scope.flows.of(node)
        found.append(_Statement(node=node, start=start, end=end, line=line, effect=effect))
    return found


def _placed(suite: cst.BaseSuite) -> Iterator[tuple[cst.CSTNode, int]]:
    """Each statement of a block with its line's number."""
    if isinstance(suite, cst.SimpleStatementSuite):
        yield from ((small, 0) for small in suite.body)
        return
    for line, statement in enumerate(suite.body):
        if isinstance(statement, cst.SimpleStatementLine):
            yield from ((small, line) for small in statement.body)
        else:
            yield statement, line
