"""What an expression may be, by its kind: a table. A kind that isn't there calls nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, assert_never

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.calling import call_value
from flyte_compiler.callgraph.flow import Flow
from flyte_compiler.callgraph.lookup import module_attribute, name_values
from flyte_compiler.callgraph.model import Form, Kind
from flyte_compiler.callgraph.objects import member
from flyte_compiler.callgraph.values import (
    NOTHING,
    ClassValue,
    Decorates,
    Function,
    Instance,
    LambdaValue,
    Made,
    Many,
    ModuleValue,
    Outside,
    Remote,
    Row,
    Super,
    Table,
    Value,
    Values,
    elements_of,
    entries_of,
    in_doubt,
    many,
    row,
    table,
)

_FORMS = {"aio": Form.AIO, "forward": Form.FORWARD}
_KINDS = {"task": Kind.TASK, "compiled_task": Kind.COMPILED_TASK}


def evaluate(flow: Flow, node: cst.CSTNode, code: Body) -> Values:
    """What an expression may be where it stands, as far as is known yet."""
    handler = _HANDLERS.get(type(node))
    return NOTHING if handler is None else handler(flow, node, code)


def _name(flow: Flow, node: cst.Name, code: Body) -> Values:
    return name_values(flow, node, code)


def _attribute(flow: Flow, node: cst.Attribute, code: Body) -> Values:
    name = node.attr.value
    found = [_attribute_of(flow, value, name) for value in flow.of(node.value, code)]
    return found[0] if len(found) == 1 else in_doubt(NOTHING.union(*found))


def _attribute_of(flow: Flow, value: Value, name: str) -> Values:
    match value:
        case ModuleValue(name=module):
            return module_attribute(flow, module, name)
        case Outside(name=outside):
            return frozenset((Outside(f"{outside}.{name}"),))
        case Function(form=Form.CALL):
            form = _FORMS.get(name)
            return NOTHING if form is None else frozenset((replace(value, form=form),))
        case Instance() | ClassValue() | Super():
            return member(flow, value, name)
        case Made():
            kind = _KINDS.get(name)
            return NOTHING if kind is None else frozenset((Decorates(kind, value),))
        case Remote():
            return frozenset((value,)) if name == "aio" else NOTHING
        case Function() | LambdaValue() | Decorates() | Many() | Table() | Row():
            return NOTHING
        case _:
            assert_never(value)


def _call(flow: Flow, node: cst.Call, code: Body) -> Values:
    return call_value(flow, node, code)


def _subscript(flow: Flow, node: cst.Subscript, code: Body) -> Values:
    values = flow.of(node.value, code)
    element = node.slice[0].slice if len(node.slice) == 1 else None
    if isinstance(element, cst.Slice):
        return values
    return entries_of(values, _place(element))


def _place(index: cst.BaseSlice | None) -> int | None:
    match index:
        case cst.Index(value=cst.Integer(value=digits)):
            return int(digits, 0)
        case cst.Index(
            value=cst.UnaryOperation(operator=cst.Minus(), expression=cst.Integer(value=digits))
        ):
            return -int(digits, 0)
        case _:
            return None


def _choice(flow: Flow, node: cst.IfExp, code: Body) -> Values:
    return in_doubt(flow.of(node.body, code) | flow.of(node.orelse, code))


def _either(flow: Flow, node: cst.BooleanOperation | cst.BinaryOperation, code: Body) -> Values:
    return in_doubt(flow.of(node.left, code) | flow.of(node.right, code))


def _walrus(flow: Flow, node: cst.NamedExpr, code: Body) -> Values:
    return flow.of(node.value, code)


def _awaited(flow: Flow, node: cst.Await, code: Body) -> Values:
    return flow.of(node.expression, code)


def _display(flow: Flow, node: cst.List | cst.Set, code: Body) -> Values:
    return many(NOTHING.union(*_parts(flow, node.elements, code)))


def _tuple(flow: Flow, node: cst.Tuple, code: Body) -> Values:
    parts = _parts(flow, node.elements, code)
    if any(isinstance(element, cst.StarredElement) for element in node.elements):
        return many(NOTHING.union(*parts))
    return row(parts)


def _parts(flow: Flow, elements: Sequence[cst.BaseElement], code: Body) -> list[Values]:
    return [
        elements_of(flow.of(element.value, code))
        if isinstance(element, cst.StarredElement)
        else flow.of(element.value, code)
        for element in elements
    ]


def _dict(flow: Flow, node: cst.Dict, code: Body) -> Values:
    found = [
        entries_of(flow.of(element.value, code))
        if isinstance(element, cst.StarredDictElement)
        else flow.of(element.value, code)
        for element in node.elements
    ]
    return table(NOTHING.union(*found))


def _comprehension(
    flow: Flow, node: cst.ListComp | cst.SetComp | cst.GeneratorExp, code: Body
) -> Values:
    return many(flow.of(node.elt, code))


def _dict_comprehension(flow: Flow, node: cst.DictComp, code: Body) -> Values:
    return table(flow.of(node.value, code))


def _lambda(flow: Flow, node: cst.Lambda, code: Body) -> Values:
    del flow
    return frozenset((LambdaValue(node, code),))


def _function(flow: Flow, node: cst.FunctionDef, code: Body) -> Values:
    del code
    return frozenset((Function(flow.codes.of_function(node)),))


_HANDLERS: dict[type[cst.CSTNode], Callable[[Flow, Any, Body], Values]] = {
    cst.Attribute: _attribute,
    cst.Await: _awaited,
    cst.BinaryOperation: _either,
    cst.BooleanOperation: _either,
    cst.Call: _call,
    cst.Dict: _dict,
    cst.DictComp: _dict_comprehension,
    cst.FunctionDef: _function,
    cst.GeneratorExp: _comprehension,
    cst.IfExp: _choice,
    cst.Lambda: _lambda,
    cst.List: _display,
    cst.ListComp: _comprehension,
    cst.Name: _name,
    cst.NamedExpr: _walrus,
    cst.Set: _display,
    cst.SetComp: _comprehension,
    cst.Subscript: _subscript,
    cst.Tuple: _tuple,
}
