"""How a call's arguments meet the callee's parameters.

Only what the call's own text proves is a mismatch: `*args` may fill any positional parameter,
`**kwargs` any named one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from flyte_compiler.callgraph.model import CallArgument, CallSite, Form
from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.model import FunctionDef, Parameter, ParameterKind

_BY_POSITION = frozenset({ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD})
_BY_NAME = frozenset({ParameterKind.POSITIONAL_OR_KEYWORD, ParameterKind.KEYWORD_ONLY})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mismatch:
    """What is wrong with a call; at least one of the four isn't empty."""

    unknown: tuple[CallArgument, ...]
    """Keywords that no parameter has."""
    duplicate: tuple[CallArgument, ...]
    """Keywords whose parameter a positional argument has filled."""
    surplus: tuple[CallArgument, ...]
    """Positional arguments beyond the last positional parameter."""
    missing: tuple[Parameter, ...]
    """Parameters without a default and without an argument."""


def mismatch(site: CallSite) -> Mismatch | None:
    """What is wrong with a call's arguments; None where nothing provably is."""
    if not _is_plain_call(site):
        return None
    parameters = site.callee.function.signature.parameters
    by_position = [each for each in parameters if each.kind in _BY_POSITION]
    filled = _filled_by_position(site.arguments, by_position)
    unknown, duplicate = _wrong_keywords(site.arguments, parameters, filled)
    found = Mismatch(
        unknown=unknown,
        duplicate=duplicate,
        surplus=_surplus(site.arguments, parameters, len(by_position)),
        missing=_missing(site.arguments, parameters, filled),
    )
    return found if _is_wrong(found) else None


def _is_wrong(found: Mismatch) -> bool:
    return bool(found.unknown or found.duplicate or found.surplus or found.missing)


def _is_plain_call(site: CallSite) -> bool:
    """Whether the call's arguments go straight to the parameters as written: not through a
    `map`, a method's `self`, or a decorator that may change the signature."""
    return site.form is not Form.MAP and _signature_is_as_written(site.callee.function)


def _signature_is_as_written(function: FunctionDef) -> bool:
    owner = function.name.rpartition(".")[0]
    is_method = bool(owner) and not owner.endswith("<locals>")
    return not is_method and len(function.decorators) == 1


def _filled_by_position(
    arguments: Sequence[CallArgument], by_position: Sequence[Parameter]
) -> tuple[str, ...]:
    """The parameters that positional arguments are certain to fill: those before any `*`."""
    before_star: list[CallArgument] = []
    for argument in arguments:
        if argument.star == "*":
            break
        if argument.keyword is None and not argument.star:
            before_star.append(argument)
    return tuple(each.name for each in by_position[: len(before_star)])


def _wrong_keywords(
    arguments: Sequence[CallArgument], parameters: Sequence[Parameter], filled: Sequence[str]
) -> tuple[tuple[CallArgument, ...], tuple[CallArgument, ...]]:
    """Keywords that are unknown, and those that come second."""
    named = [argument for argument in arguments if argument.keyword is not None]
    accepted = {each.name for each in parameters if each.kind in _BY_NAME}
    takes_any = any(each.kind is ParameterKind.VAR_KEYWORD for each in parameters)
    unknown = () if takes_any else tuple(each for each in named if each.keyword not in accepted)
    duplicate = tuple(each for each in named if each.keyword in accepted.intersection(filled))
    return unknown, duplicate


def _surplus(
    arguments: Sequence[CallArgument], parameters: Sequence[Parameter], most: int
) -> tuple[CallArgument, ...]:
    if any(each.kind is ParameterKind.VAR_POSITIONAL for each in parameters):
        return ()
    given = [each for each in arguments if each.keyword is None and not each.star]
    return tuple(given[most:])


def _missing(
    arguments: Sequence[CallArgument], parameters: Sequence[Parameter], filled: Sequence[str]
) -> tuple[Parameter, ...]:
    given = {*filled, *(each.keyword for each in arguments)}
    hidden = _hidden_kinds(arguments)
    return tuple(
        each
        for each in parameters
        if each.kind in _BY_POSITION | _BY_NAME
        and each.default is None
        and each.name not in given
        and each.kind not in hidden
    )


def _hidden_kinds(arguments: Sequence[CallArgument]) -> frozenset[ParameterKind]:
    """The kinds of parameter that a starred argument may fill out of sight."""
    stars = {each.star for each in arguments}
    by_position = _BY_POSITION if "*" in stars else frozenset()
    return by_position | (_BY_NAME if "**" in stars else frozenset())


def keyword_span(argument: CallArgument, source: SourceFile) -> Span:
    """The keyword of an argument, whose own span is that of its value."""
    keyword = argument.keyword or ""
    value = source.offset(argument.span.start)
    before = source.text[:value].rstrip("( \t\\\r\n").removesuffix("=").rstrip()
    if not keyword or not before.endswith(keyword):
        return argument.span
    return source.span(len(before) - len(keyword), len(before))
