"""Which local variables need a place of their own, that lasts while the function runs.

Most variables are values that flow from one node to the next. Two kinds can't be:

* one that a nested function shares with the code around it, where either changes it later: both
  must see the change;
* one whose value at the moment of an exception matters: it changes in the body of a `try` (or of
  a `with` that may swallow the exception) and is read on the way that the exception takes.

Decided on the side of safety: a cell too many hides an edge, one too few changes a program.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import libcst as cst

from flyte_compiler.lower.exits import leaves_by_exit
from flyte_compiler.lower.flow import Flows
from flyte_compiler.lower.managers import may_swallow
from flyte_compiler.syntax.positions import Positions
from flyte_compiler.syntax.scan import COMPREHENSIONS, Access, Mention
from flyte_compiler.syntax.scope import contents_of, names_in
from flyte_compiler.syntax.tree import EXPRESSIONS, children, nodes_of

_FUNCTIONS = frozenset({cst.FunctionDef, cst.Lambda, cst.GeneratorExp})
_BINDS = (Access.WRITE, Access.WALRUS, Access.DELETE)


def cells_of(
    tree: cst.FunctionDef | cst.Lambda,
    local: frozenset[str],
    flows: Flows,
    positions: Positions,
    is_eager: Callable[[cst.Call], bool],
) -> frozenset[str]:
    """The local variables of a function that need a place of their own."""
    body = _Body(tree, local, flows, positions, is_eager)
    found = frozenset(body.shared_with_functions())
    for node in body.statements:
        match node:
            case cst.Try() | cst.TryStar():
                found |= frozenset(body.kept_for_handlers(node))
                found |= frozenset(body.kept_for_final(node))
            case cst.With():
                found |= frozenset(body.kept_past_swallowing(node))
            case _:
                pass
    return found & local


@dataclass(frozen=True, slots=True)
class _Read:
    name: str
    offset: int


class _Body:
    """One function's mentions, by place."""

    def __init__(
        self,
        tree: cst.FunctionDef | cst.Lambda,
        local: frozenset[str],
        flows: Flows,
        positions: Positions,
        is_eager: Callable[[cst.Call], bool],
    ) -> None:
        self._flows = flows
        self._offsets = positions.offsets
        self._local = local
        contents = contents_of(tree)
        self._bindings: list[Mention] = [m for m in contents.mentions if m.access in _BINDS]
        self._reads = [
            _Read(m.name, self._offsets(m.node)[0])
            for m in contents.mentions
            if m.access is Access.READ and m.name in local
        ]
        for inner in contents.nested:
            at = self._offsets(inner)[0]
            self._reads += [_Read(name, at) for name in names_in([inner]).reads & local]
            if isinstance(inner, COMPREHENSIONS):
                self._bindings += _walruses(inner)
        self.statements = tuple(_statements(tree.body))
        self._loops = [
            self._offsets(node) for node in self.statements if isinstance(node, cst.For | cst.While)
        ]
        self._functions = tuple(lasting_functions(tree.body, is_eager))

    # Functions -------------------------------------------------------------------------------

    def shared_with_functions(self) -> Iterator[str]:
        """What a nested function binds, or reads while something else may still bind it."""
        for function in self._functions:
            use = names_in([function])
            own = function.name.value if isinstance(function, cst.FunctionDef) else None
            yield from ((use.writes | use.deletes) - {own})
            start, end = self._offsets(function)
            for name in use.reads & self._local:
                if self._is_bound_after(name, start, end):
                    yield name
                elif name == own and _mentions_value(function, name):
                    yield name  # it sees itself, which its `def` binds once it is made

    def _is_bound_after(self, name: str, start: int, end: int) -> bool:
        """Whether something outside a stretch may bind a name once the stretch has run."""
        around = [loop for loop in self._loops if loop[0] <= start and end <= loop[1]]
        for mention in self._bindings:
            at = self._offsets(mention.node)[0]
            if mention.name != name or start <= at < end:
                continue
            if at >= end or any(loop[0] <= at < loop[1] for loop in around):
                return True
        return False

    # Exceptions ------------------------------------------------------------------------------

    def kept_for_handlers(self, node: cst.Try | cst.TryStar) -> Iterator[str]:
        """What changes in the body, and is read in a handler or after it."""
        changed = self._flows.of(node.body).changes
        uncertain = {name for name in changed if not _changes_last(node.body, name, self._flows)}
        for handler in node.handlers:
            effect = self._flows.of(handler.body)
            yield from uncertain & effect.reads
            if handler.type is not None:
                yield from uncertain & self._flows.of(handler.type).reads
            if effect.ends or leaves_by_exit(handler.body):
                survives = uncertain - effect.binds
                yield from (name for name in survives if self._is_read_beyond(name, node))

    def kept_for_final(self, node: cst.Try | cst.TryStar) -> Iterator[str]:
        """What changes in any part and is read in `finally`, or changes there and is read on."""
        if node.finalbody is None:
            return
        final = self._flows.of(node.finalbody)
        parts = [node.body, *(handler.body for handler in node.handlers)]
        if node.orelse is not None:
            parts.append(node.orelse.body)
        changed = frozenset[str]().union(*(self._flows.of(part).changes for part in parts))
        caught = {name for handler in node.handlers for name in _caught(handler)}
        yield from (changed | caught) & final.reads
        yield from final.changes
        if leaves_by_exit(node.finalbody):  # what it hands to the next turn is what was left
            yield from changed

    def kept_past_swallowing(self, node: cst.With) -> Iterator[str]:
        """What changes in the body and is read after it, where it may have stopped anywhere."""
        if not any(map(may_swallow, node.items)):
            return
        for name in self._flows.of(node.body).changes:
            if not _changes_last(node.body, name, self._flows) and self._is_read_beyond(name, node):
                yield name

    def _is_read_beyond(self, name: str, node: cst.CSTNode) -> bool:
        """Whether a name is read after a statement, or anywhere around it in a loop."""
        start, end = self._offsets(node)
        in_loop = any(loop[0] <= start and end <= loop[1] for loop in self._loops)
        if in_loop and name in self._flows.of(node).reads:
            return True  # by the statement itself, in the next turn
        return any(
            read.name == name and (read.offset >= end or (in_loop and read.offset < start))
            for read in self._reads
        )


def _mentions_value(function: cst.CSTNode, name: str) -> bool:
    """Whether a function mentions a name other than to call it, or to define it."""
    called = {id(node.func) for node in nodes_of(cst.Call, function)}
    mentions = [node for node in nodes_of(cst.Name, function) if node.value == name]
    return sum(id(node) not in called for node in mentions) > 1


def _caught(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> Iterator[str]:
    if handler.name is not None and isinstance(handler.name.name, cst.Name):
        yield handler.name.name.value


def _walruses(node: cst.CSTNode) -> list[Mention]:
    return [
        Mention(Access.WALRUS, inner.target.value, inner.target)
        for inner in nodes_of(cst.NamedExpr, node)
        if isinstance(inner.target, cst.Name)
    ]


def _statements(body: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Compound statements of a function, at any depth, without those of functions in it."""
    stack = [body]
    while stack:
        node = stack.pop()
        if type(node) in EXPRESSIONS or isinstance(node, cst.FunctionDef | cst.ClassDef):
            continue
        if isinstance(node, cst.BaseCompoundStatement):
            yield node
        stack.extend(children(node))


def lasting_functions(
    body: cst.CSTNode, is_eager: Callable[[cst.Call], bool]
) -> Iterator[cst.CSTNode]:
    """Functions, lambdas and generators that may outlive the statement that makes them; those
    inside one of them are its own."""
    consumed: set[int] = set()
    stack = [body]
    while stack:
        node = stack.pop()
        if type(node) is cst.Call and is_eager(node):
            consumed.update(id(argument.value) for argument in node.args)
        if type(node) in _FUNCTIONS and id(node) not in consumed:
            yield node
            continue
        stack.extend(reversed(children(node)))


def _changes_last(suite: cst.BaseSuite, name: str, flows: Flows) -> bool:
    """Whether a block binds a variable once, by the last thing in it that can raise.

    Then the variable is as it was before the block wherever an exception leaves it.
    """
    statements = list(_small_statements(suite))
    changing = [i for i, node in enumerate(statements) if name in flows.of(node).changes]
    if len(changing) != 1 or not _binds_at_its_end(statements[changing[0]], name):
        return False
    return all(map(_is_quiet, statements[changing[0] + 1 :]))


def _small_statements(suite: cst.BaseSuite) -> Iterator[cst.CSTNode]:
    for node in suite.body:
        if isinstance(node, cst.SimpleStatementLine):
            yield from node.body
        else:
            yield node


def _binds_at_its_end(node: cst.CSTNode, name: str) -> bool:
    """Whether a statement binds a name, and plain names only, after all that it evaluates."""
    match node:
        case cst.Assign(targets=targets, value=value):
            return all(_are_names(t.target) for t in targets) and _binds_none(value, name)
        case cst.AnnAssign(target=target, value=cst.BaseExpression() as value):
            return isinstance(target, cst.Name) and _binds_none(value, name)
        case cst.AugAssign(target=target, value=value):
            return isinstance(target, cst.Name) and _binds_none(value, name)
        case _:
            return False


def _are_names(target: cst.BaseExpression) -> bool:
    match target:
        case cst.Name():
            return True
        case cst.Tuple(elements=elements) | cst.List(elements=elements):
            return all(isinstance(element.value, cst.Name) for element in elements)
        case _:
            return False


def _binds_none(value: cst.BaseExpression, name: str) -> bool:
    return name not in names_in([value]).writes


def _is_quiet(node: cst.CSTNode) -> bool:
    """Whether a statement can't raise."""
    match node:
        case cst.Break() | cst.Continue() | cst.Pass() | cst.Return(value=None):
            return True
        case cst.Return(value=cst.Name() | cst.SimpleString() | cst.Integer()):
            return True
        case cst.Assign(value=cst.Name() | cst.SimpleString() | cst.Integer(), targets=targets):
            return all(isinstance(target.target, cst.Name) for target in targets)
        case _:
            return False
