"""Which helper a call of a first-party function runs, and whether its body can be lowered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

import libcst as cst

from flyte_compiler.callgraph.model import CallSite, Definition
from flyte_compiler.ir.values import NodeId
from flyte_compiler.lower.body import Body
from flyte_compiler.lower.lowering import Declared
from flyte_compiler.lower.opaque import Opaque, is_of_class
from flyte_compiler.lower.scope import Function, Scope
from flyte_compiler.source.bug import CompilerBug


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A helper as one call runs it."""

    declared: Declared
    receiver: cst.BaseExpression | None
    """What stands before the method's name, to be its first argument. Of a class method, the
    method as it is looked up, which knows its class."""
    is_of_class: bool


def declare_helper(body: Body, site: CallSite) -> Called:
    """The helper that a call runs, of those whose calls aren't Python's own business."""
    definition = site.callee
    declared = declare(body, definition)
    if declared is None:
        raise CompilerBug(f"a call of {definition.name}, which is out of reach, at {site.span}")
    if is_of_class(definition):
        return Called(declared=declared, receiver=site.tree.func, is_of_class=True)
    return Called(declared=declared, receiver=_receiver(site), is_of_class=False)


def declare(body: Body, definition: Definition) -> Declared | None:
    """A first-party function as a helper of the graph; None for a nested one out of reach."""
    home = _home(body.scope, definition)
    if "<locals>" in definition.function.name and home is None:
        return None
    function = Function(
        tree=definition.function.tree,
        index=body.graph.call_graph.modules[definition.module],
        name=definition.function.name,
        definition=definition,
    )
    return body.graph.declare(function, home)


def runs_in(body: Body, start: int, end: int, changed: Iterable[Range]) -> tuple[NodeId, ...]:
    """The helpers that Python may run where a range of the source is a fragment, each once; not
    what stands where the fragment has other text."""
    left_out = [(each.start, each.end) for each in changed]
    found: dict[NodeId, None] = {}
    for opaque in body.places.opaque:
        first, last = body.offsets(opaque.node)
        inside = start <= first and last <= end
        if not inside or any(a <= first and last <= b for a, b in left_out):
            continue
        if isinstance(opaque.node, cst.FunctionDef):
            left_out.append((first, last))  # what is in it, it runs
        if declared := _declare_opaque(body, opaque):
            found[declared.id] = None
    return tuple(found)


def _declare_opaque(body: Body, opaque: Opaque) -> Declared | None:
    if not isinstance(opaque.node, cst.FunctionDef):
        return declare(body, opaque.definition)
    function = Function(
        tree=opaque.node,
        index=body.index,
        name=opaque.definition.function.name,
        definition=opaque.definition,
    )
    return body.graph.declare(function, body.scope)


class Range(Protocol):
    """A part of the source, by its offsets."""

    @property
    def start(self) -> int:
        """The first character's."""

    @property
    def end(self) -> int:
        """The one behind the last's."""


def is_helper_here(scope: Scope, site: CallSite) -> bool:
    """Whether a call of a nested function runs a helper: not where its name stands for a function
    object, which Python calls by itself."""
    name = site.callee.function.name
    return "<locals>" not in name or _home(scope, site.callee) is not None


def _home(scope: Scope | None, definition: Definition) -> Scope | None:
    """The function in which a nested one is defined, among those around a call."""
    tree = definition.function.tree
    while scope is not None:
        if scope.nested.get(tree.name.value) is tree:
            return scope
        scope = scope.parent
    return None


def _receiver(site: CallSite) -> cst.BaseExpression | None:
    """What is the first argument of a method call, where it isn't written among the arguments."""
    if not site.is_bound:
        return None
    match site.tree.func:
        case cst.Attribute(value=receiver, attr=cst.Name(value=called)) if (
            called == site.callee.function.short_name
        ):
            return receiver
        case called:
            return called
