"""What iterating over a value gives, and awaiting it."""

from __future__ import annotations

from flyte_compiler.typecheck.annotations.declared import UNKNOWN, union
from flyte_compiler.typecheck.annotations.known import INT, STR
from flyte_compiler.typecheck.model import (
    AnyType,
    ClassType,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    UnionType,
)

_BY_FIRST = frozenset(
    {
        *("builtins.list", "builtins.set", "builtins.frozenset", "builtins.tuple"),
        *("builtins.dict", "collections.deque", "collections.Counter", "collections.defaultdict"),
        *("collections.OrderedDict", "typing.Iterable", "typing.Iterator", "typing.Generator"),
        *("typing.Sequence", "typing.MutableSequence", "typing.Collection", "typing.Mapping"),
        *("typing.AbstractSet", "typing.MutableSet", "typing.MutableMapping"),
        *("typing.AsyncIterable", "typing.AsyncIterator", "typing.AsyncGenerator"),
        "flyte._map.MapResults",
    }
)
_BARE = {"builtins.str": STR, "builtins.bytes": INT, "builtins.range": INT}
_NUMBERS = frozenset({"builtins.int", "builtins.float", "builtins.bool", "builtins.complex"})
_AWAITED = {
    "typing.Coroutine": 2,
    "typing.Awaitable": 0,
    "asyncio.tasks.Task": 0,
    "asyncio.futures.Future": 0,
}
"""Which type argument is the result."""


def element_of(iterable: Type) -> Type | None:
    """`AnyType` where it can't be told; None where a value is nothing to iterate over."""
    match iterable:
        case TupleType(items=()):
            return UNKNOWN
        case TupleType(items=items):
            return union(items)
        case ClassType(name=name, arguments=(first, *_)) if name in _BY_FIRST:
            return first
        case ClassType(name=name) if name in _NUMBERS:
            return None
        case ClassType(name=name):
            return _BARE.get(name, UNKNOWN)
        case LiteralType(of=of):
            return element_of(of)
        case NoneType():
            return None
        case UnionType(members=members):
            found = [element_of(each) for each in members]
            known = [each for each in found if each is not None]
            return union(known) if len(known) == len(found) else None
        case _:
            return UNKNOWN


def awaited(value: Type) -> Type | None:
    """`AnyType` where it can't be told; None where a value is nothing to await."""
    match value:
        case AnyType():
            return UNKNOWN
        case ClassType(name=name, arguments=arguments) if name in _AWAITED and arguments:
            return arguments[_AWAITED[name]]
        case ClassType(name=name) if name.startswith(("builtins.", "typing.")):
            return None
        case TupleType() | NoneType() | LiteralType():
            return None
        case _:
            return UNKNOWN
