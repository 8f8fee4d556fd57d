"""Which types can't cross from task to task, by mypy's own types.

A list of what crosses: a class that the standard library's machinery defines (threads, sockets,
open files) has other names in each release, so none of those modules' classes crosses. Classes of
the program cross by their fields, or as signed pickle.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from mypy.expandtype import expand_type_by_instance
from mypy.nodes import TypeInfo, Var
from mypy.types import Instance, TupleType, Type, TypedDictType, UnionType, get_proper_type

_MACHINERY = frozenset(
    {
        *("_thread", "threading", "asyncio", "_asyncio", "socket", "_socket", "ssl", "_ssl"),
        *("select", "selectors", "subprocess", "queue", "_queue", "multiprocessing", "concurrent"),
        *("contextvars", "_contextvars", "io", "_io", "sqlite3", "_sqlite3", "mmap", "weakref"),
        *("_weakref", "tempfile", "http", "ftplib", "smtplib", "signal", "sched", "dbm", "shelve"),
    }
)
_NEVER = frozenset(
    {
        *("typing.Generator", "typing.AsyncGenerator", "typing.Coroutine", "typing.IO"),
        *("typing.TextIO", "typing.BinaryIO", "types.GeneratorType", "types.CoroutineType"),
        *("types.AsyncGeneratorType", "types.ModuleType", "types.FrameType", "types.CodeType"),
        *("types.TracebackType", "builtins.memoryview", "flyte._map.MapResults"),
    }
)
_BY_FIELDS = ("dataclass", "dataclass_tag", "attrs")
_MODELS = frozenset({"pydantic.main.BaseModel", "pydantic.BaseModel"})
_DEEPEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A part of a type that can't cross."""

    part: Instance
    path: tuple[str, ...]
    """The fields that lead to it, outermost first."""


def find_obstacle(crossing: Type, allowed: frozenset[str] = frozenset()) -> Obstacle | None:
    """The first part that can't cross; None where all of it can, or nothing is known of it.

    `allowed` are full names of classes that somebody knows to cross.
    """
    return next(_obstacles(crossing, (), allowed), None)


def _obstacles(crossing: Type, path: tuple[str, ...], seen: frozenset[str]) -> Iterator[Obstacle]:
    if len(path) > _DEEPEST:
        return
    match get_proper_type(crossing):
        case UnionType(items=parts):
            for part in parts:
                yield from _obstacles(part, path, seen)
        case TupleType(items=parts, partial_fallback=fallback):
            names = fallback.type.metadata.get("namedtuple", {}).get("fields", ())
            for place, part in enumerate(parts):
                inner = (*path, names[place]) if place < len(names) else path
                yield from _obstacles(part, inner, seen)
        case TypedDictType(items=fields):
            for name, part in fields.items():
                yield from _obstacles(part, (*path, name), seen)
        case Instance() as instance:
            for part in instance.args:
                yield from _obstacles(part, path, seen)
            yield from _of_class(instance, path, seen)
        case _:
            return


def _of_class(
    instance: Instance, path: tuple[str, ...], seen: frozenset[str]
) -> Iterator[Obstacle]:
    info = instance.type
    if info.fullname in seen:
        return
    if any(_is_machinery(base) for base in info.mro):
        yield Obstacle(part=instance, path=path)
    elif _crosses_by_fields(info):
        for name, field in _fields(info):
            declared = expand_type_by_instance(field, instance)
            yield from _obstacles(declared, (*path, name), seen | {info.fullname})


def _is_machinery(info: TypeInfo) -> bool:
    if info.fullname in _NEVER:
        return True
    is_plain = info.is_enum or any(base.fullname == "builtins.BaseException" for base in info.mro)
    return info.module_name.partition(".")[0] in _MACHINERY and not is_plain


def _crosses_by_fields(info: TypeInfo) -> bool:
    is_model = any(base.fullname in _MODELS for base in info.mro)
    return is_model or any(tag in info.metadata for tag in _BY_FIELDS)


def _fields(info: TypeInfo) -> Iterator[tuple[str, Type]]:
    for name, symbol in info.names.items():
        match symbol.node:
            case Var(is_classvar=False, type=Type() as declared) if not name.startswith("__"):
                yield name, declared
            case _:
                continue
