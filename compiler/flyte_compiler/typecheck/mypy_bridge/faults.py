"""mypy's own findings, as records with places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mypy import types as of
from mypy.errors import ErrorInfo
from mypy.nodes import Expression

from flyte_compiler.typecheck.mypy_bridge.places import Place, Places
from flyte_compiler.typecheck.mypy_bridge.questions import has_unknown
from flyte_compiler.typecheck.oracle import TypeFault

_OF_WHAT_IS_GIVEN = frozenset({"arg-type", "assignment", "dict-item", "list-item", "return-value"})
"""Faults of a value as such; others are of what is done with its parts."""


def faults_in(
    found: list[ErrorInfo], places: Places, types: Mapping[Expression, of.Type]
) -> Iterator[TypeFault]:
    """The errors of one module; their notes are left out, and so is what has no place."""
    for each in found:
        if each.severity != "error" or each.hidden or each.line < 1 or each.column < 0:
            continue
        place = Place(each.line, each.column, each.end_line, each.end_column)
        if (place.line, place.column) >= (place.end_line, place.end_column):
            continue
        code = "misc" if each.code is None else each.code.code
        yield TypeFault(
            code=code,
            message=each.message,
            span=places.span(place),
            involves_any=_involves_any(code, place, places, types),
        )


def _involves_any(
    code: str, place: Place, places: Places, types: Mapping[Expression, of.Type]
) -> bool:
    """Whether a type that isn't known takes part: in the expression at fault, or in the smallest
    one around it. An argument's fault is the callee's too; what the faulty expression comes to is
    the fault's result, and takes no part in it."""
    faulty = places.at(place)
    if faulty is None:
        return True
    around = places.around(place)
    results = [faulty] if code not in _OF_WHAT_IS_GIVEN else []
    if around is not None:
        results.append(places.at(around) or faulty)
    known = [types.get(each) for each in places.within(around or place) if each not in results]
    return any(each is not None and has_unknown(each) for each in known)
