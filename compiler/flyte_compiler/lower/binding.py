"""Arguments of a call meet the callee's parameters, as Python would bind them.

Only the binding is decided here; a call that doesn't fit is another phase's diagnostic.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from flyte_compiler.syntax.model import Parameter, ParameterKind, Signature

_BY_POSITION = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)
_BY_KEYWORD = (ParameterKind.POSITIONAL_OR_KEYWORD, ParameterKind.KEYWORD_ONLY)


def bind(arguments: Sequence[cst.Arg], signature: Signature) -> tuple[Parameter, ...] | None:
    """The parameter that each argument binds, in the arguments' order; None for a misfit.

    Arguments have no stars. What would go into `*args` or `**kwargs` has no parameter of its
    own, so it doesn't fit either.
    """
    positional = [p for p in signature.parameters if p.kind in _BY_POSITION]
    by_keyword = {p.name: p for p in signature.parameters if p.kind in _BY_KEYWORD}
    bound: list[Parameter] = []
    for argument in arguments:
        parameter = _bind_one(argument, len(bound), positional, by_keyword)
        if parameter is None or parameter in bound:
            return None
        bound.append(parameter)
    return tuple(bound) if _is_complete(bound, signature) else None


def _bind_one(
    argument: cst.Arg,
    index: int,
    positional: Sequence[Parameter],
    by_keyword: dict[str, Parameter],
) -> Parameter | None:
    if argument.keyword is not None:
        return by_keyword.get(argument.keyword.value)
    return positional[index] if index < len(positional) else None


def _is_complete(bound: Sequence[Parameter], signature: Signature) -> bool:
    required = [
        parameter
        for parameter in signature.parameters
        if parameter.default is None and parameter.kind in (*_BY_POSITION, *_BY_KEYWORD)
    ]
    return all(parameter in bound for parameter in required)
