"""Which expressions are handed to which parameters, and which a function gives back."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flyte_compiler.callgraph.model import CallArgument
from flyte_compiler.source.span import Span
from flyte_compiler.syntax.model import Parameter, ParameterKind
from flyte_compiler.typecheck.annotations.trees import FunctionTree, ModuleTree, Trees, own_nodes

_BY_POSITION = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)
_BY_NAME = (ParameterKind.POSITIONAL_OR_KEYWORD, ParameterKind.KEYWORD_ONLY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """An expression, and the parameter that takes it."""

    parameter: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """An expression that a function gives back."""

    value: Span
    """The statement where it names no value."""
    is_empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """What `functools.partial` has bound; nothing where there is none."""

    positional: tuple[Span, ...] = ()
    keywords: tuple[tuple[str, Span], ...] = ()
    is_open: bool = False
    """Whether a starred argument may bind more."""

    def handed(self, parameters: Sequence[Parameter]) -> Iterator[Handed]:
        """What it hands to the parameters."""
        if self.is_open:
            return
        for parameter, span in zip(_positional(parameters), self.positional, strict=False):
            yield Handed(parameter=parameter.name, span=span)
        for name, span in self.keywords:
            yield Handed(parameter=name, span=span)


def given_by(
    arguments: Sequence[CallArgument],
    parameters: Sequence[Parameter],
    *,
    only_keywords: bool = False,
) -> Iterator[Handed]:
    """What a call's own text proves; behind a starred argument no place is certain."""
    named = {each.name for each in parameters if each.kind in _BY_NAME}
    ordered = [] if only_keywords else _positional(parameters)
    place, is_open = 0, False
    for argument in arguments:
        if argument.star:
            is_open = True
        elif argument.keyword is not None:
            if argument.keyword in named:
                yield Handed(parameter=argument.keyword, span=argument.span)
        elif not is_open and place < len(ordered):
            yield Handed(parameter=ordered[place].name, span=argument.span)
            place += 1


def mapped_by(
    arguments: Sequence[CallArgument], parameters: Sequence[Parameter], bound: Bound
) -> Iterator[Handed]:
    """Each iterable of a map, with the parameter that takes its elements; options are named."""
    if bound.is_open or any(each.star for each in arguments):
        return
    taken = {name for name, _ in bound.keywords}
    ordered = _positional(parameters)[len(bound.positional) :]
    free = [each for each in ordered if each.name not in taken]
    iterables = [each for each in arguments if each.keyword is None]
    for parameter, argument in zip(free, iterables, strict=False):
        yield Handed(parameter=parameter.name, span=argument.span)


def partial_of(map_call: Span, trees: Trees) -> Bound:
    """What a map's first argument has bound, where it is a `partial(...)` in place."""
    tree, node = trees.holding(map_call), trees.expression_at(map_call)
    if tree is None or not isinstance(node, ast.Call) or not node.args:
        return Bound()
    first = node.args[0]
    while isinstance(first, ast.Call) and _is_override(first):
        assert isinstance(first.func, ast.Attribute)
        first = first.func.value
    if not isinstance(first, ast.Call):
        return Bound()
    given = first.args[1:]
    return Bound(
        positional=tuple(tree.span(each) for each in given),
        keywords=tuple((each.arg, tree.span(each.value)) for each in first.keywords if each.arg),
        is_open=any(isinstance(each, ast.Starred) for each in given)
        or any(each.arg is None for each in first.keywords),
    )


def declared_defaults(function: FunctionTree, tree: ModuleTree) -> Iterator[Handed]:
    """The defaults of a function's parameters."""
    arguments = function.args
    ordered = [*arguments.posonlyargs, *arguments.args]
    with_default = ordered[len(ordered) - len(arguments.defaults) :]
    for parameter, default in zip(with_default, arguments.defaults, strict=True):
        yield Handed(parameter=parameter.arg, span=tree.span(default))
    for parameter, value in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True):
        if value is not None:
            yield Handed(parameter=parameter.arg, span=tree.span(value))


def given_by_trigger(function: FunctionTree, tree: ModuleTree) -> Iterator[Handed]:
    """The literal inputs of the triggers in a task's decorator; `TriggerTime` is a datetime that
    isn't there yet."""
    for decorator in function.decorator_list:
        for node in ast.walk(decorator):
            if isinstance(node, ast.Call) and _last_name(node.func) == "Trigger":
                yield from _inputs(node, tree)


def _inputs(trigger: ast.Call, tree: ModuleTree) -> Iterator[Handed]:
    for keyword in trigger.keywords:
        if keyword.arg != "inputs" or not isinstance(keyword.value, ast.Dict):
            continue
        for key, value in zip(keyword.value.keys, keyword.value.values, strict=True):
            is_named = isinstance(key, ast.Constant) and isinstance(key.value, str)
            if is_named and _last_name(value) != "TriggerTime":
                assert isinstance(key, ast.Constant)
                yield Handed(parameter=str(key.value), span=tree.span(value))


def returned_by(function: FunctionTree, tree: ModuleTree) -> Iterator[Returned]:
    """What each `return` gives."""
    for node in own_nodes(function):
        match node:
            case ast.Return(value=None):
                yield Returned(value=tree.span(node), is_empty=True)
            case ast.Return(value=ast.expr() as value):
                yield Returned(value=tree.span(value), is_empty=False)
            case _:
                pass


def yielded_by(function: FunctionTree, tree: ModuleTree) -> Iterator[Returned]:
    """What each `yield` gives; `yield from` is another generator's business."""
    for node in own_nodes(function):
        match node:
            case ast.Yield(value=ast.expr() as value):
                yield Returned(value=tree.span(value), is_empty=False)
            case _:
                pass


def _positional(parameters: Sequence[Parameter]) -> list[Parameter]:
    return [each for each in parameters if each.kind in _BY_POSITION]


def _is_override(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr == "override"


def _last_name(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""
