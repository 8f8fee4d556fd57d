"""What is known of a value without running anything: its *form*, and the *groups* of objects that
it may be part of.

Forms answer one question: may an operation on the value run code that a user wrote? Never on
builtins that hold nothing but builtins; never on a list of anything, as long as its elements are
only moved. A *group* stands for every object that one place in the program makes, with all that
was ever stored in them. A value of no group can't be changed.

Joins only ever lose knowledge, and nesting is bounded, so going round a loop comes to an end.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias, assert_never

_DEEPEST = 5
"""Forms nested deeper are widened."""


@dataclass(frozen=True, slots=True)
class Nothing:
    """What an empty list holds."""


@dataclass(frozen=True, slots=True)
class Scalar:
    """An immutable builtin: a number, a text, None, a tuple of such."""


@dataclass(frozen=True, slots=True)
class Builtin:
    """A builtin that holds builtins only, whichever."""


@dataclass(frozen=True, slots=True)
class Holder:
    """A builtin container, or whatever of builtins can be iterated."""

    element: Form
    """What iterating gives: a dict's keys."""
    found: Form
    """What subscribing gives: a dict's values."""
    is_dict: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """A tuple of known length."""

    parts: tuple[Form, ...]


@dataclass(frozen=True, slots=True)
class Coroutine:
    """What a deferred call gives."""

    given: Form
    """When awaited."""


@dataclass(frozen=True, slots=True)
class Opaque:
    """Anything: an instance of a user's class, say."""


Form: TypeAlias = Nothing | Scalar | Builtin | Holder | Row | Coroutine | Opaque

NOTHING: Form = Nothing()
SCALAR: Form = Scalar()
BUILTIN: Form = Builtin()
OPAQUE: Form = Opaque()

WORLD = "world"
"""The group of everything that this driver didn't build."""


@dataclass(frozen=True, slots=True)
class Value:
    """What an operand, or an expression, may be."""

    form: Form
    groups: frozenset[str] = frozenset()
    origin: str = ""
    """The dotted name of a function or a module, where it is known to be that: `math.sqrt`."""
    method: str = ""
    """Of a method bound to the value that form and groups describe: `append`."""
    lazy: bool = False
    """Whether iterating uses it up."""


UNKNOWN = Value(OPAQUE, frozenset({WORLD}))
A_SCALAR = Value(SCALAR)


def value(form: Form, groups: frozenset[str] = frozenset(), *, lazy: bool = False) -> Value:
    """A value; one that can't be changed belongs to no group."""
    return Value(form, frozenset() if is_immutable(form) else groups, lazy=lazy)


def is_immutable(form: Form) -> bool:
    match form:
        case Scalar() | Nothing():
            return True
        case Row(parts=parts):
            return all(map(is_immutable, parts))
        case _:
            return False


def is_known(form: Form) -> bool:
    """Whether it is of builtins through and through: no operation on it runs a user's code."""
    match form:
        case Nothing() | Scalar() | Builtin():
            return True
        case Holder(element=element, found=found):
            return is_known(element) and is_known(found)
        case Row(parts=parts):
            return all(map(is_known, parts))
        case Coroutine() | Opaque():
            return False
        case _:
            assert_never(form)


def is_builtin(form: Form) -> bool:
    """Whether the object itself is a builtin, whatever it holds."""
    return not isinstance(form, Opaque | Coroutine)


def element_of(form: Form) -> Form:
    """What iterating gives."""
    match form:
        case Nothing() | Scalar() | Builtin():
            return form
        case Holder(element=element):
            return element
        case Row(parts=parts):
            return join_all(parts)
        case Coroutine() | Opaque():
            return OPAQUE
        case _:
            assert_never(form)


def found_in(form: Form, index: object = None) -> Form:
    """What subscribing gives; of a tuple, by a constant index exactly."""
    match form:
        case Holder(found=found):
            return found
        case Row(parts=parts) if isinstance(index, int) and -len(parts) <= index < len(parts):
            return parts[index]
        case _:
            return element_of(form)


def given_by(form: Form) -> Form:
    """What awaiting gives."""
    match form:
        case Coroutine(given=given):
            return given
        case Nothing():
            return NOTHING
        case _:
            return OPAQUE


def listing(element: Form) -> Form:
    """A list, set or iterator of such elements."""
    element = _bounded(element, _DEEPEST)
    return Holder(element, element)


def mapping(key: Form, found: Form) -> Form:
    return Holder(_bounded(key, _DEEPEST), _bounded(found, _DEEPEST), is_dict=True)


def row(parts: Iterable[Form]) -> Form:
    return Row(tuple(_bounded(part, _DEEPEST) for part in parts))


def join_all(forms: Iterable[Form]) -> Form:
    return reduce(join, forms, NOTHING)


def join(one: Form, other: Form) -> Form:
    """The form of a value that is either."""
    if one == other:
        return one
    match one, other:
        case (Nothing(), form) | (form, Nothing()):
            return form
        case (Opaque(), _) | (_, Opaque()):
            return OPAQUE
        case Coroutine(given=first), Coroutine(given=second):
            return Coroutine(join(first, second))
        case (Coroutine(), _) | (_, Coroutine()):
            return OPAQUE
        case Row(parts=first), Row(parts=second) if len(first) == len(second):
            return Row(tuple(map(join, first, second)))
        case (Scalar() | Builtin(), _) | (_, Scalar() | Builtin()) if is_known(one) and is_known(
            other
        ):
            return BUILTIN
        case _:
            return _joined_holders(one, other)


def join_values(one: Value, other: Value) -> Value:
    if one == other:
        return one
    groups = one.groups | other.groups
    if (one.origin, one.method) != (other.origin, other.method):
        return Value(OPAQUE, groups)
    joined = join(one.form, other.form)
    return Value(joined, groups, one.origin, one.method, one.lazy or other.lazy)


def _joined_holders(one: Form, other: Form) -> Form:
    if _is_dict(one) and _is_dict(other):
        element = join(element_of(one), element_of(other))
        return Holder(element, join(found_in(one), found_in(other)), is_dict=True)
    held = join_all((element_of(one), found_in(one), element_of(other), found_in(other)))
    return Holder(held, held)


def _is_dict(form: Form) -> bool:
    return isinstance(form, Holder) and form.is_dict


def _bounded(form: Form, depth: int) -> Form:
    match form:
        case Holder() | Row() | Coroutine() if depth == 0:
            return BUILTIN if is_known(form) else OPAQUE
        case Holder(element=element, found=found, is_dict=is_dict):
            return Holder(_bounded(element, depth - 1), _bounded(found, depth - 1), is_dict)
        case Row(parts=parts):
            return Row(tuple(_bounded(part, depth - 1) for part in parts))
        case Coroutine(given=given):
            return Coroutine(_bounded(given, depth - 1))
        case _:
            return form
