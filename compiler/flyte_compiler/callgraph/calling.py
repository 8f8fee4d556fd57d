"""What the value of a call may be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.flow import Flow
from flyte_compiler.callgraph.model import Form
from flyte_compiler.callgraph.objects import member, outside_bases
from flyte_compiler.callgraph.results import result_of
from flyte_compiler.callgraph.values import (
    NOTHING,
    ClassValue,
    Decorates,
    Function,
    Instance,
    LambdaValue,
    Made,
    Many,
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

Given = Callable[[Flow, cst.Call, Body], Values]
Method = Callable[[Flow, cst.Call, Body, Values], Values]

ENVIRONMENT = "flyte.TaskEnvironment"


def call_value(flow: Flow, call: cst.Call, code: Body) -> Values:
    """What a call may give."""
    func = call.func
    if isinstance(func, cst.Attribute) and (method := _METHODS.get(func.attr.value)) is not None:
        found = method(flow, call, code, flow.of(func.value, code))
        if found:
            return found
    return NOTHING.union(*(called(flow, value, call, code) for value in flow.of(func, code)))


def called(flow: Flow, value: Value, call: cst.Call, code: Body) -> Values:
    """What a call of one value may give."""
    match value:
        case Outside(name=name):
            outside = _OUTSIDE.get(name)
            return NOTHING if outside is None else outside(flow, call, code)
        case Function(form=Form.CALL | Form.FORWARD | Form.AIO, code=body):
            return result_of(flow, body)
        case LambdaValue(node=node, code=body):  # a cell, as it may call itself
            read = flow.cells.read(("lambda", id(node)), lambda: flow.of(node.body, body))
            return in_doubt(read)
        case ClassValue():
            if ENVIRONMENT in outside_bases(flow, value):
                return frozenset((Made(call, code),))
            return frozenset((Instance(value, or_below=False),))
        case Instance():
            key = ("instance", value, id(call))  # a cell: `__call__` may be such an object
            return flow.cells.read(key, lambda: _called_instance(flow, value, call, code))
        case Decorates():
            return _wrapped(value, call) if not call.args else _decorated(flow, call, code)
        case _:
            return NOTHING


def _called_instance(flow: Flow, value: Instance, call: cst.Call, code: Body) -> Values:
    methods = member(flow, value, "__call__")
    return NOTHING.union(*(called(flow, each, call, code) for each in methods))


def first_argument(flow: Flow, call: cst.Call, code: Body, place: int = 0) -> Values:
    """What a positional argument may be."""
    if len(call.args) <= place:
        return NOTHING
    argument = call.args[place]
    return NOTHING if argument.star or argument.keyword else flow.of(argument.value, code)


def _wrapped(value: Decorates, call: cst.Call) -> Values:
    del call
    return frozenset((value,))


def _decorated(flow: Flow, call: cst.Call, code: Body) -> Values:
    """`env.task(f)` gives the task; `env.task(cache="auto")` gives what makes one."""
    if call.args[0].keyword is not None or call.args[0].star:
        return NOTHING.union(
            value for value in flow.of(call.func, code) if isinstance(value, Decorates)
        )
    return _as_task(first_argument(flow, call, code))


def _as_task(values: Values) -> Values:
    return frozenset(
        replace(value, is_wrapped=True) for value in values if isinstance(value, Function)
    )


def _traced(flow: Flow, call: cst.Call, code: Body) -> Values:
    return _as_task(first_argument(flow, call, code))


def _changed(flow: Flow, call: cst.Call, code: Body) -> Values:
    return in_doubt(first_argument(flow, call, code))


def _remote(flow: Flow, call: cst.Call, code: Body) -> Values:
    del flow, call, code
    return frozenset((Remote(),))


def _made(flow: Flow, call: cst.Call, code: Body) -> Values:
    del flow
    return frozenset((Made(call, code),))


def _series(flow: Flow, call: cst.Call, code: Body) -> Values:
    return many(elements_of(first_argument(flow, call, code)))


def _one(flow: Flow, call: cst.Call, code: Body) -> Values:
    return elements_of(first_argument(flow, call, code))


def _rows(flow: Flow, call: cst.Call, code: Body) -> Values:
    values = (first_argument(flow, call, code, place) for place in range(len(call.args)))
    return many(row(map(elements_of, values)))


def _numbered(flow: Flow, call: cst.Call, code: Body) -> Values:
    return many(row((NOTHING, elements_of(first_argument(flow, call, code)))))


def _filtered(flow: Flow, call: cst.Call, code: Body) -> Values:
    return many(elements_of(first_argument(flow, call, code, 1)))


def _mapped(flow: Flow, call: cst.Call, code: Body) -> Values:
    functions = first_argument(flow, call, code)
    return many(NOTHING.union(*(called(flow, each, call, code) for each in functions)))


def _chained(flow: Flow, call: cst.Call, code: Body) -> Values:
    values = (first_argument(flow, call, code, place) for place in range(len(call.args)))
    return many(NOTHING.union(*map(elements_of, values)))


def _tables(flow: Flow, call: cst.Call, code: Body) -> Values:
    found: list[Values] = []
    for argument in call.args:
        value = flow.of(argument.value, code)
        found.append(entries_of(value) if argument.star or not argument.keyword else value)
    pairs = NOTHING.union(*found)
    return table(pairs | elements_of(pairs))


def _cast(flow: Flow, call: cst.Call, code: Body) -> Values:
    return first_argument(flow, call, code, 1)


def _super(flow: Flow, call: cst.Call, code: Body) -> Values:
    del call
    kind = flow.codes.class_of(code)
    return NOTHING if kind is None else frozenset((Super(kind),))


def _partial_of(flow: Flow, call: cst.Call, code: Body) -> Values:
    return in_doubt(first_argument(flow, call, code))


def _set_up(flow: Flow, call: cst.Call, code: Body) -> Values:
    return first_argument(flow, call, code)


_OUTSIDE: dict[str, Given] = {
    "flyte.remote.Task.get": _remote,
    "flyte.remote.Task.get.aio": _remote,
    ENVIRONMENT: _made,
    f"{ENVIRONMENT}.from_task": _made,
    "flyte.trace": _traced,
    "functools.partial": _partial_of,
    "functools.update_wrapper": _set_up,
    "typing.cast": _cast,
    "itertools.chain": _chained,
    "builtins.dict": _tables,
    "builtins.enumerate": _numbered,
    "builtins.filter": _filtered,
    "builtins.iter": _series,
    "builtins.list": _series,
    "builtins.map": _mapped,
    "builtins.max": _one,
    "builtins.min": _one,
    "builtins.next": _one,
    "builtins.reversed": _series,
    "builtins.set": _series,
    "builtins.frozenset": _series,
    "builtins.sorted": _series,
    "builtins.super": _super,
    "builtins.tuple": _series,
    "builtins.zip": _rows,
    "itertools.cycle": _series,
    "itertools.product": _rows,
    "itertools.zip_longest": _rows,
    "random.choice": _one,
    "types.MappingProxyType": _set_up,
}


def _override(flow: Flow, call: cst.Call, code: Body, owner: Values) -> Values:
    del flow, call, code
    return in_doubt(frozenset(value for value in owner if isinstance(value, Function | Remote)))


def _entry(flow: Flow, call: cst.Call, code: Body, owner: Values) -> Values:
    tables = frozenset(value for value in owner if isinstance(value, Table | Many | Row))
    if not tables:
        return NOTHING
    return in_doubt(entries_of(tables) | first_argument(flow, call, code, 1))


def _values(flow: Flow, call: cst.Call, code: Body, owner: Values) -> Values:
    del flow, call, code
    return many(entries_of(frozenset(value for value in owner if isinstance(value, Table))))


def _entries(flow: Flow, call: cst.Call, code: Body, owner: Values) -> Values:
    del flow, call, code
    held = entries_of(frozenset(value for value in owner if isinstance(value, Table)))
    return many(row((NOTHING, held)))


def _same(flow: Flow, call: cst.Call, code: Body, owner: Values) -> Values:
    del flow, call, code
    return frozenset(value for value in owner if isinstance(value, Table | Many))


def _clone(flow: Flow, call: cst.Call, code: Body, owner: Values) -> Values:
    del flow
    known = any(isinstance(value, Made) for value in owner)
    return frozenset((Made(call, code),)) if known else NOTHING


_METHODS: dict[str, Method] = {
    "override": _override,
    "get": _entry,
    "pop": _entry,
    "popleft": _entry,
    "setdefault": _entry,
    "values": _values,
    "items": _entries,
    "copy": _same,
    "clone_with": _clone,
}
"""Methods of dicts, lists, tasks and environments, whatever the object is called."""
