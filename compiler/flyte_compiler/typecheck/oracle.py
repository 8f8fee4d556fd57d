"""The type oracle: one protocol, answered by mypy in process or by annotations alone.

Both say the same about what both can decide; where one doesn't know, it says `AnyType`, and no
rule speaks about that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.model import Type, TypedSignature


class TypeSource(Enum):
    """Where types come from: the values of `--types`."""

    MYPY = "mypy"
    ANNOTATIONS = "annotations"


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeFault:
    """What the type checker itself has to say about a place in the program."""

    code: str
    """The checker's own: `operator`, `arg-type`."""
    message: str
    span: Span
    involves_any: bool
    """Whether an `Any`, an untyped import or a type that isn't known yet takes part."""


class Oracle(Protocol):
    """What is known about the types of one program. Spans are those of `Positions`: an expression
    without the parentheses around it; shown paths."""

    @property
    def source(self) -> TypeSource:
        """What answers."""

    @property
    def remarks(self) -> Sequence[str]:
        """What the user should know about the answers, each a sentence without a full stop: a file
        that mypy can't read and that annotations serve for, a mypy that isn't known to work."""

    @property
    def faults(self) -> Sequence[TypeFault]:
        """The checker's own findings, in order of their places; none from annotations."""

    def type_of(self, expression: Span) -> Type | None:
        """The type of the expression that fills a span, narrowed as at that place; None where
        there is none, or none was found."""

    def signature_of(self, definition: Definition) -> TypedSignature:
        """The types that a definition declares."""

    def is_assignable(self, provided: Type, expected: Type) -> bool:
        """Whether PEP 484 lets a value of one type go where another is declared. True wherever a
        part isn't known."""

    def element_of(self, iterable: Type) -> Type | None:
        """What iterating over a value gives, also asynchronously; None where it can't be."""

    def awaited(self, value: Type) -> Type | None:
        """What awaiting a value gives; None where it can't be."""
