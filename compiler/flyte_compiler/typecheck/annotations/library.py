"""What a few functions and methods outside the program give, whatever they are given."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from flyte_compiler.typecheck.annotations.known import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    STR,
    known_class,
)
from flyte_compiler.typecheck.model import ClassType, NoneType, Type

_STRINGS = known_class("builtins.list", STR)
_DATETIME = known_class("datetime.datetime")
_DATE = known_class("datetime.date")
_DELTA = known_class("datetime.timedelta")
_PATH = known_class("pathlib.Path")

RESULTS: Mapping[str, Type] = MappingProxyType(
    {
        "builtins.str": STR,
        "builtins.repr": STR,
        "builtins.input": STR,
        "builtins.format": STR,
        "builtins.chr": STR,
        "builtins.hex": STR,
        "builtins.int": INT,
        "builtins.len": INT,
        "builtins.ord": INT,
        "builtins.hash": INT,
        "builtins.id": INT,
        "builtins.float": FLOAT,
        "builtins.bool": BOOL,
        "builtins.isinstance": BOOL,
        "builtins.any": BOOL,
        "builtins.all": BOOL,
        "builtins.callable": BOOL,
        "builtins.bytes": BYTES,
        "builtins.print": NoneType(),
        "builtins.range": known_class("builtins.range"),
        "datetime.datetime": _DATETIME,
        "datetime.datetime.now": _DATETIME,
        "datetime.datetime.utcnow": _DATETIME,
        "datetime.datetime.fromisoformat": _DATETIME,
        "datetime.datetime.fromtimestamp": _DATETIME,
        "datetime.date": _DATE,
        "datetime.date.today": _DATE,
        "datetime.date.fromisoformat": _DATE,
        "datetime.timedelta": _DELTA,
        "decimal.Decimal": known_class("decimal.Decimal"),
        "json.dumps": STR,
        "math.sqrt": FLOAT,
        "math.floor": INT,
        "math.ceil": INT,
        "os.getcwd": STR,
        "os.path.join": STR,
        "pathlib.Path": _PATH,
        "pathlib.Path.cwd": _PATH,
        "pathlib.Path.home": _PATH,
        "random.random": FLOAT,
        "random.randint": INT,
        "time.time": FLOAT,
        "time.monotonic": FLOAT,
        "time.perf_counter": FLOAT,
        "uuid.uuid4": known_class("uuid.UUID"),
    }
)
"""By the name of what is called."""

_OF_STRINGS: Mapping[Type, tuple[str, ...]] = {
    STR: (
        *("upper", "lower", "strip", "lstrip", "rstrip", "title", "capitalize", "replace"),
        *("join", "format", "removeprefix", "removesuffix", "zfill", "ljust", "rjust", "center"),
        *("casefold", "swapcase"),
    ),
    _STRINGS: ("split", "rsplit", "splitlines"),
    BYTES: ("encode",),
    INT: ("count", "find", "rfind", "index"),
    BOOL: ("startswith", "endswith", "isdigit", "isalpha", "isupper", "islower", "isspace"),
}
_OF_PATHS: Mapping[Type, tuple[str, ...]] = {
    STR: ("read_text", "as_posix"),
    BYTES: ("read_bytes",),
    BOOL: ("exists", "is_file", "is_dir"),
    _PATH: ("resolve", "absolute", "with_suffix", "with_name", "expanduser", "joinpath"),
}


def _table(
    owner: ClassType, methods: Mapping[Type, tuple[str, ...]]
) -> dict[tuple[str, str], Type]:
    return {(owner.name, name): result for result, names in methods.items() for name in names}


METHODS: Mapping[tuple[str, str], Type] = MappingProxyType(
    {
        **_table(STR, _OF_STRINGS),
        **_table(_PATH, _OF_PATHS),
        ("builtins.bytes", "decode"): STR,
        ("builtins.bytes", "hex"): STR,
        ("datetime.datetime", "isoformat"): STR,
        ("datetime.datetime", "strftime"): STR,
        ("datetime.datetime", "timestamp"): FLOAT,
        ("datetime.datetime", "date"): _DATE,
        ("datetime.date", "isoformat"): STR,
        ("datetime.date", "strftime"): STR,
        ("datetime.timedelta", "total_seconds"): FLOAT,
        ("builtins.list", "append"): NoneType(),
        ("builtins.list", "sort"): NoneType(),
    }
)
"""By the class and the name of the method."""
