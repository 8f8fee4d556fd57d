"""mypy's own findings, as records with places."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mypy import types as of
from mypy.errors import ErrorInfo
from mypy.nodes import Expression

from flyte_compiler.typecheck.mypy_bridge.places import Place, Places
from flyte_compiler.typecheck.mypy_bridge.questions import has_unknown
from flyte_compiler.typecheck.oracle import TypeFault


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
        yield TypeFault(
            code="misc" if each.code is None else each.code.code,
            message=each.message,
            span=places.span(place),
            involves_any=_involves_any(place, places, types),
        )


def _involves_any(place: Place, places: Places, types: Mapping[Expression, of.Type]) -> bool:
    """Whether a type that isn't known takes part: in the expression at fault, or in the smallest
    one around it. An argument's fault is the callee's too."""
    if places.at(place) is None:
        return True
    around = places.around(place) or place
    known = [types.get(each) for each in places.within(around)]
    return any(each is not None and has_unknown(each) for each in known)
