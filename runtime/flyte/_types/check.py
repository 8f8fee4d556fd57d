"""An annotation, compiled once to a check of values.

As PEP 484 has it: an `int` is accepted for `float` and becomes one, a `bool` is an `int`, and
nothing else is converted. Inside containers that Python itself makes (lists, tuples, sets,
dicts) an `int` becomes a `float`, too, in a copy; an instance of a class stays as it is.

What can't be known at run time (a name that doesn't resolve, an open type variable, a protocol
that isn't `runtime_checkable`) is not checked.
"""

from __future__ import annotations

import collections
import collections.abc
import dataclasses
import types
import typing
from functools import lru_cache
from typing import Any, Protocol

from flyte._annotation import annotation_text
from flyte._types.misfit import MisfitError


class Check(Protocol):
    """What values of one annotation have to be."""

    exact: frozenset[type]
    """Types each of whose instances fits as it is: asked first, on every call."""

    def settle(self, value: Any) -> object:
        """`value` as it was declared.

        Raises:
            MisfitError: it isn't of the type.
        """


def check_of(annotation: object) -> Check | None:
    """The check for an annotation; None where anything fits."""
    try:
        return _kept(annotation)
    except TypeError:  # not hashable: `Literal[[]]`, `Annotated[int, []]`
        return _compile(annotation)


@lru_cache(maxsize=1024, typed=True)
def _kept(annotation: object) -> Check | None:
    return _compile(annotation)


def _compile(annotation: Any) -> Check | None:
    origin = typing.get_origin(annotation)
    if origin in _WRAPPERS:
        return check_of(typing.get_args(annotation)[0])
    if origin in (typing.Union, types.UnionType):
        return _union(annotation)
    if origin is typing.Literal:
        return _Literal(annotation)
    if annotation is None:
        return _Instance(types.NoneType, "None")
    if annotation is typing.LiteralString:
        return _Instance(str, "LiteralString")
    if isinstance(annotation, typing.NewType):
        return check_of(annotation.__supertype__)
    if (meant := getattr(annotation, "__value__", None)) is not None:  # `type X = ...`
        return check_of(meant) if type(annotation).__name__ == "TypeAliasType" else None
    kind = origin or annotation
    return _of_class(annotation, kind) if isinstance(kind, type) else None


_WRAPPERS = (
    *(typing.Annotated, typing.Required, typing.NotRequired, typing.Final, typing.ClassVar),
    *filter(None, [getattr(typing, "ReadOnly", None), dataclasses.InitVar]),
)


def _of_class(annotation: Any, kind: type) -> Check | None:
    from flyte._types import records  # noqa: PLC0415 - each needs the other

    arguments = typing.get_args(annotation)
    if kind is object or kind in _UNCHECKED:
        return None
    if kind is float:
        return _FLOAT
    if kind is complex:
        return _Instance((complex, float, int), "complex")
    if kind is tuple and arguments:
        return _tuple(annotation, arguments)
    if typing.is_typeddict(kind):
        return records.typed_dict(annotation, kind)
    if records.has_fields(kind):
        return records.record(annotation, kind)
    if issubclass(kind, collections.abc.Mapping):
        key, value = arguments if len(arguments) == 2 else (Any, Any)
        return _Mapping(annotation, kind, check_of(key), check_of(value))
    if issubclass(kind, collections.abc.Iterable) and kind not in (str, bytes, bytearray):
        inner = check_of(arguments[0]) if len(arguments) == 1 else None
        return _Elements(annotation, kind, inner)
    if kind.__module__.partition(".")[0] == "numpy" and arguments:
        return _Array(annotation, kind)
    return _Instance(kind, annotation_text(annotation))


_UNCHECKED: tuple[object, ...] = (
    *(collections.abc.Iterator, collections.abc.Generator, collections.abc.Awaitable),
    *(collections.abc.AsyncIterator, collections.abc.AsyncGenerator, collections.abc.Coroutine),
    *(collections.abc.AsyncIterable, typing.Any, typing.Generic, typing.Protocol),
)
"""What a value that crosses by value never is in the end."""


class _Instance:
    """An instance of a class, whatever is in it."""

    __slots__ = ("exact", "expected", "kind")

    def __init__(self, kind: type | tuple[type, ...], expected: str) -> None:
        self.kind = kind
        self.expected = expected
        self.exact = frozenset(kind if isinstance(kind, tuple) else [kind])
        if kind is int:
            self.exact |= {bool}

    def settle(self, value: object) -> object:
        try:
            fits = isinstance(value, self.kind)
        except TypeError:  # a protocol that can't be asked
            return value
        if fits:
            return value
        raise MisfitError(self.expected, value)


class _Float:
    """A float, or an int that becomes one."""

    __slots__ = ()
    exact: frozenset[type] = frozenset({float, bool})

    def settle(self, value: object) -> object:
        if type(value) is int:
            try:
                return float(value)
            except OverflowError:  # beyond any float: what the checker promised can't be kept
                return value
        if isinstance(value, float | int):
            return value
        raise MisfitError("float", value)


_FLOAT = _Float()


class _Literal:
    """One of some values, of the same type."""

    __slots__ = ("exact", "expected", "values")

    def __init__(self, annotation: object) -> None:
        self.exact: frozenset[type] = frozenset()
        self.expected = annotation_text(annotation)
        self.values = typing.get_args(annotation)

    def settle(self, value: object) -> object:
        if any(type(value) is type(choice) and value == choice for choice in self.values):
            return value
        raise MisfitError(self.expected, value)


def _union(annotation: object) -> Check | None:
    members = [check_of(member) for member in typing.get_args(annotation)]
    known = [member for member in members if member is not None]
    return None if len(known) < len(members) else _Union(annotation, tuple(known))


class _Union:
    """Any of the members; a value that is one as it is stays so, before an int becomes a float."""

    __slots__ = ("exact", "expected", "members")

    def __init__(self, annotation: object, members: tuple[Check, ...]) -> None:
        self.members = members
        self.expected = annotation_text(annotation)
        self.exact = frozenset[type]().union(*(member.exact for member in members))

    def settle(self, value: object) -> object:
        if type(value) in self.exact:
            return value
        converted: list[object] = []
        misfits: list[MisfitError] = []
        for member in self.members:
            try:
                settled = member.settle(value)
            except MisfitError as misfit:
                misfits.append(misfit)
                continue
            if settled is value:
                return value
            converted.append(settled)
        if converted:
            return converted[0]
        nearest = max(misfits, key=lambda misfit: misfit.depth)
        raise nearest if nearest.depth else MisfitError(self.expected, value)


_REBUILT = frozenset({list, set, frozenset, collections.deque})


class _Elements:
    """A collection of elements of one type."""

    __slots__ = ("element", "exact", "expected", "kind")

    def __init__(self, annotation: object, kind: type, element: Check | None) -> None:
        self.kind = kind
        self.element = element
        self.expected = annotation_text(annotation)
        self.exact = frozenset({kind}) if element is None else frozenset()

    def settle(self, value: Any) -> object:
        if not isinstance(value, self.kind):
            raise MisfitError(self.expected, value)
        element = self.element
        if element is None or not isinstance(value, _WALKED):
            return value
        if element.exact.issuperset(map(type, value)):
            return value
        made = settled_elements(value, [element] * len(value))
        if made is None or type(value) not in _REBUILT:
            return value if type(value) is not tuple or made is None else tuple(made)
        if isinstance(value, collections.deque):
            return collections.deque(made, value.maxlen)
        return type(value)(made)


_WALKED = (list, tuple, set, frozenset, collections.deque)


def settled_elements(values: Any, checks: list[Check]) -> list[object] | None:
    """The elements as declared; None where none had to change."""
    made: list[object] = []
    is_changed = False
    try:
        for value, check in zip(values, checks, strict=True):
            settled = value if type(value) in check.exact else check.settle(value)
            is_changed = is_changed or settled is not value
            made.append(settled)
    except MisfitError as misfit:
        raise misfit.inside(
            "{element}" if isinstance(values, set | frozenset) else f"[{len(made)}]"
        ) from None
    return made if is_changed else None


def _tuple(annotation: object, arguments: tuple[Any, ...]) -> Check:
    if len(arguments) == 2 and arguments[1] is ...:
        return _Elements(annotation, tuple, check_of(arguments[0]))
    if any(typing.get_origin(argument) is typing.Unpack for argument in arguments):
        return _Instance(tuple, annotation_text(annotation))
    elements = () if arguments == ((),) else arguments
    return _Tuple(annotation, [check_of(element) or ANYTHING for element in elements])


class _Anything:
    """Stands where a list of checks has a place for a part that isn't checked."""

    __slots__ = ()
    exact: frozenset[type] = frozenset()

    def settle(self, value: object) -> object:
        return value


ANYTHING = _Anything()


class _Tuple:
    """A tuple of fixed length."""

    __slots__ = ("elements", "exact", "expected")

    def __init__(self, annotation: object, elements: list[Check]) -> None:
        self.elements = elements
        self.expected = annotation_text(annotation)
        self.exact: frozenset[type] = frozenset()

    def settle(self, value: object) -> object:
        if not isinstance(value, tuple) or len(value) != len(self.elements):
            raise MisfitError(self.expected, value)
        made = settled_elements(value, self.elements)
        return value if made is None or type(value) is not tuple else tuple(made)


class _Mapping:
    """A mapping of keys of one type to values of one."""

    __slots__ = ("exact", "expected", "key", "kind", "value")

    def __init__(
        self, annotation: object, kind: type, key: Check | None, value: Check | None
    ) -> None:
        self.kind = kind
        self.key = key
        self.value = value
        self.expected = annotation_text(annotation)
        self.exact = frozenset({kind}) if key is None and value is None else frozenset()

    def settle(self, value: Any) -> object:
        if not isinstance(value, self.kind):
            raise MisfitError(self.expected, value)
        if not isinstance(value, dict) or (
            _fit(self.key, value) and _fit(self.value, value.values())
        ):
            return value
        made = {self._key(key): self._entry(key, entry) for key, entry in value.items()}
        is_same = all(a is b for a, b in zip(made, value, strict=True)) and all(
            a is b for a, b in zip(made.values(), value.values(), strict=True)
        )
        return value if is_same or type(value) is not dict else made

    def _key(self, key: object) -> object:
        try:
            return key if self.key is None else self.key.settle(key)
        except MisfitError as misfit:
            raise misfit.inside("{key}") from None

    def _entry(self, key: object, entry: object) -> object:
        try:
            return entry if self.value is None else self.value.settle(entry)
        except MisfitError as misfit:
            raise misfit.inside(f"[{key!r}]") from None


def _fit(check: Check | None, values: Any) -> bool:
    return check is None or check.exact.issuperset(map(type, values))


class _Array:
    """A numpy array, of a declared kind of number where that says one."""

    __slots__ = ("exact", "expected", "kind", "scalar")

    def __init__(self, annotation: object, kind: type) -> None:
        self.kind = kind
        self.expected = annotation_text(annotation)
        self.exact: frozenset[type] = frozenset()
        dtype = typing.get_args(annotation)[-1]
        scalar = (*typing.get_args(dtype), None)[0]
        self.scalar = scalar if isinstance(scalar, type) else None

    def settle(self, value: Any) -> object:
        if not isinstance(value, self.kind):
            raise MisfitError(self.expected, value)
        if self.scalar is not None and not issubclass(value.dtype.type, self.scalar):  # type: ignore[attr-defined]  # numpy's
            raise MisfitError(self.expected, value)
        return value
