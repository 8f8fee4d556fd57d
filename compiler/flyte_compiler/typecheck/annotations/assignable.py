"""Whether a value of one type may go where another is declared: PEP 484, by name.

True wherever a part isn't known, so that a False can be relied upon.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from flyte_compiler.typecheck.annotations.classes import Classes
from flyte_compiler.typecheck.annotations.known import BASES, bases_of
from flyte_compiler.typecheck.model import (
    AnyType,
    CallableType,
    ClassForm,
    ClassType,
    LiteralType,
    NeverType,
    NoneType,
    OtherType,
    TupleType,
    Type,
    TypedDictType,
    TypeVariable,
    UnionType,
)

_PROMOTIONS: Mapping[str, frozenset[str]] = MappingProxyType(
    {
        "builtins.int": frozenset({"builtins.float", "builtins.complex"}),
        "builtins.bool": frozenset({"builtins.float", "builtins.complex"}),
        "builtins.float": frozenset({"builtins.complex"}),
    }
)
_INVARIANT = frozenset(
    {
        *("builtins.list", "builtins.set", "collections.deque", "typing.MutableSequence"),
        *("typing.MutableSet",),
    }
)
_TABLES = frozenset({"builtins.dict", "typing.MutableMapping", "collections.defaultdict"})
_STRUCTURAL = tuple(name for name in BASES if name.startswith("typing."))
"""What a class of the program may be without inheriting from it."""
_OF_TUPLES = frozenset({"builtins.tuple", *BASES["builtins.tuple"]})


class Assignability:
    """The relation, for one program."""

    def __init__(self, classes: Classes) -> None:
        self._classes = classes

    def holds(self, provided: Type, expected: Type) -> bool:
        """Whether the one may go where the other is declared."""
        match provided, expected:
            case (AnyType() | NeverType() | TypeVariable() | OtherType(), _):
                return True
            case _, (AnyType() | TypeVariable() | OtherType() | TypedDictType()):
                return self._may_be_dict(provided, expected)
            case _, ClassType(name="builtins.object"):
                return True
            case UnionType(members=members), _:
                return all(self.holds(member, expected) for member in members)
            case _, UnionType(members=members):
                return any(self.holds(provided, member) for member in members)
            case NoneType(), _:
                return isinstance(expected, NoneType) or _is_protocol(expected)
            case LiteralType(), LiteralType():
                return provided == expected
            case LiteralType(of=of), _:
                return self.holds(of, expected)
            case TupleType(items=items), _:
                return self._tuple_fits(items, expected)
            case CallableType(), _:
                return _callable_fits(expected)
            case TypedDictType(), _:
                return _typed_dict_fits(expected)
            case ClassType(), ClassType():
                return self._class_fits(provided, expected)
            case ClassType(name="builtins.tuple", arguments=(AnyType(),)), TupleType():
                return True
            case ClassType(), CallableType():
                return not self._is_known(provided)
            case _:
                return False

    def _may_be_dict(self, provided: Type, expected: Type) -> bool:
        """Displays are typed by what they are for, so that any dict may be a TypedDict."""
        if not isinstance(expected, TypedDictType):
            return True
        if isinstance(provided, TypedDictType):
            return provided.name == expected.name or not (provided.name and expected.name)
        return not isinstance(provided, NoneType) and not (
            isinstance(provided, ClassType) and provided.name in ("builtins.str", "builtins.int")
        )

    def _tuple_fits(self, items: Sequence[Type], expected: Type) -> bool:
        match expected:
            case TupleType(items=wanted):
                return len(items) == len(wanted) and all(map(self.holds, items, wanted))
            case ClassType(name=name, arguments=(element,)) if name in _OF_TUPLES:
                return all(self.holds(item, element) for item in items)
            case ClassType(name=name, form=ClassForm.PROTOCOL) | ClassType(name=name):
                return _is_protocol(expected) or not self._is_known_name(name)
            case _:
                return False

    def _class_fits(self, provided: ClassType, expected: ClassType) -> bool:
        if provided.name == expected.name:
            return self._arguments_fit(provided, expected)
        if expected.name in _PROMOTIONS.get(provided.name, ()):
            return True
        if expected.name in provided.bases:
            return self._is_base(provided, expected)
        if _is_protocol(expected):
            return True
        if expected.name in _STRUCTURAL and provided.name not in BASES:
            return True
        return not (self._is_known(provided) and self._is_known(expected))

    def _arguments_fit(self, provided: ClassType, expected: ClassType) -> bool:
        given, wanted = provided.arguments, expected.arguments
        if len(given) != len(wanted):
            return True
        if expected.name in _INVARIANT | _TABLES:
            return all(
                self.holds(one, other) and self.holds(other, one)
                for one, other in zip(given, wanted, strict=True)
            )
        if expected.name not in BASES:
            return True  # A generic class of the program, whose variance nobody has looked at.
        return all(map(self.holds, given, wanted))

    def _is_base(self, provided: ClassType, expected: ClassType) -> bool:
        """Whether the type arguments agree, where it is plain how they are handed on."""
        given, wanted = provided.arguments, expected.arguments
        if provided.name == "builtins.str" and wanted:
            return self.holds(provided, wanted[0])
        if not given or not wanted or provided.name not in BASES:
            return True
        if expected.name in _INVARIANT | _TABLES and len(given) == len(wanted):
            return self._arguments_fit(ClassType(name=expected.name, arguments=given), expected)
        return all(map(self.holds, given, wanted)) if len(given) >= len(wanted) else True

    def _is_known(self, tested: ClassType) -> bool:
        return self._is_known_name(tested.name)

    def _is_known_name(self, name: str) -> bool:
        """Whether all that a class inherits from is in sight."""
        if bases_of(name) is not None:
            return True
        info = self._classes.named(name)
        return info is not None and info.is_whole


def _is_protocol(expected: Type) -> bool:
    return isinstance(expected, ClassType) and expected.form is ClassForm.PROTOCOL


def _callable_fits(expected: Type) -> bool:
    match expected:
        case CallableType():
            return True
        case ClassType(name=name):
            return name not in BASES or name.startswith("typing.")
        case _:
            return False


def _typed_dict_fits(expected: Type) -> bool:
    match expected:
        case ClassType(name=name):
            return name.startswith("typing.") or name == "builtins.dict" or name not in BASES
        case _:
            return False
