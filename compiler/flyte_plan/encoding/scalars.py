"""Values of the standard library that are no containers: dates, numbers, paths.

A table of exact types gives a tag and the list of parts that tell one value from all others of
its type; a table of tags gives the value back. Parts are encoded like any value, so that a
datetime's zone needs nothing of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from pathlib import PosixPath, PurePath, PurePosixPath, PureWindowsPath, WindowsPath
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from flyte_plan.encoding.kinds import Kind, UnencodableError, type_name

Parts = list[object]

_PATHS: dict[str, type[PurePath]] = {
    "posix": PosixPath,
    "windows": WindowsPath,
    "pure posix": PurePosixPath,
    "pure windows": PureWindowsPath,
}
_PATH_NAMES = {cls: name for name, cls in _PATHS.items()}


def _write_time(value: time) -> Parts:
    return [*_clock(value), _known_zone(value.tzinfo)]


def _write_datetime(value: datetime) -> Parts:
    return [value.year, value.month, value.day, *_clock(value), _known_zone(value.tzinfo)]


def _clock(value: time | datetime) -> list[int]:
    return [value.hour, value.minute, value.second, value.microsecond, value.fold]


def _known_zone(zone: tzinfo | None) -> tzinfo | None:
    """`zone`, which the encoder writes as a part; a better message where it can't."""
    if zone is None or type(zone) in (timezone, ZoneInfo):
        return zone
    raise UnencodableError(
        f"a time zone of type `{type_name(type(zone))}` has no encoding; "
        "`datetime.timezone` and `zoneinfo.ZoneInfo` have one"
    )


def _write_offset(value: timezone) -> Parts:
    """What it was made of: the name only where one was given."""
    offset, name = value.utcoffset(None), value.tzname(None)
    return [offset, None if timezone(offset).tzname(None) == name else name]


def _write_zone(value: ZoneInfo) -> Parts:
    if value.key is None:
        raise UnencodableError("a `zoneinfo.ZoneInfo` without a key has no encoding")
    return [value.key]


def _write_path(value: PurePath) -> Parts:
    return [_PATH_NAMES[type(value)], str(value)]


def _read_time(*parts: Any) -> time:
    hour, minute, second, microsecond, fold, zone = parts
    return time(hour, minute, second, microsecond, zone, fold=fold)


def _read_datetime(*parts: Any) -> datetime:
    year, month, day, hour, minute, second, microsecond, fold, zone = parts
    return datetime(year, month, day, hour, minute, second, microsecond, zone, fold=fold)


def _read_offset(offset: timedelta, name: str | None) -> timezone:
    return timezone(offset) if name is None else timezone(offset, name)


def _read_path(kind: str, text: str) -> PurePath:
    return _PATHS[kind](text)


# Each function takes exactly the type, or the parts, that it stands under.
WRITERS: Mapping[type, tuple[Kind, Callable[[Any], Parts]]] = {
    bytearray: (Kind.BYTEARRAY, lambda value: [bytes(value)]),
    complex: (Kind.COMPLEX, lambda value: [value.real, value.imag]),
    range: (Kind.RANGE, lambda value: [value.start, value.stop, value.step]),
    date: (Kind.DATE, lambda value: [value.year, value.month, value.day]),
    time: (Kind.TIME, _write_time),
    datetime: (Kind.DATETIME, _write_datetime),
    timedelta: (Kind.TIMEDELTA, lambda value: [value.days, value.seconds, value.microseconds]),
    timezone: (Kind.OFFSET, _write_offset),
    ZoneInfo: (Kind.ZONE, _write_zone),
    Decimal: (Kind.DECIMAL, lambda value: [str(value)]),
    UUID: (Kind.UUID, lambda value: [value.bytes]),
    **dict.fromkeys(_PATH_NAMES, (Kind.PATH, _write_path)),
}

READERS: Mapping[int, Callable[..., object]] = {
    Kind.BYTEARRAY: bytearray,
    Kind.COMPLEX: complex,
    Kind.RANGE: range,
    Kind.DATE: date,
    Kind.TIME: _read_time,
    Kind.DATETIME: _read_datetime,
    Kind.TIMEDELTA: timedelta,
    Kind.OFFSET: _read_offset,
    Kind.ZONE: ZoneInfo,
    Kind.DECIMAL: Decimal,
    Kind.UUID: lambda value: UUID(bytes=value),
    Kind.PATH: _read_path,
}
