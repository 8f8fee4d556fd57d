"""What is known of each variable while a body is gone through: taints by place.

A place is a name, or a part of one: `result.elapsed`, `row['id']`. To read a name is to read all
of its parts; to read a part that nothing was put into is to read what holds it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable

from flyte_compiler.dataflow.taints import NONE, Taints, union


class Places:
    """Taints of places. A copy is cheap: most bodies taint nothing."""

    def __init__(self, known: dict[str, Taints] | None = None) -> None:
        self._known = {} if known is None else known

    def copy(self) -> Places:
        """The same, to be changed apart."""
        return Places(dict(self._known))

    def read(self, place: str) -> Taints:
        """What the value at a place depends on."""
        if not self._known:
            return NONE
        parts = [
            taints
            for known, taints in self._known.items()
            if known == place or known.startswith((f"{place}.", f"{place}["))
        ]
        if not parts:
            holder = _holder(place)
            return self.read_own(holder) if holder else NONE
        return union(*parts)

    def read_own(self, place: str) -> Taints:
        """As `read`, without what its parts hold: it is a part itself that was asked for."""
        if place in self._known:
            return self._known[place]
        holder = _holder(place)
        return self.read_own(holder) if holder else NONE

    def write(self, place: str, taints: Taints) -> None:
        """Put a value there: what was there is gone."""
        for known in [each for each in self._known if each.startswith((f"{place}.", f"{place}["))]:
            del self._known[known]
        # An entry of a part hides what its holder depends on, and so must stay where it is empty.
        if taints or (_holder(place) and self.read_own(place)):
            self._known[place] = taints
        else:
            self._known.pop(place, None)

    def add(self, place: str, taints: Taints) -> None:
        """Put a value beside what is there."""
        if taints:
            self._known[place] = union(self._known.get(place, NONE), taints)

    def merge(self, others: Iterable[Places]) -> None:
        """Where paths meet: what any of them brings."""
        for other in others:
            for place, taints in other._known.items():
                self.add(place, taints)

    def replace(self, others: Iterable[Places]) -> None:
        """Become what some paths bring together."""
        paths = list(others)
        self._known = {}
        self.merge(paths)

    @property
    def key(self) -> frozenset[tuple[str, frozenset[object]]]:
        """To tell whether anything is new."""
        return frozenset((place, frozenset(taints)) for place, taints in self._known.items())


def place_of(tree: ast.expr) -> str:
    """The place that an expression names; empty where it names none."""
    match tree:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=of, attr=name):
            holder = place_of(of)
            return f"{holder}.{name}" if holder else ""
        case ast.Subscript(value=of, slice=ast.Constant(value=str() | int() as key)):
            holder = place_of(of)
            return f"{holder}[{key!r}]" if holder else ""
        case _:
            return ""


def holder_of(tree: ast.expr) -> str:
    """The nearest place that holds what an expression names: `rows` of `rows[i].name`."""
    while isinstance(tree, ast.Attribute | ast.Subscript | ast.Starred):
        place = place_of(tree)
        if place:
            return place
        tree = tree.value
    return place_of(tree)


def _holder(place: str) -> str:
    """`a.b` of `a.b['c']`; empty for a name."""
    cut = max(place.rfind("."), place.rfind("["))
    return place[:cut] if cut > 0 else ""
