"""What a declaration wants of a value, and which mismatches tell less than they seem to."""

from __future__ import annotations

import ast
import sys
from collections.abc import Container, Iterator

from flyte_compiler.typecheck.explain import Mismatch, Reason
from flyte_compiler.typecheck.model import (
    AnyType,
    ClassType,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    UnionType,
)
from flyte_compiler.typecheck.oracle import Oracle

_NUMBERS = frozenset({"builtins.int", "builtins.float", "builtins.complex", "builtins.bool"})
_OF_ONE_KIND = frozenset({"builtins.list", "typing.Sequence", "typing.MutableSequence"})


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


def tells_less(mismatch: Mismatch, node: ast.expr | None, modules: Container[str]) -> bool:
    """Whether a mismatch is of the kind that working programs have: numbers of numpy, which are
    numbers; what `gather` gives, a list that type checkers take for a tuple; and the unions in
    which libraries say that they can't say what they give."""
    provided, expected = mismatch.provided, mismatch.expected
    if isinstance(provided, ClassType) and provided.name.startswith("numpy."):
        return any(isinstance(e, ClassType) and e.name in _NUMBERS for e in members_of(expected))
    if isinstance(provided, TupleType) and not mismatch.path and not isinstance(node, ast.Tuple):
        wanted = [each for each in members_of(expected) if isinstance(each, ClassType)]
        return any(each.name in _OF_ONE_KIND for each in wanted)
    if mismatch.reason is Reason.SOME_MEMBERS:
        return not all(_is_told(each, modules) for each in members_of(provided))
    return False


def _is_told(member: Type, modules: Container[str]) -> bool:
    """Whether a member of a union is of a class of the program, or of Python."""
    if not isinstance(member, ClassType):
        return True
    module = member.name.rpartition(".")[0]
    return module in modules or module.partition(".")[0] in sys.stdlib_module_names | {"builtins"}
