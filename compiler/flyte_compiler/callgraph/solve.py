"""`solve`: follow every value of a program to where it may be called."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from flyte_compiler.callgraph.arguments import decorate, pass_arguments
from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.cells import Key
from flyte_compiler.callgraph.codes import Codes
from flyte_compiler.callgraph.evaluate import evaluate
from flyte_compiler.callgraph.flow import Flow, Given
from flyte_compiler.callgraph.lookup import name_key
from flyte_compiler.callgraph.objects import attribute_key, link_classes
from flyte_compiler.callgraph.sources import written
from flyte_compiler.callgraph.values import (
    NOTHING,
    ClassValue,
    Instance,
    ModuleValue,
    Values,
    in_doubt,
    many,
    table,
)
from flyte_compiler.syntax.model import ModuleIndex

ADDERS = frozenset({"append", "appendleft", "add", "insert"})
_EXTENDERS = frozenset({"extend", "update"})


def solve(modules: Mapping[str, ModuleIndex]) -> Flow:
    """Where the functions, environments and objects of a program may be found."""
    flow = Flow(Codes(modules), evaluate)
    codes = tuple(flow.codes)
    link_classes(flow)
    for code in codes:
        _give_stored(flow, code)
        _give_added(flow, code)
    for code in codes:
        for call in code.calls:
            _follow(flow, call.node, code)
        if code.function is not None and code.function.decorators:
            decorate(flow, code.function.tree, flow.codes.around(code))
    flow.cells.settle()
    return flow


def settled(flow: Flow, node: cst.CSTNode, code: Body) -> Values:
    """What an expression may be, once everything has been followed."""
    found = flow.of(node, code)
    while True:
        flow.cells.settle()
        again = flow.of(node, code)
        if again <= found:
            return again
        found = again


def _follow(flow: Flow, call: cst.Call, code: Body) -> None:
    def compute() -> Values:
        callees = flow.of(call.func, code)
        pass_arguments(flow, call, code, callees)
        return NOTHING

    flow.cells.read(("call", id(call)), compute)


def _give_stored(flow: Flow, code: Body) -> None:
    """`self.step = t` and `table["x"] = t`: what is stored reaches who reads it."""
    for target in code.stores:
        match target:
            case cst.Attribute(value=owner, attr=name):
                for key in _attribute_keys(flow, owner, name.value, code):
                    flow.give(key, Given(target, code, in_doubt, written))
            case cst.Subscript(value=owner):
                for key in _keys_of(flow, owner, code):
                    flow.give(key, Given(target, code, table, written))


def _give_added(flow: Flow, code: Body) -> None:
    """`steps.append(t)`: what is added to a container reaches who reads it."""
    for call in code.calls:
        func = call.node.func
        if not isinstance(func, cst.Attribute) or not call.node.args:
            continue
        added = call.node.args[-1].value
        if func.attr.value in ADDERS:
            for key in _keys_of(flow, func.value, code):
                flow.give(key, Given(added, code, many))
        elif func.attr.value in _EXTENDERS:
            for key in _keys_of(flow, func.value, code):
                flow.give(key, Given(added, code))


def _keys_of(flow: Flow, owner: cst.BaseExpression, code: Body) -> list[Key]:
    """The cells of what is changed in place: of a name, of an attribute of an object."""
    match owner:
        case cst.Name():
            return [name_key(flow, owner, code)]
        case cst.Attribute(value=holder, attr=name):
            return _attribute_keys(flow, holder, name.value, code)
        case cst.Subscript(value=inner):
            return _keys_of(flow, inner, code)
        case _:
            return []


def _attribute_keys(flow: Flow, owner: cst.BaseExpression, name: str, code: Body) -> list[Key]:
    found: list[Key] = []
    for value in flow.of(owner, code):
        match value:
            case Instance(kind=kind) | (ClassValue() as kind):
                found.append(attribute_key(kind, name))
            case ModuleValue(name=module) if module in flow.codes.modules:
                found.append(("name", id(flow.codes.modules[module].tree), name))
            case _:
                pass
    return found
