"""Where a body uses a task, a trace or a helper as a value: whatever receives it may call it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.flow import Flow
from flyte_compiler.callgraph.solve import ADDERS
from flyte_compiler.callgraph.values import (
    ClassValue,
    Function,
    Instance,
    Outside,
    Values,
    functions_in,
)
from flyte_compiler.syntax.model import ModuleIndex
from flyte_compiler.syntax.scope import Access, Contents

_FORMS = frozenset({"aio", "forward"})
_LOOKS_ONLY = frozenset(
    f"builtins.{name}"
    for name in (
        *("bool", "callable", "dict", "enumerate", "frozenset", "getattr", "hasattr", "id"),
        *("isinstance", "iter", "len", "list", "next", "print", "range", "repr", "reversed"),
        *("set", "str", "tuple", "type", "zip"),
    )
)
"""What calls nothing that it is given."""
_ITERATES = frozenset(
    Outside(f"builtins.{name}") for name in ("all", "any", "max", "min", "sorted", "sum")
)
"""What calls nothing that is in a container; its `key` is another matter."""
_METHODS_THAT_LOOK = ADDERS | {"extend", "join", "update"}
_HOLDERS = (
    *(cst.Element, cst.Tuple, cst.List, cst.Set, cst.Dict, cst.DictElement),
    *(cst.IfExp, cst.BooleanOperation, cst.NamedExpr),
)
"""Expressions that hold a value as a part of their own."""
_FOLLOWED = (Function, ClassValue, Instance)
"""Callees whose parameters are followed."""


class Used(NamedTuple):
    """A name, with what it may be."""

    tree: cst.Name | cst.Attribute
    functions: frozenset[Function]
    escapes: bool


def uses_in(body: Body, flow: Flow, is_call: frozenset[int]) -> Iterator[Used]:
    """The functions that a body hands on, by name. `is_call` holds the calls, by identity, that
    are sites or value calls themselves: they say what they call."""
    for name in _names_read(body):
        values = flow.of(name, body)
        if values:
            used = _used(name, values, body, flow, is_call)
            if used is not None:
                yield used


def _names_read(body: Body) -> Iterator[cst.Name]:
    if body.function is None:
        return
    for contents in _contents(body.frames[0].contents, body.index):
        for mention in contents.mentions:
            if mention.access is Access.READ and isinstance(mention.node, cst.Name):
                yield mention.node


def _contents(here: Contents, index: ModuleIndex) -> Iterator[Contents]:
    yield here
    for scope in here.nested:
        if not isinstance(scope, cst.FunctionDef):
            yield from _contents(index.contents_of(scope), index)


def _used(
    name: cst.Name, values: Values, body: Body, flow: Flow, is_call: frozenset[int]
) -> Used | None:
    node: cst.Name | cst.Attribute = name
    while not (functions := _functions(values)):
        parent = body.parents.get(id(node))
        if not isinstance(parent, cst.Attribute):
            break
        node, values = parent, flow.of(parent, body)
        if not values:
            return None
    if functions:
        leaves = _leaves(node, body, flow, is_call)
        return None if leaves is None else Used(node, functions, leaves)
    held = functions_in(values)
    if held and _is_given_away(node, body, flow, is_call):
        return Used(node, held, escapes=True)
    return None


def _functions(values: Values) -> frozenset[Function]:
    return frozenset(value for value in values if isinstance(value, Function))


def _leaves(node: cst.CSTNode, body: Body, flow: Flow, is_call: frozenset[int]) -> bool | None:
    """Whether a function goes, uncalled, where nobody follows it; None where it doesn't go
    anywhere."""
    parent = body.parents.get(id(node))
    while isinstance(parent, _HOLDERS):
        node, parent = parent, body.parents.get(id(parent))
    match parent:
        case cst.Attribute(attr=cst.Name(value=name)):
            if name == "override":
                parent = body.parents.get(id(parent))
            elif name not in _FORMS:
                return None
            return None if parent is None else _leaves(parent, body, flow, is_call)
        case cst.Arg():
            if _is_callee(parent, body, is_call):
                return None
            call = body.parents.get(id(parent))
            if isinstance(call, cst.Call) and functions_in(flow.of(call, body)):
                return _leaves(call, body, flow, is_call)  # `partial(t, 1)` is `t` on its way
            return _is_lost(parent, body, flow)
        case cst.AssignTarget() | cst.Assign() | cst.AnnAssign() | cst.AugAssign():
            return False
        case cst.Return() | cst.Yield() | cst.For() | cst.CompFor() | cst.Subscript():
            return False
        case None | cst.Call() | cst.Expr() | cst.Decorator():
            return None
        case cst.Comparison() | cst.ComparisonTarget() | cst.If() | cst.FormattedStringExpression():
            return None
        case _:
            return True


def _is_lost(argument: cst.Arg, body: Body, flow: Flow) -> bool:
    """Whether an argument goes to something that isn't of the program."""
    call = body.parents.get(id(argument))
    if not isinstance(call, cst.Call):
        return True  # a keyword of a class
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in ADDERS:
        return False
    callees = flow.of(call.func, body)
    if _only_looks(callees):
        return False
    return not callees or not all(isinstance(each, _FOLLOWED) for each in callees)


def _is_callee(argument: cst.Arg, body: Body, is_call: frozenset[int]) -> bool:
    """Whether an argument is the task of `flyte.map(task, xs)`, a partial of it too."""
    call = body.parents.get(id(argument))
    while isinstance(call, cst.Call) and call.args[0] is argument:
        if id(call) in is_call:
            return True
        above = body.parents.get(id(call))
        if not isinstance(above, cst.Arg):
            return False
        argument, call = above, body.parents.get(id(above))
    return False


def _is_given_away(node: cst.CSTNode, body: Body, flow: Flow, is_call: frozenset[int]) -> bool:
    """Whether a container of functions goes to something that may call them."""
    argument = body.parents.get(id(node))
    call = None if argument is None else body.parents.get(id(argument))
    if not isinstance(argument, cst.Arg) or not isinstance(call, cst.Call):
        return False
    if id(call) in is_call or (
        isinstance(call.func, cst.Attribute) and call.func.attr.value in _METHODS_THAT_LOOK
    ):
        return False
    callees = flow.of(call.func, body)
    return not _only_looks(callees) and not (callees & _ITERATES)


def _only_looks(callees: Iterable[object]) -> bool:
    return any(isinstance(each, Outside) and each.name in _LOOKS_ONLY for each in callees)
