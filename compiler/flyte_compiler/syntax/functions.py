"""Functions at any depth: signature, decorators and place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import libcst as cst

from flyte_compiler.syntax.arguments import arguments_of, folded
from flyte_compiler.syntax.model import Decorator, FunctionDef, Parameter, ParameterKind, Signature
from flyte_compiler.syntax.positions import Positions
from flyte_compiler.syntax.scope import Contents
from flyte_compiler.syntax.statements import Place, Placed
from flyte_compiler.syntax.tree import dotted


def functions_among(
    statements: Iterable[Placed], scopes: Mapping[int, Contents], positions: Positions
) -> tuple[FunctionDef, ...]:
    """The functions that a module's statements define, in source order."""
    return tuple(
        _function(node, place, scopes[id(node)], positions)
        for node, place in statements
        if isinstance(node, cst.FunctionDef)
    )


def _function(
    node: cst.FunctionDef, place: Place, body: Contents, positions: Positions
) -> FunctionDef:
    return FunctionDef(
        name=place.prefix + node.name.value,
        signature=Signature(
            parameters=tuple(_parameters(node.params, positions)),
            result=_annotation(node.returns, positions),
            is_async=node.asynchronous is not None,
            is_generator=body.yields,
        ),
        decorators=tuple(_decorator(decorator, positions) for decorator in node.decorators),
        exclusive=place.exclusive,
        span=positions.span(node),
        name_span=positions.span(node.name),
        tree=node,
    )


def _decorator(node: cst.Decorator, positions: Positions) -> Decorator:
    expression = node.decorator
    call = expression if isinstance(expression, cst.Call) else None
    return Decorator(
        target=dotted(expression if call is None else call.func) or "",
        arguments=() if call is None else arguments_of(call, positions),
        span=positions.span(node),
    )


def _parameters(parameters: cst.Parameters, positions: Positions) -> Iterator[Parameter]:
    for kind, params in _by_kind(parameters):
        for parameter in params:
            default = parameter.default
            yield Parameter(
                name=parameter.name.value,
                kind=kind,
                annotation=_annotation(parameter.annotation, positions),
                default=None if default is None else positions.text(default),
                span=positions.span(parameter),
            )


def _by_kind(parameters: cst.Parameters) -> Iterator[tuple[ParameterKind, Iterable[cst.Param]]]:
    """The parameters in the order that they are written."""
    star, stars = parameters.star_arg, parameters.star_kwarg
    yield ParameterKind.POSITIONAL_ONLY, parameters.posonly_params
    yield ParameterKind.POSITIONAL_OR_KEYWORD, parameters.params
    yield ParameterKind.VAR_POSITIONAL, [star] if isinstance(star, cst.Param) else []
    yield ParameterKind.KEYWORD_ONLY, parameters.kwonly_params
    yield ParameterKind.VAR_KEYWORD, [] if stars is None else [stars]


def _annotation(node: cst.Annotation | None, positions: Positions) -> str | None:
    return None if node is None else folded(positions.text(node.annotation))
