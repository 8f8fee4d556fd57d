"""A driver's body as a list of statements, one by one, with what lowering asks of each.

`a; b` is two of them, an `if` with all its branches is one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

import libcst as cst

from flyte_compiler.lower.driver import Driver
from flyte_compiler.lower.flow import Flow, flow
from flyte_compiler.syntax.scope import names_in
from flyte_compiler.syntax.tree import children, walk

_EAGER = frozenset(
    {"all", "any", "dict", "frozenset", "list", "max", "min", "set", "sorted", "sum", "tuple"}
)
"""Builtins that use up a generator, and call a function, before they return."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One statement of the driver's body."""

    node: cst.CSTNode
    start: int
    end: int
    line: int
    """Which logical line it stands on: numbered through the body."""
    opens_line: bool
    """Whether it is the first on its line, so that others may follow it line by line."""
    effect: Flow
    has_calls: bool
    may_return: bool
    read_later: frozenset[str]
    """Variables that some later statement may read."""
    shared: str | None
    """A variable that a nested function here shares with statements beyond the next call."""

    @property
    def is_compound(self) -> bool:
        """Whether it has statements in it."""
        return isinstance(self.node, cst.BaseCompoundStatement)

    @property
    def is_plain(self) -> bool:
        """Whether it runs as Python wherever it stands: no calls to place, no way out."""
        return not (self.has_calls or self.may_return or self.shared is not None)

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


def units_of(driver: Driver) -> tuple[Unit, ...]:
    """The statements of a driver's body in program order, up to the first that always leaves."""
    placed = list(_placed(driver))
    effects = [flow([node]) for node, _, _ in placed]
    later = _read_later(effects)
    has_calls = [driver.calls.any_in(node) for node, _, _ in placed]
    returns = [may_return(node) for node, _, _ in placed]
    barriers = [
        has_calls[i] or returns[i] or (i > 0 and line != placed[i - 1][1] and not placed[i - 1][2])
        for i, (_, line, _) in enumerate(placed)
    ]
    units = []
    for index, (node, line, opens_line) in enumerate(placed):
        start, end = driver.offsets(node)
        units.append(
            Unit(
                node=node,
                start=start,
                end=end,
                line=line,
                opens_line=opens_line,
                effect=effects[index],
                has_calls=has_calls[index],
                may_return=returns[index],
                read_later=later[index],
                shared=_shared(driver, node, partial(_beyond, index, effects, barriers)),
            )
        )
        if isinstance(node, cst.Return | cst.Raise):
            break
    return tuple(units)


def may_return(node: cst.CSTNode) -> bool:
    """Whether a statement may leave the driver with a result."""
    stack = [node]
    while stack:
        node = stack.pop()
        if isinstance(node, cst.Return):
            return True
        if not isinstance(node, cst.FunctionDef | cst.ClassDef | cst.BaseExpression):
            stack.extend(children(node))
    return False


def _placed(driver: Driver) -> Iterator[tuple[cst.CSTNode, int, bool]]:
    """Each statement with its line's number, and whether it opens that line."""
    body = driver.tree.body
    if isinstance(body, cst.SimpleStatementSuite):
        yield from ((small, 0, False) for small in body.body)
        return
    for line, statement in enumerate(body.body):
        if isinstance(statement, cst.SimpleStatementLine):
            for index, small in enumerate(statement.body):
                if not (line == index == 0 and _is_string(small)):
                    yield small, line, index == 0
        else:
            yield statement, line, True


def _is_string(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Expr) and isinstance(node.value, cst.SimpleString)


def _read_later(effects: Sequence[Flow]) -> list[frozenset[str]]:
    """For each statement, the names that those after it may read before they bind them."""
    later, found = frozenset[str](), list[frozenset[str]]()
    for effect in reversed(effects):
        found.append(later)
        later = effect.reads | (later - effect.binds if effect.ends else frozenset())
    return found[::-1]


def _beyond(index: int, effects: Sequence[Flow], barriers: Sequence[bool]) -> Flow:
    """What happens from the next statement on that ends up in another node than this one."""
    first = next((i for i in range(index + 1, len(effects)) if barriers[i]), len(effects))
    if barriers[index]:
        first = min(first, index + 1)
    rest = effects[first:]
    return Flow(
        reads=frozenset().union(*(effect.reads for effect in rest)),
        changes=frozenset().union(*(effect.changes for effect in rest)),
    )


def _shared(driver: Driver, node: cst.CSTNode, follow: Callable[[], Flow]) -> str | None:
    """A variable that a function made here sees change, or changes, after its node is done.

    A fragment has variables of its own, so a closure would miss that.
    """
    functions = tuple(_lasting_functions(node))
    beyond = follow() if functions else Flow()
    for function in functions:
        use = names_in([function])
        own = {function.name.value} if isinstance(function, cst.FunctionDef) else set()
        stale = use.reads & beyond.changes
        lost = (use.writes - own) & (beyond.reads | beyond.changes)
        if shared := sorted((stale | lost) & driver.locals):
            return shared[0]
    return None


def _lasting_functions(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """Functions, lambdas and generators that may outlive the statement that makes them."""
    consumed: set[int] = set()
    for inner in walk(node):
        if isinstance(inner, cst.Call) and _is_eager(inner):
            consumed.update(id(argument.value) for argument in inner.args)
        if isinstance(inner, cst.FunctionDef | cst.Lambda | cst.GeneratorExp):
            yield from () if id(inner) in consumed else (inner,)


def _is_eager(call: cst.Call) -> bool:
    match call.func:
        case cst.Name(value=name):
            return name in _EAGER
        case cst.Attribute(attr=cst.Name(value=name)):
            return name in {"join", "sort"}
        case _:
            return False
