"""What mypy knows about the types of one build: which fits where, what is inside."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from mypy import types as of
from mypy.erasetype import erase_typevars, remove_instance_last_known_values
from mypy.maptype import map_instance_to_supertype
from mypy.state import state
from mypy.subtypes import find_member, is_subtype
from mypy.typeops import make_simplified_union, tuple_fallback
from mypy.types import get_proper_type

_COROUTINES = frozenset({"typing.Coroutine", "types.CoroutineType"})
_UNKNOWN = of.AnyType(of.TypeOfAny.special_form)


def is_assignable(provided: of.Type, expected: of.Type) -> bool:
    """Whether PEP 484 lets a value of one type go where another is declared; a type variable fits
    and is fitted by everything."""
    left, right = erase_typevars(provided), erase_typevars(expected)
    with state.strict_optional_set(True):
        return is_subtype(left, right) or is_subtype(_as_literal(left), right)


def element_of(iterable: of.Type) -> of.Type | None:
    """What iterating gives, also asynchronously; None where it can't be."""
    with state.strict_optional_set(True):
        return _of_each(iterable, _element)


def awaited(value: of.Type) -> of.Type | None:
    """What awaiting gives; None where it can't be."""
    with state.strict_optional_set(True):
        return _of_each(value, _result)


def forget_values(type_: of.Type) -> of.Type:
    """The type of an expression without what mypy remembers of its value: of `3` it is `int`."""
    return remove_instance_last_known_values(type_)


def has_unknown(type_: of.Type) -> bool:
    """Whether a part of a value's type isn't known. What a function takes may be declared `Any`:
    libraries say so of what fits everything."""
    return _has_unknown(type_, is_value=True, left=20)


def _as_literal(type_: of.Type) -> of.Type:
    """The literal that mypy remembers, of a value or of each member of a union."""
    proper = get_proper_type(type_)
    if isinstance(proper, of.Instance) and proper.last_known_value is not None:
        return proper.last_known_value
    if isinstance(proper, of.UnionType):
        return of.UnionType([_as_literal(each) for each in proper.items])
    return proper


def _of_each(type_: of.Type, inside: Callable[[of.ProperType], of.Type | None]) -> of.Type | None:
    proper = get_proper_type(type_)
    if not isinstance(proper, of.UnionType):
        return inside(proper)
    found = [_of_each(each, inside) for each in proper.items]
    known = [each for each in found if each is not None]
    return make_simplified_union(known) if len(known) == len(found) else None


def _element(type_: of.ProperType) -> of.Type | None:
    instance = _instance_of(type_)
    if instance is None:
        return None if isinstance(type_, of.NoneType) else _UNKNOWN
    if isinstance(type_, of.TupleType) and not _has_unpacked(type_):
        return make_simplified_union(list(type_.items))
    for name in ("typing.Iterable", "typing.AsyncIterable"):
        found = _argument_as(instance, name)
        if found is not None:
            return found
    iterator = _returned_by(instance, "__iter__")
    if iterator is not None:
        return _returned_by(_instance_of(iterator), "__next__")
    iterator = _returned_by(instance, "__aiter__")
    step = _returned_by(_instance_of(iterator), "__anext__")
    return None if step is None else _of_each(step, _result)


def _result(type_: of.ProperType) -> of.Type | None:
    if isinstance(type_, of.TupleType | of.TypedDictType | of.NoneType | of.LiteralType):
        return None
    instance = _instance_of(type_)
    if instance is None:
        return _UNKNOWN if isinstance(type_, of.AnyType | of.TypeVarLikeType) else None
    found = _argument_as(instance, "typing.Awaitable")
    if found is not None:
        return found
    generator = _instance_of(_returned_by(instance, "__await__"))
    return None if generator is None else _argument_as(generator, "typing.Generator", 2)


def _instance_of(type_: of.Type | None) -> of.Instance | None:
    """The class behind a type; None where there is none to look into."""
    proper = get_proper_type(type_)
    if isinstance(proper, of.TupleType):
        return tuple_fallback(proper)
    if isinstance(proper, of.TypedDictType | of.LiteralType):
        return proper.fallback
    if isinstance(proper, of.TypeVarType):
        return _instance_of(proper.upper_bound)
    return proper if isinstance(proper, of.Instance) else None


def _argument_as(instance: of.Instance, name: str, which: int = 0) -> of.Type | None:
    """A type argument of a class, seen as one that it inherits from."""
    for base in instance.type.mro:
        if base.fullname == name:
            return map_instance_to_supertype(instance, base).args[which]
    return None


def _returned_by(instance: of.Instance | None, method: str) -> of.Type | None:
    if instance is None:
        return None
    member = get_proper_type(find_member(method, instance, instance))
    return member.ret_type if isinstance(member, of.CallableType) else None


def _has_unpacked(type_: of.TupleType) -> bool:
    return any(isinstance(get_proper_type(each), of.UnpackType) for each in type_.items)


def _has_unknown(type_: of.Type, *, is_value: bool, left: int) -> bool:
    """Too deep to tell is unknown; so is whatever isn't listed here."""
    if left == 0:
        return True
    proper = get_proper_type(type_)
    if isinstance(proper, of.AnyType):
        return is_value or proper.type_of_any != of.TypeOfAny.explicit
    if isinstance(proper, of.NoneType | of.LiteralType | of.UninhabitedType | of.TypeVarType):
        return False
    if isinstance(proper, of.CallableType) and proper.implicit:
        return True
    parts = _parts(proper)
    if parts is None:
        return True
    inside = is_value and not isinstance(proper, of.CallableType | of.Overloaded | of.Parameters)
    return any(_has_unknown(each, is_value=inside, left=left - 1) for each in parts)


def _parts(type_: of.ProperType) -> Iterator[of.Type] | None:
    """What a type is made of; None where that isn't known."""
    match type_:
        case of.Instance():
            if type_.type.fallback_to_any:
                return None
            # What a coroutine yields and is sent is the event loop's: `Any` for everybody.
            is_coroutine = type_.type.fullname in _COROUTINES
            return iter(type_.args[2:] if is_coroutine else type_.args)
        case of.TupleType() | of.UnionType():
            return iter(type_.items)
        case of.TypedDictType():
            return iter(type_.items.values())
        case of.Parameters():
            return iter(type_.arg_types)
        case of.CallableType():
            return iter((*type_.arg_types, type_.ret_type))
        case of.Overloaded():
            return iter(type_.items)
        case of.TypeType():
            return iter((type_.item,))
        case _:
            return None
