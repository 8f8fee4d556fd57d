"""What a call hands on: its arguments reach parameters, and the fields of objects."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.calling import ENVIRONMENT
from flyte_compiler.callgraph.flow import Change, Flow, Given, Wrap, as_it_is
from flyte_compiler.callgraph.model import Kind
from flyte_compiler.callgraph.objects import attribute_key, fields_of, member, outside_bases
from flyte_compiler.callgraph.parameters import parameter_key
from flyte_compiler.callgraph.values import (
    ClassValue,
    Decorates,
    Function,
    Instance,
    Outside,
    Values,
    elements_of,
    many,
    table,
)
from flyte_compiler.syntax.model import ParameterKind

_PLAIN = frozenset(
    {cst.SimpleString, cst.FormattedString, cst.ConcatenatedString, cst.Integer, cst.Float}
)
"""Expressions that hold nothing to follow."""
_BY_POSITION = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)


def pass_arguments(flow: Flow, call: cst.Call, code: Body, callees: Values) -> None:
    """Let the arguments of a call reach what its callees do with them."""
    known = [value for value in callees if not isinstance(value, Outside)]
    for value in known:
        match value:
            case Function(code=body, is_bound=is_bound):
                _bind(flow, call.args, code, body, skip=int(is_bound))
            case ClassValue():
                _construct(flow, call.args, code, value)
            case Instance():
                for method in member(flow, value, "__call__"):
                    if isinstance(method, Function):
                        _bind(flow, call.args, code, method.code, skip=1)
            case Decorates(kind=kind, made=made):
                _wrap(flow, call, code, Wrap(kind, made))
            case _:
                pass
    if Outside("flyte.trace") in callees:
        _wrap(flow, call, code, Wrap(Kind.TRACE, None))
    elif not known:
        _hand_over(flow, call, code, is_map=Outside("builtins.map") in callees)


def decorate(flow: Flow, tree: cst.FunctionDef, code: Body) -> None:
    """Let a function reach the first parameter of each first-party decorator on it."""
    for decorator in tree.decorators:
        for value in flow.of(decorator.decorator, code):
            if isinstance(value, Function) and value.code.function is not None:
                names = [each.name for each in value.code.function.signature.parameters]
                for name in names[int(value.is_bound) :][:1]:
                    flow.give(parameter_key(value.code, name), Given(tree, code))


def _wrap(flow: Flow, call: cst.Call, code: Body, wrap: Wrap) -> None:
    """`env.task(f)`: the first argument becomes a task."""
    if not call.args or call.args[0].star or call.args[0].keyword is not None:
        return
    for value in flow.of(call.args[0].value, code):
        if isinstance(value, Function):
            flow.wrap(value.code, wrap)


def _hand_over(flow: Flow, call: cst.Call, code: Body, *, is_map: bool) -> None:
    """`executor.submit(f, x)`, `partial(f, x)`, `asyncio.to_thread(f, x)`, `map(f, xs)`: whatever
    is called here may call its first argument with the others."""
    if len(call.args) < 2 or call.args[0].star or call.args[0].keyword is not None:
        return
    if type(call.args[0].value) in _PLAIN:
        return
    for value in flow.of(call.args[0].value, code):
        if isinstance(value, Function):
            change = elements_of if is_map else as_it_is
            _bind(
                flow, call.args[1:], code, value.code, skip=int(value.is_bound), change_all=change
            )


def _construct(flow: Flow, arguments: Sequence[cst.Arg], code: Body, kind: ClassValue) -> None:
    inits = [
        value
        for value in member(flow, Instance(kind, or_below=False), "__init__")
        if isinstance(value, Function)
    ]
    for init in inits:
        _bind(flow, arguments, code, init.code, skip=1)
    if inits or ENVIRONMENT in outside_bases(flow, kind):
        return
    names = fields_of(flow, kind)
    for place, argument in enumerate(arguments):
        name = argument.keyword.value if argument.keyword else None
        if name is None and place < len(names) and not argument.star:
            name = names[place]
        if name is not None and type(argument.value) not in _PLAIN:
            flow.give(attribute_key(kind, name), Given(argument.value, code))


def _bind(
    flow: Flow,
    arguments: Sequence[cst.Arg],
    code: Body,
    callee: Body,
    *,
    skip: int,
    change_all: Change = as_it_is,
) -> None:
    for name, given in _bound(arguments, code, callee, skip, change_all):
        flow.give(parameter_key(callee, name), given)


def _bound(
    arguments: Sequence[cst.Arg], code: Body, callee: Body, skip: int, change_all: Change
) -> Iterator[tuple[str, Given]]:
    if callee.function is None:
        return
    parameters = callee.function.signature.parameters
    ordered = [each for each in parameters if each.kind in _BY_POSITION][skip:]
    rest = next((each for each in parameters if each.kind is ParameterKind.VAR_POSITIONAL), None)
    others = next((each for each in parameters if each.kind is ParameterKind.VAR_KEYWORD), None)
    names = {each.name for each in parameters}
    place = 0
    for argument in arguments:
        if type(argument.value) in _PLAIN:
            place += argument.keyword is None
        elif argument.keyword is not None:
            name = argument.keyword.value
            if name in names:
                yield name, Given(argument.value, code, change_all)
            elif others is not None:
                yield others.name, Given(argument.value, code, table)
        elif argument.star == "*":
            for each in ordered[place:]:
                yield each.name, Given(argument.value, code, elements_of)
            if rest is not None:
                yield rest.name, Given(argument.value, code)
        elif argument.star == "**":
            if others is not None:
                yield others.name, Given(argument.value, code)
        else:
            if place < len(ordered):
                yield ordered[place].name, Given(argument.value, code, change_all)
            elif rest is not None:
                yield rest.name, Given(argument.value, code, many)
            place += 1
