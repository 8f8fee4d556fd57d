"""Which helper a call of a first-party function runs, and whether its body can be lowered."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from flyte_compiler.callgraph.model import CallSite, Definition
from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import Body
from flyte_compiler.lower.lowering import Declared
from flyte_compiler.lower.scope import Function, Scope

_TRANSPARENT = frozenset({"classmethod", "staticmethod"})
"""Decorators that leave a function as it is when it is called through its class."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A helper as one call runs it."""

    declared: Declared
    receiver: cst.BaseExpression | None
    """What stands before the method's name, to be its first argument. Of a class method, the
    method as it is looked up, which knows its class."""
    is_of_class: bool


def declare_helper(body: Body, site: CallSite) -> Called:
    """The helper that a call runs.

    Raises:
        NotLowered: its body can't be a region: it yields, or a decorator changes it.
    """
    definition = site.callee
    if definition.function.signature.is_generator:
        raise reasons.generator_helper(site)
    if not _is_plain(definition):
        raise reasons.decorated_helper(site)
    declared = declare(body, definition)
    if declared is None:
        raise reasons.helper(site)
    if not _is_of_class(definition):
        return Called(declared=declared, receiver=_receiver(site), is_of_class=False)
    if body.places.any_in(site.tree.func):
        raise reasons.helper(site)
    return Called(declared=declared, receiver=site.tree.func, is_of_class=True)


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


def is_plain_function(definition: Definition) -> bool:
    """Whether a function is a module's own, as it is written: its object runs just its body."""
    return "." not in definition.function.name and is_plain_method(definition)


def is_plain_method(definition: Definition) -> bool:
    """Whether a module's function, or a method, runs just its body when it is called."""
    return not definition.function.decorators and not definition.function.signature.is_generator


def is_helper_here(scope: Scope, site: CallSite) -> bool:
    """Whether a call of a nested function runs a helper: not where its name stands for a function
    object, which Python calls by itself."""
    name = site.callee.function.name
    return "<locals>" not in name or _home(scope, site.callee) is not None


def _is_plain(definition: Definition) -> bool:
    """Whether a function's decorators leave its calls what they are."""
    decorators = definition.function.decorators
    if definition.is_task:  # its own decorator: `forward` calls what is under it
        return len(decorators) <= 1
    return all(decorator.target in _TRANSPARENT for decorator in decorators)


def _is_of_class(definition: Definition) -> bool:
    return any(decorator.target == "classmethod" for decorator in definition.function.decorators)


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
    name = site.callee.function.short_name
    match site.tree.func:
        case cst.Attribute(value=receiver, attr=cst.Name(value=called)) if called == name:
            return receiver
        case called if name == "__call__":
            return called
        case _:
            raise reasons.helper(site)
