"""What a declaration wants of a value."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flyte_compiler.typecheck.explain import Mismatch, Reason
from flyte_compiler.typecheck.model import (
    AnyType,
    ClassType,
    LiteralType,
    NoneType,
    Type,
    UnionType,
)
from flyte_compiler.typecheck.oracle import Oracle


def result_expectation(declared: Type, oracle: Oracle) -> Type:
    """What a generator must yield, by its declared result."""
    return oracle.element_of(declared) or AnyType()


def literal_mismatch(node: ast.expr | None, provided: Type, expected: Type) -> Mismatch | None:
    """A constant that isn't one of those that are listed."""
    if not isinstance(node, ast.Constant) or not isinstance(provided, ClassType):
        return None
    members = list(members_of(expected))
    if not all(isinstance(each, LiteralType | NoneType) for each in members):
        return None
    literals = [each for each in members if isinstance(each, LiteralType)]
    if not literals or any(ast.literal_eval(each.value) == node.value for each in _plain(literals)):
        return None
    if len(list(_plain(literals))) < len(literals):
        return None
    return Mismatch(
        path=(),
        reason=Reason.NOT_LISTED,
        provided=LiteralType(value=repr(node.value), of=provided),
        expected=expected,
        is_partial=False,
    )


def _plain(literals: list[LiteralType]) -> Iterator[LiteralType]:
    """Those that aren't members of enums."""
    return (each for each in literals if each.of.name.startswith("builtins."))


def members_of(whole: Type) -> tuple[Type, ...]:
    """The members of a union; of all else the type itself."""
    return whole.members if isinstance(whole, UnionType) else (whole,)
