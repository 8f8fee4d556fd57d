"""What an attribute of an object or a class may be: methods, and what is stored under a name."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

import libcst as cst

from flyte_compiler.callgraph.cells import Key
from flyte_compiler.callgraph.flow import Flow
from flyte_compiler.callgraph.lookup import scope_name
from flyte_compiler.callgraph.parameters import is_of_class, is_static
from flyte_compiler.callgraph.results import result_of
from flyte_compiler.callgraph.sources import annotated
from flyte_compiler.callgraph.values import (
    NOTHING,
    ClassValue,
    Function,
    Instance,
    Outside,
    Super,
    Value,
    Values,
    in_doubt,
)

_PROPERTIES = frozenset({"property", "cached_property", "functools.cached_property"})


def attribute_key(kind: ClassValue, name: str) -> Key:
    """The cell of what is stored under a name of a class's objects."""
    return ("attribute", id(kind.node), name)


def member(flow: Flow, owner: Instance | ClassValue | Super, name: str) -> Values:
    """What `owner.name` may be."""
    match owner:
        case Super(kind=kind):
            return _in_classes(flow, lineage(flow, kind)[1:], name, is_bound=True)
        case ClassValue():
            line = lineage(flow, owner)
            return _in_classes(flow, line, name, is_bound=False) | _stored(flow, line, name)
        case Instance(kind=kind, or_below=or_below):
            line = lineage(flow, kind)
            found = _in_classes(flow, line, name, is_bound=True) | _stored(flow, line, name)
            below = flow.below.get(kind, ()) if or_below else ()
            others = [_in_class(flow, each, name, is_bound=True) for each in below]
            others.append(_stored(flow, below, name))
            more = NOTHING.union(*others) - found
            return in_doubt(found | more) if more else found


def lineage(flow: Flow, kind: ClassValue) -> list[ClassValue]:
    """A class and those that it is derived from, nearest first."""
    found: dict[ClassValue, None] = {}
    waiting = [kind]
    while waiting:
        each = waiting.pop(0)
        if each not in found:
            found[each] = None
            waiting[:0] = [base for base in _bases(flow, each) if isinstance(base, ClassValue)]
    return list(found)


def outside_bases(flow: Flow, kind: ClassValue) -> Iterator[str]:
    """What a class is derived from, outside the program."""
    for each in lineage(flow, kind):
        yield from (base.name for base in _bases(flow, each) if isinstance(base, Outside))


def link_classes(flow: Flow) -> None:
    """Find out which classes are derived from which."""
    for code in flow.codes:
        for node in code.classes:
            kind = ClassValue(node, code)
            for above in lineage(flow, kind)[1:]:
                flow.below.setdefault(above, []).append(kind)


def fields_of(flow: Flow, kind: ClassValue) -> list[str]:
    """The annotated names of a class and those above it, as a dataclass takes them."""
    found: dict[str, None] = {}
    for each in reversed(lineage(flow, kind)):
        for line in each.node.body.body:
            statements = line.body if isinstance(line, cst.SimpleStatementLine) else ()
            for statement in statements:
                if isinstance(statement, cst.AnnAssign) and isinstance(statement.target, cst.Name):
                    found[statement.target.value] = None
    return list(found)


def _bases(flow: Flow, kind: ClassValue) -> Iterator[Value]:
    for base in kind.node.bases:
        value = base.value
        while isinstance(value, cst.Subscript):  # `Base[int]`
            value = value.value
        # A cell, as a base may be computed from an object of the class itself.
        yield from flow.cells.read(("base", id(value)), partial(flow.of, value, kind.code))


def _in_classes(flow: Flow, line: Iterable[ClassValue], name: str, *, is_bound: bool) -> Values:
    for kind in line:
        if found := _in_class(flow, kind, name, is_bound=is_bound):
            return found
    return NOTHING


def _in_class(flow: Flow, kind: ClassValue, name: str, *, is_bound: bool) -> Values:
    if name not in flow.codes.writes(kind.node, kind.code):
        return NOTHING
    values = scope_name(flow, kind.node, kind.code, name)
    bound = [_bound(flow, kind, value, is_bound=is_bound) for value in values]
    return NOTHING.union(*bound)


def _bound(flow: Flow, kind: ClassValue, value: Value, *, is_bound: bool) -> Values:
    """A function as its class or an object of it hands it out."""
    function = value.code.function if isinstance(value, Function) else None
    if not isinstance(value, Function) or function is None or is_static(function):
        return frozenset((value,))
    if flow.codes.class_of(value.code) != kind:  # a task that is a value of the class
        return in_doubt(frozenset((value,)))
    if any(decorator.target in _PROPERTIES for decorator in function.decorators):
        return result_of(flow, value.code) if is_bound else NOTHING
    return frozenset((replace(value, is_bound=is_bound or is_of_class(function)),))


def _stored(flow: Flow, line: Iterable[ClassValue], name: str) -> Values:
    found = [_stored_in(flow, kind, name) for kind in line]
    return in_doubt(NOTHING.union(*found))


def _stored_in(flow: Flow, kind: ClassValue, name: str) -> Values:
    key = attribute_key(kind, name)
    return flow.cells.read(key, lambda: flow.given_to(key) | _declared(flow, kind, name))


def _declared(flow: Flow, kind: ClassValue, name: str) -> Values:
    """What `name: Class` in the body of a class says."""
    for line in kind.node.body.body:
        for statement in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            match statement:
                case cst.AnnAssign(target=cst.Name(value=declared)) if declared == name:
                    return annotated(flow, statement.annotation.annotation, kind.code)
                case _:
                    pass
    return NOTHING
