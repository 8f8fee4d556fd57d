"""Values that are taken apart into a number of names."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.annotations.classes import Classes
from flyte_compiler.typecheck.annotations.trees import ModuleTree, Trees
from flyte_compiler.typecheck.model import ClassForm, ClassType, TupleType, Type
from flyte_compiler.typecheck.oracle import Oracle


@dataclass(frozen=True, slots=True, kw_only=True)
class Unpacking:
    """`a, b = value`, where the value's length is known."""

    value: Span
    targets: Span
    provided: Type
    length: int
    """Of the value."""
    least: int
    """Names that need something each."""
    is_open: bool
    """Whether a starred name takes the rest."""

    @property
    def fits(self) -> bool:
        """Whether there are as many names as needed."""
        return self.length >= self.least if self.is_open else self.length == self.least


def find_unpackings(trees: Trees, oracle: Oracle, classes: Classes) -> Iterator[Unpacking]:
    """Those of assignments, in every module."""
    for _, tree in sorted(trees.of_module.items()):
        for node in ast.walk(tree.tree):
            match node:
                case ast.Assign(targets=targets, value=value):
                    for target in targets:
                        yield from _unpackings(target, value, tree, oracle, classes)
                case _:
                    pass


def _unpackings(
    target: ast.expr, value: ast.expr, tree: ModuleTree, oracle: Oracle, classes: Classes
) -> Iterator[Unpacking]:
    if not isinstance(target, ast.Tuple | ast.List):
        return
    span = tree.span(value)
    provided = oracle.type_of(span)
    length = None if provided is None else length_of(provided, classes)
    if provided is None or length is None:
        return
    starred = _count_starred(target.elts)
    yield Unpacking(
        value=span,
        targets=tree.span(target),
        provided=provided,
        length=length,
        least=len(target.elts) - starred,
        is_open=starred > 0,
    )


def _count_starred(targets: Sequence[ast.expr]) -> int:
    return sum(isinstance(each, ast.Starred) for each in targets)


def length_of(provided: Type, classes: Classes) -> int | None:
    """How many items a value of a type has; None where that isn't said."""
    match provided:
        case TupleType(items=items):
            return len(items)
        case ClassType(name=name, form=ClassForm.NAMED_TUPLE):
            fields = classes.fields_of(name)
            return None if fields is None else len(fields)
        case _:
            return None
