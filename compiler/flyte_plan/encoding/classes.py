"""Instances of classes: what makes one, and how one is made again without running its class."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from enum import EnumMeta, Flag
from typing import Any
from weakref import WeakKeyDictionary

from flyte_plan.digest import digest
from flyte_plan.encoding.kinds import PLAIN, Kind

UNSET = object()
"""In place of the value of a field that has none."""

_HEAP_TYPE = 1 << 9
"""`Py_TPFLAGS_HEAPTYPE`: the class was made by a class statement, or as if by one."""

Part = tuple[str, object]


@dataclasses.dataclass(frozen=True, slots=True)
class Shape:
    """How instances of one class are taken apart."""

    kind: Kind
    schema: bytes | None
    """The digest of the field names; None where there are no fields."""
    parts: Callable[[Any], Iterable[Part]]
    """Name and value of each part; `UNSET` for a field without a value."""


_shapes: WeakKeyDictionary[type, Shape | None] = WeakKeyDictionary()


def shape_of(cls: type) -> Shape | None:
    """How instances of `cls` are encoded; None where nothing is known about them."""
    try:
        return _shapes[cls]
    except KeyError:
        shape = _shapes[cls] = _find_shape(cls)
        return shape


def _find_shape(cls: type) -> Shape | None:
    # An enum or named tuple is also an int, a str or a tuple; these questions come first.
    if isinstance(cls, EnumMeta):
        if issubclass(cls, Flag):
            return Shape(Kind.FLAG, None, lambda value: [("value", value.value)])
        return Shape(Kind.ENUM, None, _enum_parts)
    if is_named_tuple(cls):
        return Shape(Kind.NAMED_TUPLE, schema(named_tuple_fields(cls)), _named_tuple_parts)
    if not _is_plain_object(cls):
        return None
    if dataclasses.is_dataclass(cls):
        names = dataclass_fields(cls)
        return Shape(Kind.DATACLASS, schema(names), lambda value: _attributes(value, names))
    if is_model(cls):
        names = model_fields(cls)
        return Shape(Kind.MODEL, schema(names), lambda value: _model_parts(value, names))
    return None


def _is_plain_object(cls: type) -> bool:
    """Whether instances hold nothing but attributes: no base is a built-in container or number."""
    return all(base.__flags__ & _HEAP_TYPE for base in cls.__mro__ if base is not object)


def schema(names: tuple[str, ...]) -> bytes:
    """The digest of a class's field names, in order."""
    return digest("schema", *(name.encode("utf-8", "surrogatepass") for name in names))


def dataclass_fields(cls: type) -> tuple[str, ...]:
    """The names of a dataclass's fields."""
    return tuple(field.name for field in dataclasses.fields(cls))


def is_named_tuple(cls: type) -> bool:
    """Whether `cls` is made by `NamedTuple` or `namedtuple`."""
    return issubclass(cls, tuple) and isinstance(getattr(cls, "_fields", None), tuple)


def named_tuple_fields(cls: type) -> tuple[str, ...]:
    """The names of a named tuple's elements."""
    names: tuple[str, ...] = getattr(cls, "_fields", ())
    return names


def is_model(cls: type) -> bool:
    """Whether `cls` is a pydantic model; pydantic itself needn't be there to ask."""
    return isinstance(getattr(cls, "__pydantic_fields__", None), dict)


def model_fields(cls: type) -> tuple[str, ...]:
    """The names of a pydantic model's fields."""
    return tuple(getattr(cls, "__pydantic_fields__", ()))


def _enum_parts(value: Any) -> Iterable[Part]:
    scalar = value.value if type(value.value) in PLAIN else None
    return [("name", value.name), ("value", scalar)]


def _named_tuple_parts(value: Any) -> Iterable[Part]:
    return zip(value._fields, value, strict=True)


def _attributes(value: object, names: tuple[str, ...]) -> Iterable[Part]:
    return [(name, getattr(value, name, UNSET)) for name in names]


def _model_parts(value: Any, names: tuple[str, ...]) -> Iterable[Part]:
    attributes = value.__dict__
    return [
        ("model_fields_set", value.__pydantic_fields_set__),
        ("model_extra", value.__pydantic_extra__),
        ("__pydantic_private__", value.__pydantic_private__),
        *((name, attributes.get(name, UNSET)) for name in names),
    ]


def make_dataclass(cls: type, names: tuple[str, ...], parts: list[object]) -> object:
    """An instance with these fields; `__init__` and `__post_init__` don't run."""
    value: object = object.__new__(cls)
    for name, part in zip(names, parts, strict=True):
        if part is not UNSET:
            object.__setattr__(value, name, part)  # Frozen classes refuse the plain statement.
    return value


def make_model(cls: type, names: tuple[str, ...], parts: list[object]) -> object:
    """A pydantic model with these fields; nothing is validated again."""
    value: object = object.__new__(cls)
    fields_set, extra, private, *fields = parts
    held = {name: part for name, part in zip(names, fields, strict=True) if part is not UNSET}
    object.__setattr__(value, "__dict__", held)
    object.__setattr__(value, "__pydantic_fields_set__", fields_set)
    object.__setattr__(value, "__pydantic_extra__", extra)
    object.__setattr__(value, "__pydantic_private__", private)
    return value


def make_named_tuple(cls: type, names: tuple[str, ...], parts: list[object]) -> object:
    """A named tuple of these elements; a `__new__` of its own doesn't run."""
    if len(parts) != len(names):
        raise ValueError(f"{len(parts)} elements for {len(names)} fields")
    return tuple.__new__(cls, parts)
