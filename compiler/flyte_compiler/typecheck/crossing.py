"""How values of a type cross a boundary: by an encoding of their own, as pickle, or not at all."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.annotations.classes import Classes
from flyte_compiler.typecheck.annotations.trees import FunctionTree, Trees, own_nodes
from flyte_compiler.typecheck.explain import is_exception
from flyte_compiler.typecheck.model import (
    ClassForm,
    ClassType,
    TupleType,
    Type,
    TypedDictType,
    UnionType,
)


class Manner(Enum):
    """How what has no encoding fares."""

    PICKLED = "pickled"
    REFUSED = "refused"
    """By pickle too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """A part of a type that has no encoding."""

    manner: Manner
    part: ClassType
    path: tuple[str, ...]
    """The fields that lead to it, outermost first."""


_ENCODED = frozenset(
    {
        *(f"builtins.{name}" for name in ("int", "float", "bool", "complex", "str", "bytes")),
        *(f"builtins.{name}" for name in ("bytearray", "list", "dict", "set", "frozenset")),
        *("builtins.tuple", "builtins.range", "builtins.object", "builtins.type"),
        *(f"datetime.{name}" for name in ("date", "time", "datetime", "timedelta", "timezone")),
        *("datetime.tzinfo", "zoneinfo.ZoneInfo", "decimal.Decimal", "uuid.UUID"),
        *("pathlib.Path", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePath"),
        *("pathlib.PurePosixPath", "pathlib.PureWindowsPath", "os.PathLike", "numbers.Number"),
    }
)
_LIBRARIES = ("numpy.", "pandas.", "polars.", "pyarrow.", "flyte.", "pydantic.")
"""Whose types have encodings of their own, or are nobody's fault."""
_ABSTRACT = ("typing.", "collections.abc.", "_typeshed.", "typing_extensions.")
"""What says how a value behaves, and not what it is."""
_NEVER = frozenset(
    {
        *("_thread.lock", "_thread.LockType", "threading.Lock", "threading.RLock", "_thread.RLock"),
        *("threading.Thread", "threading.Event", "threading.Condition", "threading.Semaphore"),
        *("asyncio.locks.Lock", "asyncio.locks.Event", "asyncio.locks.Semaphore"),
        *("asyncio.queues.Queue", "asyncio.tasks.Task", "asyncio.futures.Future"),
        *("_asyncio.Task", "_asyncio.Future", "queue.Queue", "_queue.SimpleQueue"),
        *("typing.Generator", "typing.AsyncGenerator", "typing.Coroutine", "types.CoroutineType"),
        *("types.GeneratorType", "types.AsyncGeneratorType", "types.ModuleType"),
        *("typing.IO", "typing.TextIO", "typing.BinaryIO", "_io.TextIOWrapper"),
        *("_io.BufferedReader", "_io.BufferedWriter", "io.TextIOWrapper", "io.BufferedReader"),
        *("io.BufferedWriter", "io.FileIO", "_io.FileIO", "socket.socket", "sqlite3.Connection"),
        *("sqlite3.Cursor", "subprocess.Popen", "multiprocessing.context.Process"),
        *("concurrent.futures.thread.ThreadPoolExecutor", "builtins.memoryview"),
        *("concurrent.futures.process.ProcessPoolExecutor", "contextvars.Context"),
    }
)
NEVER_AS_VALUES = _NEVER | {"flyte._map.MapResults", "typing.AsyncIterator", "typing.Iterator"}
"""What a value of such a type may not be, wherever it goes."""


def find_obstacle(crossing: Type, classes: Classes) -> Obstacle | None:
    """The worst part of a type, the nearest of several; None where all of it crosses, or where
    nothing is known of it."""
    found = list(_obstacles(crossing, classes, (), frozenset()))
    return min(found, key=lambda each: each.manner is not Manner.REFUSED, default=None)


def _obstacles(
    crossing: Type, classes: Classes, path: tuple[str, ...], seen: frozenset[str]
) -> Iterator[Obstacle]:
    match crossing:
        case UnionType(members=parts) | TupleType(items=parts):
            yield from _of_parts(parts, classes, path, seen)
        case TypedDictType(fields=fields):
            for name, part in fields:
                yield from _obstacles(part, classes, (*path, name), seen)
        case ClassType():
            yield from _of_parts(crossing.arguments, classes, path, seen)
            yield from _of_class(crossing, classes, path, seen)
        case _:
            return


def _of_parts(
    parts: Sequence[Type], classes: Classes, path: tuple[str, ...], seen: frozenset[str]
) -> Iterator[Obstacle]:
    for part in parts:
        yield from _obstacles(part, classes, path, seen)


def _of_class(
    crossing: ClassType, classes: Classes, path: tuple[str, ...], seen: frozenset[str]
) -> Iterator[Obstacle]:
    name = crossing.name
    if name in _NEVER:
        yield Obstacle(manner=Manner.REFUSED, part=crossing, path=path)
        return
    if name in _ENCODED or name.startswith((*_LIBRARIES, *_ABSTRACT)) or is_exception(crossing):
        return
    match crossing.form:
        case ClassForm.LOCAL:
            yield Obstacle(manner=Manner.REFUSED, part=crossing, path=path)
        case ClassForm.PLAIN:
            if not any(each.startswith(_LIBRARIES) for each in crossing.bases):
                yield Obstacle(manner=Manner.PICKLED, part=crossing, path=path)
        case ClassForm.DATACLASS | ClassForm.NAMED_TUPLE | ClassForm.PYDANTIC:
            if name not in seen:
                for field, part in (classes.fields_of(name) or {}).items():
                    yield from _obstacles(part, classes, (*path, field), seen | {name})
        case ClassForm.ENUM | ClassForm.PROTOCOL:
            return


def is_local_callable(span: Span, trees: Trees) -> bool:
    """Whether the value at a span is a lambda, or a function defined in a function."""
    tree, node = trees.holding(span), trees.expression_at(span)
    if tree is None or node is None:
        return False
    if isinstance(node, ast.Lambda):
        return True
    scope = tree.scope_of(node)
    return (
        isinstance(node, ast.Name)
        and isinstance(scope, FunctionTree)
        and any(
            isinstance(each, FunctionTree) and each.name == node.id for each in own_nodes(scope)
        )
    )
