"""mypy's answers, and those of annotations for the files that mypy can't read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.annotations.oracle import AnnotationsOracle
from flyte_compiler.typecheck.model import Type, TypedSignature
from flyte_compiler.typecheck.oracle import Oracle, TypeFault, TypeSource


class PartialOracle(Oracle, Protocol):
    """One that knows some files only."""

    def covers(self, path: Path) -> bool:
        """Whether it has types for a file, named as in its spans."""


class LayeredOracle:
    """Two oracles as one. A type of the one and a type of the other fit each other: neither
    oracle knows both."""

    def __init__(self, first: PartialOracle, second: AnnotationsOracle) -> None:
        self._first = first
        self._second = second

    @property
    def source(self) -> TypeSource:
        """What answers where it can."""
        return self._first.source

    @property
    def remarks(self) -> Sequence[str]:
        """What the first one has to say."""
        return self._first.remarks

    @property
    def faults(self) -> Sequence[TypeFault]:
        """Those of the first one."""
        return self._first.faults

    def type_of(self, expression: Span) -> Type | None:
        """By the one that knows the file."""
        return self._of(expression.path).type_of(expression)

    def signature_of(self, definition: Definition) -> TypedSignature:
        """By the one that knows the file."""
        return self._of(definition.function.span.path).signature_of(definition)

    def is_assignable(self, provided: Type, expected: Type) -> bool:
        """By the one that made both; true where they are of two."""
        first, second = _is_of_first(provided), _is_of_first(expected)
        if first != second:
            return True
        return (self._first if first else self._second).is_assignable(provided, expected)

    def element_of(self, iterable: Type) -> Type | None:
        """By the one that made it."""
        return self._by(iterable).element_of(iterable)

    def awaited(self, value: Type) -> Type | None:
        """By the one that made it."""
        return self._by(value).awaited(value)

    def _of(self, path: Path) -> Oracle:
        return self._first if self._first.covers(path) else self._second

    def _by(self, made: Type) -> Oracle:
        return self._first if _is_of_first(made) else self._second


def _is_of_first(made: Type) -> bool:
    """Annotations need to remember nothing."""
    return made.origin is not None
