"""Arguments to parameters: what `inspect.signature(f).bind` and its defaults give, fast.

Every fault of a call is named at once, with the interface, so that a typo in a keyword is never
reported as something missing, and never dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import _ParameterKind
from typing import TYPE_CHECKING

from flyte._near import did_you_mean, listed

if TYPE_CHECKING:
    from flyte._interface import Parameter

POSITIONAL_ONLY = _ParameterKind.POSITIONAL_ONLY
POSITIONAL_OR_KEYWORD = _ParameterKind.POSITIONAL_OR_KEYWORD
KEYWORD_ONLY = _ParameterKind.KEYWORD_ONLY


class NoDefault:
    """The type of the mark on a parameter that must be given."""

    def __repr__(self) -> str:
        return "NO_DEFAULT"


NO_DEFAULT = NoDefault()


def bind_arguments(
    parameters: Sequence[Parameter], args: Sequence[object], kwargs: Mapping[str, object]
) -> dict[str, object] | None:
    """Values in the parameters' order; None where the call doesn't fit them."""
    bound: dict[str, object] = {}
    used = 0
    given = len(args)
    for index, parameter in enumerate(parameters):
        name = parameter.name
        if index < given and parameter.kind is not KEYWORD_ONLY:
            if name in kwargs:
                return None
            bound[name] = args[index]
            used += 1
        elif name in kwargs and parameter.kind is not POSITIONAL_ONLY:
            bound[name] = kwargs[name]
            used += 1
        elif parameter.default is NO_DEFAULT:
            return None
        else:
            bound[name] = parameter.default
    return bound if used == given + len(kwargs) else None


def binding_faults(
    parameters: Sequence[Parameter], args: Sequence[object], kwargs: Mapping[str, object]
) -> tuple[str, ...]:
    """What is wrong with a call that doesn't fit, each fault in its own words."""
    positional = [p for p in parameters if p.kind is not KEYWORD_ONLY]
    by_position = {p.name for p in positional[: len(args)]}
    by_keyword = [p.name for p in parameters if p.kind is not POSITIONAL_ONLY]
    faults = []
    if len(args) > len(positional):
        faults.append(_too_many(len(positional), len(args)))
    for name in kwargs:
        if name in by_position:
            faults.append(f"argument `{name}` is given twice, by position and by keyword")
        elif name not in by_keyword:
            faults.append(_not_a_keyword(name, parameters, by_keyword))
    missing = [
        p.name
        for p in parameters
        if p.default is NO_DEFAULT
        and p.name not in by_position
        and (p.kind is POSITIONAL_ONLY or p.name not in kwargs)
    ]
    if missing:
        faults.append(f"missing {_plural('argument', len(missing))} {listed(missing)}")
    return tuple(faults)


def _too_many(takes: int, given: int) -> str:
    if takes == 0:
        return f"takes no positional arguments, {given} given"
    return f"takes at most {takes} positional {_plural('argument', takes)}, {given} given"


def _not_a_keyword(name: str, parameters: Sequence[Parameter], by_keyword: Sequence[str]) -> str:
    if any(parameter.name == name for parameter in parameters):
        return f"argument `{name}` is positional only"
    return f"no parameter is called `{name}`{did_you_mean(name, by_keyword)}"


def _plural(word: str, count: int) -> str:
    return word if count == 1 else f"{word}s"
