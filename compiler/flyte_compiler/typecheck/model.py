"""A type, as far as the compiler speaks of types: a closed union of frozen values.

An oracle makes them and answers questions about them. Nothing here knows mypy: what an oracle
needs of its own to answer later, it keeps in `origin`, which no one else looks at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import TypeAlias


@dataclass(frozen=True, slots=True, kw_only=True)
class AnyType:
    """Fits everything and is fitted by everything."""

    is_declared: bool = False
    """Whether somebody wrote `Any`; else nobody knows: untyped code, a library without types, an
    error elsewhere."""
    origin: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NoneType:
    """The type of `None`."""

    origin: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class NeverType:
    """Of an expression that never comes to its end."""

    origin: object = field(default=None, compare=False, repr=False)


class ClassForm(Enum):
    """What a class says about its instances."""

    PLAIN = "class"
    PROTOCOL = "protocol"
    ENUM = "enum"
    DATACLASS = "dataclass"
    NAMED_TUPLE = "NamedTuple"
    PYDANTIC = "pydantic model"
    LOCAL = "local class"
    """Defined inside a function, whatever else it is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassType:
    """An instance of a class: `int`, `list[str]`, a user's own."""

    name: str
    """Where it is defined, and its name: `builtins.list`, `app.models.Row`."""
    arguments: tuple[Type, ...] = ()
    bases: tuple[str, ...] = field(default=(), compare=False)
    """The full names of every class that it inherits from, nearest first, as far as known; its
    own name and `builtins.object` left out."""
    form: ClassForm = field(default=ClassForm.PLAIN, compare=False)
    origin: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TupleType:
    """A tuple of a known length: `tuple[int, str]`. One of any length is `builtins.tuple[T]`, a
    `ClassType`; a NamedTuple is one too."""

    items: tuple[Type, ...]
    origin: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedDictType:
    """A TypedDict; one that has no name shows its fields."""

    name: str
    fields: tuple[tuple[str, Type], ...]
    required: frozenset[str]
    origin: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteralType:
    """One value: `Literal["fast"]`, a member of an enum. Of an expression it is the type only
    where one is asked for; the type of `3` is `int`."""

    value: str
    """As in source: `'fast'`, `3`, `Mode.FAST`."""
    of: ClassType
    origin: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class UnionType:
    """One of several, none of them a union; at least two."""

    members: tuple[Type, ...]
    origin: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class CallableType:
    """A function, a lambda, a bound method, a class taken as a value."""

    text: str
    """`def (x: int) -> str`."""
    origin: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypeVariable:
    """A type variable in its own scope."""

    name: str
    origin: object = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherType:
    """A module, a class object of an odd kind: something that is shown and not looked into."""

    text: str
    origin: object = field(default=None, compare=False, repr=False)


Type: TypeAlias = (
    AnyType
    | NoneType
    | NeverType
    | ClassType
    | TupleType
    | TypedDictType
    | LiteralType
    | UnionType
    | CallableType
    | TypeVariable
    | OtherType
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedSignature:
    """The declared types of a first-party function."""

    parameters: Mapping[str, Type]
    """Those that are annotated; of `*args: int` it is `int`."""
    result: Type | None
    """Of the call once it is awaited, as annotated; None where it isn't. An asynchronous
    generator's is what is written: `AsyncIterator[int]`."""
