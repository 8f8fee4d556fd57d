"""What a binding gives its name: the value beside it, or the part of it that the name takes."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.flow import Flow
from flyte_compiler.callgraph.values import (
    NOTHING,
    ClassValue,
    Function,
    Instance,
    Made,
    Outside,
    Values,
    elements_of,
    entries_of,
    many,
    table,
)

_MADE_BY = "flyte.TaskEnvironment"
_WRAPPERS = frozenset({"Optional", "Annotated", "Final", "ClassVar", "Union"})
_TABLES = frozenset({"dict", "Dict", "Mapping", "MutableMapping", "defaultdict"})
_SERIES = frozenset(
    {"list", "List", "Sequence", "Iterable", "Iterator", "set", "frozenset", "Collection", "tuple"}
)


def written(flow: Flow, node: cst.CSTNode, code: Body) -> Values:
    """What a target may be bound to; imports apart."""
    path: list[int] = []
    while (parent := code.parents.get(id(node))) is not None:
        match parent:
            case cst.Element():
                display = code.parents[id(parent)]
                path.insert(0, _place(display, parent))
                node = display
            case cst.FunctionDef():
                return frozenset((Function(flow.codes.of_function(parent)),))
            case cst.ClassDef():
                return frozenset((ClassValue(parent, code),))
            case _:
                return _taken(_beside(flow, parent, code), path)
    return NOTHING


def annotated(flow: Flow, annotation: cst.CSTNode, code: Body) -> Values:
    """What an annotation says that a value is: objects of first-party classes, environments."""
    match annotation:
        case cst.Name() | cst.Attribute():
            return _objects(flow.of(annotation, code), annotation, code)
        case cst.SimpleString(raw_value=text) if text.isidentifier():
            return annotated(flow, cst.Name(text), code)
        case cst.BinaryOperation(left=left, right=right):
            return annotated(flow, left, code) | annotated(flow, right, code)
        case cst.Subscript():
            return _of_generic(flow, annotation, code)
        case _:
            return NOTHING


def _of_generic(flow: Flow, annotation: cst.Subscript, code: Body) -> Values:
    base = annotation.value
    name = base.attr.value if isinstance(base, cst.Attribute) else getattr(base, "value", "")
    arguments = [
        element.slice.value for element in annotation.slice if isinstance(element.slice, cst.Index)
    ]
    inner = [annotated(flow, argument, code) for argument in arguments]
    if name in _WRAPPERS:
        return NOTHING.union(*inner)
    if name in _TABLES and inner:
        return table(inner[-1])
    return many(NOTHING.union(*inner)) if name in _SERIES else NOTHING


def _objects(values: Values, annotation: cst.CSTNode, code: Body) -> Values:
    found: set[Instance | Made] = set()
    for value in values:
        match value:
            case ClassValue():
                found.add(Instance(value, or_below=True))
            case Outside(name=name) if name == _MADE_BY:
                found.add(Made(annotation, code))
            case _:
                pass
    return frozenset(found)


def _beside(flow: Flow, parent: cst.CSTNode, code: Body) -> Values:
    match parent:
        case cst.AssignTarget():
            assignment = cst.ensure_type(code.parents[id(parent)], cst.Assign)
            return flow.of(assignment.value, code)
        case cst.AnnAssign(value=value, annotation=annotation):
            declared = annotated(flow, annotation.annotation, code)
            return declared if value is None else declared | flow.of(value, code)
        case cst.NamedExpr(value=value) | cst.AugAssign(value=value):
            return flow.of(value, code)
        case cst.For(iter=iterable) | cst.CompFor(iter=iterable):
            return elements_of(flow.of(iterable, code))
        case cst.AsName() if isinstance(item := code.parents.get(id(parent)), cst.WithItem):
            return flow.of(item.item, code)
        case cst.Param(default=cst.BaseExpression() as default):  # of a lambda
            return flow.of(default, code)
        case _:
            return NOTHING


def _taken(values: Values, path: Sequence[int]) -> Values:
    for place in path:
        values = entries_of(values, place)
    return values


def _place(display: cst.CSTNode, element: cst.CSTNode) -> int:
    """The place of a target among those beside it, counted from the end behind a star."""
    elements: Sequence[cst.CSTNode] = getattr(display, "elements", ())
    place = next(n for n, each in enumerate(elements) if each is element)
    if any(isinstance(each, cst.StarredElement) for each in elements[:place]):
        return place - len(elements)
    return place
