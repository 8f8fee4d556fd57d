"""`Boundary`: one value that goes to a place whose type is declared by a task or a trace."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from flyte_compiler.callgraph.model import CallSite, Definition, ValueCall
from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.explain import Mismatch
from flyte_compiler.typecheck.model import Type


class BoundaryKind(Enum):
    """What the value becomes on the other side."""

    ARGUMENT = "argument"
    ELEMENT = "element"
    """Of what a map iterates over: an argument of each call."""
    RESULT = "result"


class Origin(Enum):
    """What hands the value over."""

    CALL = "call"
    PARTIAL = "partial"
    """`functools.partial` around a task that is mapped."""
    DEFAULT = "default"
    """A parameter's own."""
    TRIGGER = "trigger"
    RETURN = "return"
    YIELD = "yield"


@dataclass(frozen=True, slots=True, kw_only=True)
class Boundary:
    """A value and the declaration that it meets."""

    kind: BoundaryKind
    origin: Origin
    definition: Definition
    """Whose declaration it is."""
    parameter: str | None
    """None for a result."""
    site: CallSite | ValueCall | None
    """The call that hands it over, if one does. Of a value call there is a boundary for each
    candidate."""
    provided: Type
    """Of an iterable that is mapped, the type of its elements."""
    expected: Type
    """`AnyType` where nothing is declared."""
    span: Span
    """The value."""
    declaration: Span
    """The parameter, or the annotation of the result; the function's name where there is none."""
    mismatch: Mismatch | None
    """None where the value fits, or too little is known to say that it doesn't."""
