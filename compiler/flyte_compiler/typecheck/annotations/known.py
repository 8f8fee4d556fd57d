"""Classes outside the program that are known well enough to say what they are not."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Mapping
from types import MappingProxyType

from flyte_compiler.typecheck.model import ClassType, Type

_ITERABLE = ("typing.Iterable",)
_COLLECTION = ("typing.Collection", *_ITERABLE, "typing.Container", "typing.Sized")
_SEQUENCE = ("typing.Sequence", "typing.Reversible", *_COLLECTION)
_SET = ("typing.AbstractSet", *_COLLECTION)
_MAPPING = ("typing.Mapping", *_COLLECTION)
_PATH = ("pathlib.PurePath", "os.PathLike")

BASES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "builtins.bool": ("builtins.int",),
        "builtins.bytearray": ("typing.MutableSequence", *_SEQUENCE),
        "builtins.bytes": _SEQUENCE,
        "builtins.complex": (),
        "builtins.dict": ("typing.MutableMapping", *_MAPPING),
        "builtins.float": (),
        "builtins.frozenset": _SET,
        "builtins.int": (),
        "builtins.list": ("typing.MutableSequence", *_SEQUENCE),
        "builtins.object": (),
        "builtins.range": _SEQUENCE,
        "builtins.set": ("typing.MutableSet", *_SET),
        "builtins.str": _SEQUENCE,
        "builtins.tuple": _SEQUENCE,
        "collections.Counter": ("builtins.dict", "typing.MutableMapping", *_MAPPING),
        "collections.OrderedDict": ("builtins.dict", "typing.MutableMapping", *_MAPPING),
        "collections.defaultdict": ("builtins.dict", "typing.MutableMapping", *_MAPPING),
        "collections.deque": ("typing.MutableSequence", *_SEQUENCE),
        "datetime.date": (),
        "datetime.datetime": ("datetime.date",),
        "datetime.time": (),
        "datetime.timedelta": (),
        "datetime.timezone": ("datetime.tzinfo",),
        "decimal.Decimal": (),
        "fractions.Fraction": ("numbers.Rational",),
        "pathlib.Path": _PATH,
        "pathlib.PosixPath": ("pathlib.Path", *_PATH),
        "pathlib.PurePath": _PATH[1:],
        "pathlib.PurePosixPath": _PATH,
        "uuid.UUID": (),
        "zoneinfo.ZoneInfo": ("datetime.tzinfo",),
        "flyte.io.DataFrame": (),
        "flyte.io.Dir": (),
        "flyte.io.File": (),
        **dict.fromkeys(
            (
                *("threading.Lock", "threading.RLock", "threading.Thread", "threading.Event"),
                *("threading.Condition", "threading.Semaphore", "asyncio.locks.Lock"),
                *("asyncio.locks.Event", "asyncio.locks.Semaphore", "asyncio.queues.Queue"),
                *("queue.Queue", "socket.socket", "sqlite3.Connection", "sqlite3.Cursor"),
                *("subprocess.Popen", "types.ModuleType", "io.FileIO", "io.TextIOWrapper"),
                *("io.BufferedReader", "io.BufferedWriter", "typing.IO", "typing.TextIO"),
                "typing.BinaryIO",
            ),
            (),
        ),
        "typing.AbstractSet": _COLLECTION,
        "typing.AsyncGenerator": ("typing.AsyncIterator", "typing.AsyncIterable"),
        "typing.AsyncIterable": (),
        "typing.AsyncIterator": ("typing.AsyncIterable",),
        "typing.Awaitable": (),
        "typing.Collection": _COLLECTION[1:],
        "typing.Coroutine": ("typing.Awaitable",),
        "typing.Generator": ("typing.Iterator", *_ITERABLE),
        "typing.Iterable": (),
        "typing.Iterator": _ITERABLE,
        "typing.Mapping": _COLLECTION,
        "typing.MutableMapping": _MAPPING,
        "typing.MutableSequence": _SEQUENCE,
        "typing.MutableSet": _SET,
        "typing.Sequence": _SEQUENCE[1:],
        "asyncio.tasks.Task": ("asyncio.futures.Future", "typing.Awaitable"),
        "asyncio.futures.Future": ("typing.Awaitable",),
        "re.Match": (),
        "flyte._map.MapResults": ("typing.Iterator", *_ITERABLE),
        "re.Pattern": (),
    }
)
"""What each inherits from, by the names that mypy has for them. `builtins.object` left out."""

ALIASES: Mapping[str, str] = MappingProxyType(
    {
        "typing.List": "builtins.list",
        "typing.Dict": "builtins.dict",
        "typing.Set": "builtins.set",
        "typing.FrozenSet": "builtins.frozenset",
        "typing.Tuple": "builtins.tuple",
        "typing.DefaultDict": "collections.defaultdict",
        "typing.OrderedDict": "collections.OrderedDict",
        "typing.Counter": "collections.Counter",
        "typing.Deque": "collections.deque",
        "typing.Text": "builtins.str",
        "typing.Match": "re.Match",
        "typing.Pattern": "re.Pattern",
        "asyncio.Task": "asyncio.tasks.Task",
        "asyncio.Future": "asyncio.futures.Future",
        "asyncio.Lock": "asyncio.locks.Lock",
        "asyncio.Event": "asyncio.locks.Event",
        "asyncio.Semaphore": "asyncio.locks.Semaphore",
        "asyncio.Queue": "asyncio.queues.Queue",
        "flyte.io._file.File": "flyte.io.File",
        "collections.abc.Set": "typing.AbstractSet",
        **{
            f"collections.abc.{name}": f"typing.{name}"
            for name in (
                *("Iterable", "Iterator", "Generator", "Sequence", "MutableSequence", "Collection"),
                *("Mapping", "MutableMapping", "MutableSet", "Awaitable", "Coroutine"),
                *("AsyncIterable", "AsyncIterator", "AsyncGenerator", "Callable"),
            )
        },
    }
)
"""Other names of the same."""

ARITY: Mapping[str, int] = MappingProxyType(
    {
        **dict.fromkeys(
            (
                *("builtins.list", "builtins.set", "builtins.frozenset", "builtins.tuple"),
                *("collections.deque", "collections.Counter", "typing.Iterable", "typing.Iterator"),
                *("typing.Sequence", "typing.MutableSequence", "typing.Collection"),
                *("typing.AbstractSet", "typing.MutableSet", "typing.Awaitable"),
                *("typing.AsyncIterable", "typing.AsyncIterator", "asyncio.tasks.Task"),
                *("asyncio.futures.Future", "re.Match", "re.Pattern"),
            ),
            1,
        ),
        **dict.fromkeys(
            (
                *("builtins.dict", "collections.defaultdict", "collections.OrderedDict"),
                *("typing.Mapping", "typing.MutableMapping", "typing.AsyncGenerator"),
            ),
            2,
        ),
        "typing.Coroutine": 3,
        "typing.Generator": 3,
    }
)
"""How many type arguments a generic class takes."""


def known_class(name: str, *arguments: Type) -> ClassType:
    """An instance of a class in `BASES`, or of a builtin exception."""
    return ClassType(name=name, arguments=arguments, bases=bases_of(name) or ())


def bases_of(name: str) -> tuple[str, ...] | None:
    """The classes that a class outside the program inherits from; None where it isn't known."""
    known = BASES.get(name)
    return _exception_bases(name) if known is None else known


def _exception_bases(name: str) -> tuple[str, ...] | None:
    module, _, short = name.rpartition(".")
    found = getattr(builtins, short, None) if module == "builtins" else None
    if not (isinstance(found, type) and issubclass(found, BaseException)):
        return None
    return tuple(f"builtins.{each.__name__}" for each in found.__mro__[1:-1])


def is_builtin(name: str) -> bool:
    """Whether Python itself defines a name."""
    return hasattr(builtins, name)


INT = known_class("builtins.int")
FLOAT = known_class("builtins.float")
COMPLEX = known_class("builtins.complex")
BOOL = known_class("builtins.bool")
STR = known_class("builtins.str")
BYTES = known_class("builtins.bytes")

_CONSTANTS: Mapping[type, ClassType] = MappingProxyType(
    {int: INT, float: FLOAT, complex: COMPLEX, bool: BOOL, str: STR, bytes: BYTES}
)


def class_of_constant(node: ast.Constant) -> ClassType | None:
    """The class of a literal; None for `None` and `...`."""
    return _CONSTANTS.get(type(node.value))


def is_scalar(tested: Type) -> bool:
    """Whether a type is that of a number or of text, and no union."""
    return tested in (INT, FLOAT, BOOL, STR, BYTES, COMPLEX)
