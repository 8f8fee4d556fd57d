"""What a stretch of code does to local variables: needs, certainly binds, may change.

Decided by walking the structure of statements, each once. Where the walk can't tell, it says that a
name may be needed and may stay unbound: an input too many is harmless, one too few is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import reduce

import libcst as cst

from flyte_compiler.lower.managers import may_swallow
from flyte_compiler.syntax.scope import NameUse, names_in

_LEAVING = frozenset({cst.Return, cst.Raise, cst.Break, cst.Continue})
_NOTHING: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """The effect of code on the names of the function that it stands in."""

    reads: frozenset[str] = _NOTHING
    """May be read before this code binds them."""
    binds: frozenset[str] = _NOTHING
    """Certainly bound where control leaves at the end."""
    changes: frozenset[str] = _NOTHING
    """May be bound or deleted."""
    unbinds: frozenset[str] = _NOTHING
    """May be deleted, and not bound again."""
    ends: bool = True
    """Whether control can leave at the end at all."""

    def then(self, following: Flow) -> Flow:
        """This code, and that after it."""
        if not self.ends:
            return self
        return Flow(
            reads=self.reads | (following.reads - self.binds),
            binds=(self.binds - following.unbinds) | following.binds,
            changes=self.changes | following.changes,
            unbinds=(self.unbinds - following.binds) | following.unbinds,
            ends=following.ends,
        )

    def or_else(self, other: Flow) -> Flow:
        """Either this code or that."""
        both = self.binds & other.binds
        return Flow(
            reads=self.reads | other.reads,
            binds=both if self.ends and other.ends else self.binds if self.ends else other.binds,
            changes=self.changes | other.changes,
            unbinds=self.unbinds | other.unbinds,
            ends=self.ends or other.ends,
        )

    def or_nothing(self) -> Flow:
        """This code, or some of it, or none."""
        return Flow(reads=self.reads, changes=self.changes, unbinds=self.unbinds)


class Flows:
    """The flows of one function's code, each worked out once."""

    def __init__(self) -> None:
        self._known: dict[int, Flow] = {}
        self._trees: list[cst.CSTNode] = []  # an identity is a name only while its node lives

    def of(self, *nodes: cst.CSTNode) -> Flow:
        """The effect of statements or expressions, one after the other."""
        return self.all(nodes)

    def all(self, nodes: Iterable[cst.CSTNode]) -> Flow:
        """As `of`."""
        return reduce(Flow.then, map(self._of, nodes), Flow())

    def target(self, target: cst.BaseExpression) -> Flow:
        """The effect of binding a loop's target."""
        return _target(self, target)

    def _of(self, node: cst.CSTNode) -> Flow:
        found = self._known.get(id(node))
        if found is None:
            handler = _HANDLERS.get(type(node))
            found = _straight(node) if handler is None else handler(self, node)
            self._known[id(node)] = found
            self._trees.append(node)
        return found


def flow(nodes: Iterable[cst.CSTNode]) -> Flow:
    """The effect of code that is looked at once."""
    return Flows().all(nodes)


def _straight(node: cst.CSTNode) -> Flow:
    """An expression, or a statement without statements in it."""
    use = names_in([node])
    always = _bound_by(node, use)
    return Flow(
        reads=use.reads | use.deletes,
        binds=always,
        changes=use.writes | use.deletes,
        unbinds=use.deletes,
        ends=type(node) not in _LEAVING,
    )


def _bound_by(node: cst.CSTNode, use: NameUse) -> frozenset[str]:
    """What a statement binds whenever it comes to its end: a walrus in it may be skipped."""
    if not use.writes:
        return _NOTHING
    match node:
        case cst.Assign(value=value) | cst.AugAssign(value=value):
            return use.writes - names_in([value]).writes
        case cst.AnnAssign(value=cst.BaseExpression() as value):
            return use.writes - names_in([value]).writes
        case cst.Import() | cst.ImportFrom():
            return use.writes
        case cst.FunctionDef(name=name) | cst.ClassDef(name=name):
            return frozenset({name.value})
        case _:
            return _NOTHING


def _suite(flows: Flows, node: cst.SimpleStatementLine | cst.BaseSuite) -> Flow:
    return flows.all(node.body)


def _if(flows: Flows, node: cst.If) -> Flow:
    otherwise = Flow() if node.orelse is None else flows.of(node.orelse)
    return flows.of(node.test).then(flows.of(node.body).or_else(otherwise))


def _else(flows: Flows, node: cst.Else | cst.Finally) -> Flow:
    return flows.of(node.body)


def _target(flows: Flows, target: cst.BaseExpression | None) -> Flow:
    """A name, or a pattern of names, that is bound."""
    match target:
        case None:
            return Flow()
        case cst.Name(value=name):
            return Flow(binds=frozenset({name}), changes=frozenset({name}))
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            return reduce(
                Flow.then, (_target(flows, element.value) for element in elements), Flow()
            )
        case _:
            return flows.of(target)


def _for(flows: Flows, node: cst.For) -> Flow:
    body = _target(flows, node.target).then(flows.of(node.body)).or_nothing()
    orelse = Flow() if node.orelse is None else flows.of(node.orelse).or_nothing()
    return flows.of(node.iter).then(body).then(orelse)


def _while(flows: Flows, node: cst.While) -> Flow:
    body = flows.of(node.body).or_nothing()
    orelse = Flow() if node.orelse is None else flows.of(node.orelse).or_nothing()
    return flows.of(node.test).then(body).then(orelse)


def _try(flows: Flows, node: cst.Try | cst.TryStar) -> Flow:
    body = flows.of(node.body)
    whole = body if node.orelse is None else body.then(flows.of(node.orelse))
    for handler in node.handlers:
        # A handler starts from any point of the body: nothing in it is sure to be bound.
        whole = whole.or_else(body.or_nothing().then(_handler(flows, handler)))
    if node.finalbody is None:
        return whole
    final = flows.of(node.finalbody)
    # It runs after an exception too, so it can rely on nothing of what came before.
    seen = Flow(reads=final.reads | whole.reads, changes=whole.changes, unbinds=whole.unbinds)
    return Flow(
        reads=seen.reads,
        binds=(whole.binds - final.unbinds) | final.binds,
        changes=seen.changes | final.changes,
        unbinds=seen.unbinds | final.unbinds,
        ends=whole.ends and final.ends,
    )


def _handler(flows: Flows, node: cst.ExceptHandler | cst.ExceptStarHandler) -> Flow:
    test = Flow() if node.type is None else flows.of(node.type)
    if node.name is None:
        return test.then(flows.of(node.body))
    bound = _target(flows, node.name.name)
    unbound = Flow(changes=bound.changes, unbinds=bound.changes)
    return test.then(bound).then(flows.of(node.body)).then(unbound)


def _with(flows: Flows, node: cst.With) -> Flow:
    entered = Flow()
    for item in node.items:
        name = None if item.asname is None else item.asname.name
        entered = entered.then(flows.of(item.item)).then(_target(flows, name))
    if not any(map(may_swallow, node.items)):
        return entered.then(flows.of(node.body))
    # It may swallow an exception, so the body may stop anywhere.
    return entered.then(flows.of(node.body).or_nothing())


def _match(flows: Flows, node: cst.Match) -> Flow:
    cases = (
        Flow(
            reads=(use := names_in([case])).reads | use.deletes,
            changes=use.writes | use.deletes,
            unbinds=use.deletes,
        )
        for case in node.cases
    )
    return reduce(Flow.then, cases, flows.of(node.subject))


_HANDLERS: dict[type[cst.CSTNode], Callable[..., Flow]] = {
    cst.SimpleStatementLine: _suite,
    cst.SimpleStatementSuite: _suite,
    cst.IndentedBlock: _suite,
    cst.If: _if,
    cst.Else: _else,
    cst.Finally: _else,
    cst.For: _for,
    cst.While: _while,
    cst.Try: _try,
    cst.TryStar: _try,
    cst.With: _with,
    cst.Match: _match,
}
