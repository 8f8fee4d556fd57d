"""Definitions as callees, and which of them a call may run in the end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flyte_compiler.callgraph.model import CallGraph, Definition, Kind
from flyte_compiler.ir.values import Callee
from flyte_compiler.syntax.model import Parameter, ParameterKind, Signature


def callee_of(definition: Definition) -> Callee:
    """A definition as a node names it."""
    environment = definition.environment
    return Callee(
        name=definition.name,
        module=definition.module,
        function=definition.function.name,
        environment=None if environment is None else environment.name,
        signature=signature_text(definition.function.signature),
        is_async=definition.function.signature.is_async,
    )


def signature_text(signature: Signature) -> str:
    """`(name: str, /, *, n: int = 1) -> str`."""
    result = "" if signature.result is None else f" -> {signature.result}"
    return f"({', '.join(_parameter_texts(signature.parameters))}){result}"


def _parameter_texts(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    keyword_only = False
    for index, parameter in enumerate(parameters):
        kind = parameter.kind
        if kind is ParameterKind.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            yield "*"
        keyword_only = keyword_only or kind is ParameterKind.VAR_POSITIONAL
        yield _parameter_text(parameter)
        following = parameters[index + 1].kind if index + 1 < len(parameters) else None
        if kind is ParameterKind.POSITIONAL_ONLY and following is not ParameterKind.POSITIONAL_ONLY:
            yield "/"


def _parameter_text(parameter: Parameter) -> str:
    star = parameter.kind.value if parameter.kind.value.startswith("*") else ""
    annotation = "" if parameter.annotation is None else f": {parameter.annotation}"
    equals = " = " if annotation else "="
    default = "" if parameter.default is None else f"{equals}{parameter.default}"
    return f"{star}{parameter.name}{annotation}{default}"


def reached_callees(graph: CallGraph, definitions: Iterable[Definition]) -> tuple[Callee, ...]:
    """The tasks and traces that calls of definitions may run, through helpers too, each once."""
    found: dict[str, Callee] = {}
    seen: set[str] = set()
    for definition in definitions:
        for each in _reached(graph, definition, seen):
            found.setdefault(each.key, callee_of(each))
    return tuple(found.values())


def _reached(graph: CallGraph, definition: Definition, seen: set[str]) -> Iterator[Definition]:
    if definition.kind is not Kind.HELPER:
        yield definition
    elif definition.key not in seen:
        seen.add(definition.key)
        for site in graph.calls_of(definition):
            yield from _reached(graph, site.callee, seen)
        for call in graph.value_calls_of(definition):
            for candidate in call.candidates:
                yield from _reached(graph, candidate, seen)
