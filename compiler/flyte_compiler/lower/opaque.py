"""What Python runs by itself: functions that call tasks, whose calls do more than run their bodies.

A call of a generator gives an object whose body runs while somebody iterates over it; a call of
a decorated function runs what the decorator made of it; a class makes an object first; a function
that looks at its own variables has them only where it runs as a whole. Such a call stays in its
fragment, as written, and so does such a function where it is handed to other code or made by a
`def` of its own: what happens is Python's. The body is lowered all the same, to be looked at, and
the fragment names it. Its calls of tasks are identified as a dynamic driver's are.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeGuard

import libcst as cst

from flyte_compiler.callgraph.model import CallGraph, CallSite, Definition, Form, Kind, Mention
from flyte_compiler.syntax.scan import Access
from flyte_compiler.syntax.scope import contents_of
from flyte_compiler.syntax.tree import nodes_of

_TRANSPARENT = frozenset({"classmethod", "staticmethod"})
"""Decorators that leave a function as it is when it is called through its class."""

_BY_NAME = frozenset({"eval", "exec", "locals"})
"""Builtins that read the caller's variables."""
_WITHOUT_ARGUMENTS = frozenset({"dir", "super", "vars"})
"""Builtins that look at the function around them where they are given nothing else."""
OF_ITSELF = _BY_NAME | _WITHOUT_ARGUMENTS
"""All of them."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """A place in the source whose Python may run a function that calls tasks."""

    node: cst.CSTNode
    definition: Definition


def runs_body(site: CallSite) -> bool:
    """Whether a call of a function that calls tasks runs its body, there and then."""
    definition = site.callee
    return (
        not is_pythons(definition)
        and _is_plain(definition)
        and (not site.is_bound or has_receiver(site))
        and not (is_of_class(definition) and any(nodes_of(cst.Call, site.tree.func)))
    )


def has_receiver(site: CallSite) -> bool:
    """Whether what stands at the call is the method's first argument: `self.method(x)`, and
    `machine(x)` of one whose class has a `__call__`. A class isn't the object that it makes."""
    name = site.callee.function.short_name
    match site.tree.func:
        case cst.Attribute(value=receiver, attr=cst.Name(value=called)) if called == name:
            return not _is_super(receiver)
        case _:
            return name == "__call__"


def is_of_class(definition: Definition) -> bool:
    """Whether a method's first argument is its class."""
    return any(decorator.target == "classmethod" for decorator in definition.function.decorators)


def is_plain_function(definition: Definition) -> bool:
    """Whether a function is a module's own, as it is written: its object runs just its body."""
    function = definition.function
    return not ("." in function.name or function.decorators or is_pythons(definition))


def is_opaque_site(site: CallSite) -> bool:
    """Whether a call stays in its fragment."""
    if site.callee.kind is Kind.HELPER:
        return site.form is not Form.MAP and not runs_body(site)
    return site.form is Form.FORWARD and not runs_body(site)


def is_opaque_mention(mention: Mention) -> bool:
    """Whether a function handed to other code is its own object there."""
    definition = mention.definition
    if definition.kind is not Kind.HELPER or "<locals>" in definition.function.name:
        return False  # a nested function is a variable
    return not is_plain_function(definition)


def is_opaque_definition(definition: Definition | None, graph: CallGraph) -> TypeGuard[Definition]:
    """Whether a nested function that calls tasks is its own object."""
    return definition is not None and is_pythons(definition) and graph.reaches_task(definition)


def reads_itself(function: cst.FunctionDef) -> bool:
    """Whether a function asks for its own variables, or for the class that it stands in."""
    if OF_ITSELF.isdisjoint(contents_of(function).names(Access.READ)):
        return False
    return any(reader(call) for call in nodes_of(cst.Call, function.body))


def reader(call: cst.Call) -> str:
    """The builtin that a call means, of those that look at the function around them; else ""."""
    if not isinstance(call.func, cst.Name):
        return ""
    name = call.func.value
    looks = name in _BY_NAME or (name in _WITHOUT_ARGUMENTS and not call.args)
    return name if looks else ""


def is_pythons(definition: Definition) -> bool:
    """Whether only Python itself can run a function."""
    function = definition.function
    return function.signature.is_generator or reads_itself(function.tree)


def _is_plain(definition: Definition) -> bool:
    """Whether a function's decorators leave its calls what they are."""
    decorators = definition.function.decorators
    if definition.is_task:  # its own decorator: `forward` calls what is under it
        return len(decorators) <= 1
    return all(decorator.target in _TRANSPARENT for decorator in decorators)


def _is_super(receiver: cst.BaseExpression) -> bool:
    return (
        isinstance(receiver, cst.Call)
        and isinstance(receiver.func, cst.Name)
        and (receiver.func.value == "super")
    )
