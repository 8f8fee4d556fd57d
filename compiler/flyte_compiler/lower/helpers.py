"""Which helper a call of a first-party function runs, and whether its body can be lowered."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from flyte_compiler.callgraph.model import CallSite, Definition
from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import Body
from flyte_compiler.lower.lowering import Declared
from flyte_compiler.lower.scope import Function, Scope

_TRANSPARENT = frozenset({"staticmethod"})
"""Decorators that leave a function as it is when it is called through its class or instance."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A helper as one call runs it."""

    declared: Declared
    receiver: cst.BaseExpression | None
    """What stands before the method's name, to be its first argument."""


def declare_helper(body: Body, site: CallSite) -> Called:
    """The helper that a call runs.

    Raises:
        NotLowered: its body can't be a region: it yields, or a decorator changes it.
    """
    definition = site.callee
    if definition.function.signature.is_generator:
        raise reasons.generator_helper(site)
    if not decorated_transparently(definition):
        raise reasons.decorated_helper(site)
    function = Function(
        tree=definition.function.tree,
        index=body.graph.call_graph.modules[definition.module],
        name=definition.function.name,
        definition=definition,
    )
    home = _home(body.scope, definition)
    if "<locals>" in definition.function.name and home is None:
        raise reasons.helper(site)
    return Called(declared=body.graph.declare(function, home), receiver=_receiver(definition, site))


def is_helper_here(scope: Scope, site: CallSite) -> bool:
    """Whether a call of a nested function runs a helper: not where its name stands for a function
    object, which Python calls by itself."""
    name = site.callee.function.name
    return "<locals>" not in name or _home(scope, site.callee) is not None


def decorated_transparently(definition: Definition) -> bool:
    """Whether a function's decorators leave its calls what they are."""
    return all(d.target in _TRANSPARENT for d in definition.function.decorators)


def _home(scope: Scope | None, definition: Definition) -> Scope | None:
    """The function in which a nested one is defined, among those around a call."""
    tree = definition.function.tree
    while scope is not None:
        if scope.nested.get(tree.name.value) is tree:
            return scope
        scope = scope.parent
    return None


def _receiver(definition: Definition, site: CallSite) -> cst.BaseExpression | None:
    """The instance of a method call; a plain or static function has none."""
    holder, _, _ = definition.function.name.rpartition(".")
    if not holder or holder.endswith("<locals>"):
        return None
    if any(d.target == "staticmethod" for d in definition.function.decorators):
        return None
    match site.tree.func:
        case cst.Attribute(value=receiver) if not _names_class(receiver, holder):
            return receiver
        case cst.Attribute():  # `Class.method(instance)`: given already
            return None
        case _:
            raise reasons.helper(site)


def _names_class(receiver: cst.BaseExpression, holder: str) -> bool:
    return isinstance(receiver, cst.Name) and receiver.value == holder.rpartition(".")[2]
