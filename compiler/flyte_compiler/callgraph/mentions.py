"""Where a body uses a task, a trace or a helper as a value: whatever receives it may call it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.flow import Flow
from flyte_compiler.callgraph.values import Function, Outside, Values, functions_in
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


class Used(NamedTuple):
    """A name, with what it may be."""

    tree: cst.Name | cst.Attribute
    functions: frozenset[Function]


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
        return Used(node, functions) if _is_handed_on(node, body, is_call) else None
    held = functions_in(values)
    return Used(node, held) if held and _is_given_away(node, body, flow, is_call) else None


def _functions(values: Values) -> frozenset[Function]:
    return frozenset(value for value in values if isinstance(value, Function))


def _is_handed_on(node: cst.CSTNode, body: Body, is_call: frozenset[int]) -> bool:
    """Whether a function leaves the place where it is named, uncalled."""
    parent = body.parents.get(id(node))
    match parent:
        case cst.Attribute(attr=cst.Name(value="override")):
            call = body.parents.get(id(parent))
            return call is not None and _is_handed_on(call, body, is_call)
        case cst.Attribute(attr=cst.Name(value=name)):
            return name in _FORMS and _is_handed_on(parent, body, is_call)
        case cst.Call():
            return False
        case cst.Arg():
            return not _is_callee(parent, body, is_call)
        case None | cst.Expr() | cst.Decorator() | cst.Comparison() | cst.ComparisonTarget():
            return False
        case _:
            return True


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
    if id(call) in is_call:
        return False
    return not _only_looks(flow.of(call.func, body))


def _only_looks(callees: Iterable[object]) -> bool:
    return any(isinstance(each, Outside) and each.name in _LOOKS_ONLY for each in callees)
