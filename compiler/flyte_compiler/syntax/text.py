"""The text form of a `ModuleIndex`: one fact a line, stable, for people and for tests."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.source.span import Span
from flyte_compiler.syntax.model import (
    Argument,
    Decorator,
    EnvironmentDef,
    FunctionDef,
    Import,
    ModuleIndex,
    Parameter,
    ParameterKind,
)

_STARS = {ParameterKind.VAR_POSITIONAL: "*", ParameterKind.VAR_KEYWORD: "**"}


def print_index(index: ModuleIndex) -> str:
    """Everything in an index but trees and texts, ending in a line break."""
    return "\n".join(_lines(index)) + "\n"


def _lines(index: ModuleIndex) -> Iterator[str]:
    yield f"module {index.module}" + (" (open)" if index.is_open else "")
    yield from map(_import, index.imports)
    yield from map(_environment, index.environments)
    for function in index.functions:
        yield from (f"  {_decorator(decorator)}" for decorator in function.decorators)
        yield _function(function)
    for name, meaning in sorted(index.aliases.items()):
        yield f"  alias {name} = {meaning}"
    if index.bindings:
        yield f"  binds {', '.join(sorted(index.bindings))}"


def _import(found: Import) -> str:
    what = found.module if found.attribute is None else f"{found.module} : {found.attribute}"
    local = "" if found.top_level else " (local)"
    return f"  import {found.local} = {what}, loads {found.loads}{local}  {_at(found.span)}"


def _environment(found: EnvironmentDef) -> str:
    name = "<computed>" if found.name is None else repr(found.name)
    arguments = ", ".join(map(_argument, found.arguments))
    return (
        f"  env {found.variable} = {name} ({arguments}){_arms(found.exclusive)}  {_at(found.span)}"
    )


def _function(found: FunctionDef) -> str:
    signature = found.signature
    kind = "async def" if signature.is_async else "def"
    yields = " (generator)" if signature.is_generator else ""
    result = "" if signature.result is None else f" -> {signature.result}"
    parameters = ", ".join(_parameters(signature.parameters))
    where = f"{_arms(found.exclusive)}  {_at(found.name_span)}"
    return f"  {kind} {found.name}({parameters}){result}{yields}{where}"


def _parameters(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    before: ParameterKind | None = None
    for parameter in parameters:
        if before is ParameterKind.POSITIONAL_ONLY and parameter.kind is not before:
            yield "/"
        starts = parameter.kind is ParameterKind.KEYWORD_ONLY
        if starts and before not in (ParameterKind.KEYWORD_ONLY, ParameterKind.VAR_POSITIONAL):
            yield "*"
        before = parameter.kind
        yield _parameter(parameter)
    if before is ParameterKind.POSITIONAL_ONLY:
        yield "/"


def _parameter(parameter: Parameter) -> str:
    annotation = "" if parameter.annotation is None else f": {parameter.annotation}"
    default = "" if parameter.default is None else f" = {parameter.default}"
    return f"{_STARS.get(parameter.kind, '')}{parameter.name}{annotation}{default}"


def _decorator(decorator: Decorator) -> str:
    arguments = ", ".join(map(_argument, decorator.arguments))
    return f"@{decorator.target or '<expression>'}" + (f"({arguments})" if arguments else "")


def _argument(argument: Argument) -> str:
    return argument.text if argument.keyword is None else f"{argument.keyword}={argument.text}"


def _arms(exclusive: tuple[str, ...]) -> str:
    return f" on {' '.join(exclusive)}" if exclusive else ""


def _at(span: Span) -> str:
    return f"@{span.start.line}:{span.start.column}"
