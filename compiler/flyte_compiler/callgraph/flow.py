"""`Flow`: the one place that knows which values reach which names, so far.

The modules beside it say how: `evaluate` what an expression may be, `lookup` what a name may be,
`objects` what an attribute may be, `calling` what a call gives, `arguments` what it hands on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.cells import Cells, Key
from flyte_compiler.callgraph.codes import Codes
from flyte_compiler.callgraph.model import Kind
from flyte_compiler.callgraph.values import NOTHING, ClassValue, Made, Values

Change: TypeAlias = Callable[[Values], Values]
Evaluate: TypeAlias = Callable[["Flow", cst.CSTNode, Body], Values]


def as_it_is(values: Values) -> Values:
    """An argument for a plain parameter."""
    return values


@dataclass(frozen=True, slots=True)
class Given:
    """An expression whose value reaches a parameter or an attribute."""

    node: cst.CSTNode
    code: Body
    change: Change = as_it_is
    """What becomes of it on the way: an argument behind `*` gives its elements."""
    read: Evaluate | None = None
    """How the node is read where it isn't an expression that is loaded."""


@dataclass(frozen=True, slots=True)
class Wrap:
    """What `env.task(f)` or `flyte.trace(f)` makes of a function."""

    kind: Kind
    made: Made | None


class Flow:
    """Values on their way through one program."""

    def __init__(self, codes: Codes, evaluate: Evaluate) -> None:
        self.codes = codes
        self.cells = Cells()
        self.below: dict[ClassValue, list[ClassValue]] = {}
        """The classes that are derived from a class, at any distance."""
        self.wraps: dict[Body, list[Wrap]] = {}
        self._evaluate = evaluate
        self._given: dict[Key, dict[Given, None]] = {}

    def of(self, node: cst.CSTNode, code: Body) -> Values:
        """What an expression may be where it stands."""
        return self._evaluate(self, node, code)

    def give(self, key: Key, given: Given) -> None:
        """Let a value reach a parameter or an attribute."""
        known = self._given.setdefault(key, {})
        if given not in known:
            known[given] = None
            self.cells.touch(key)

    def given_to(self, key: Key) -> Values:
        """What reaches it."""
        found = []
        for given in tuple(self._given.get(key, ())):
            read = given.read or self._evaluate
            found.append(given.change(read(self, given.node, given.code)))
        return NOTHING.union(*found)

    def wrap(self, code: Body, wrap: Wrap) -> None:
        """Remember what a call makes of a function."""
        known = self.wraps.setdefault(code, [])
        if wrap not in known:
            known.append(wrap)

    def is_given(self, key: Key) -> bool:
        """Whether anything reaches it."""
        return key in self._given
