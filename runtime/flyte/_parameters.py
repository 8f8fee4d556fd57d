"""Text to the values of a task's parameters, by annotation: what a command line gives.

Scalars are read from plain text (`3`, `true`, `2026-01-31`, an enum's name or value), everything
composed from JSON. What has no annotation is JSON where it parses as such, else text.
"""

from __future__ import annotations

import datetime
import decimal
import enum
import json
import pathlib
import typing
import uuid
from collections.abc import Callable, Mapping
from types import NoneType, UnionType
from typing import Any

from flyte._annotation import annotation_text
from flyte._json_values import MismatchError, from_json, is_pointer

_TRUE = frozenset(("true", "yes", "on", "1"))
_FALSE = frozenset(("false", "no", "off", "0"))
_NONE = frozenset(("null", "none", ""))


def read_text(annotation: Any, text: str) -> object:
    """A value of the type `annotation` from what a user typed.

    Raises:
        ValueError: it isn't one; says what it is and what is expected.
    """
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return read_text(arguments[0], text)
    if origin in (typing.Union, UnionType):
        return _read_union(annotation, arguments, text)
    if origin is typing.Literal:
        return _read_choice(annotation, {_shown(choice): choice for choice in arguments}, text)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return _read_enum(annotation, text)
    if annotation in _SCALARS:
        return _read_scalar(annotation, text)
    if _is_open(annotation):
        return _read_open(text)
    if is_pointer(annotation) and not text.lstrip().startswith("{"):
        return read_value(annotation, text)
    return _read_json(annotation, text)


def read_value(annotation: Any, value: object) -> object:
    """A value of the type `annotation` from decoded JSON.

    Raises:
        ValueError: it isn't one; says where, and what it is.
    """
    return from_json(annotation, value, scalar=_read_in_json)


def is_flag(annotation: Any) -> bool:
    """Whether a parameter is written `--name/--no-name`."""
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return is_flag(arguments[0])
    is_union = origin in (typing.Union, UnionType)
    return annotation is bool or (is_union and set(arguments) == {bool, NoneType})


def label(annotation: Any) -> str:
    """A type as messages and help name it."""
    return "any" if _is_open(annotation) else annotation_text(annotation)


def _read_scalar(annotation: Any, text: str) -> object:
    read, example = _SCALARS[annotation]
    try:
        return read(text)
    except (ValueError, ArithmeticError, KeyError):
        hint = f", such as {example}" if example else ""
        raise ValueError(f"{text!r} is not of type `{annotation_text(annotation)}`{hint}") from None


def _read_bool(text: str) -> bool:
    lowered = text.strip().lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise ValueError(text)


def _read_none(text: str) -> None:
    if text.strip().lower() not in _NONE:
        raise ValueError(text)


def _read_timedelta(text: str) -> datetime.timedelta:
    hours, minutes, seconds = ([*["0"] * 2, *text.split(":")])[-3:]
    if text.count(":") > 2:
        raise ValueError(text)
    return datetime.timedelta(hours=float(hours), minutes=float(minutes), seconds=float(seconds))


_SCALARS: Mapping[Any, tuple[Callable[[str], object], str]] = {
    str: (str, ""),
    int: (int, "`3`"),
    float: (float, "`0.5`"),
    bool: (_read_bool, "`true` or `false`"),
    None: (_read_none, "`null`"),
    NoneType: (_read_none, "`null`"),
    bytes: (str.encode, ""),
    complex: (complex, "`1+2j`"),
    decimal.Decimal: (decimal.Decimal, "`0.10`"),
    uuid.UUID: (uuid.UUID, ""),
    pathlib.Path: (pathlib.Path, ""),
    pathlib.PurePath: (pathlib.PurePath, ""),
    datetime.datetime: (datetime.datetime.fromisoformat, "`2026-01-31T12:00:00`"),
    datetime.date: (datetime.date.fromisoformat, "`2026-01-31`"),
    datetime.time: (datetime.time.fromisoformat, "`12:30`"),
    datetime.timedelta: (_read_timedelta, "`90` (seconds) or `1:30:00`"),
}
"""How each is read, and an example for messages."""


def _read_union(annotation: Any, members: tuple[Any, ...], text: str) -> object:
    # Text last: everything is a `str`. None first: `null` is meant where None is allowed.
    ordered = sorted(members, key=lambda member: (member is str) - (member is NoneType))
    fault = None
    for member in ordered:
        try:
            return read_text(member, text)
        except ValueError as error:
            fault = error
    if len(members) == 2 and NoneType in members and fault is not None:
        raise fault
    raise ValueError(f"{text!r} is not of type `{annotation_text(annotation)}`")


def _read_enum(annotation: type[enum.Enum], text: str) -> object:
    choices: dict[str, enum.Enum] = {_shown(member.value): member for member in annotation}
    return _read_choice(annotation, choices | {member.name: member for member in annotation}, text)


def _read_choice(annotation: Any, choices: Mapping[str, object], text: str) -> object:
    if text in choices:
        return choices[text]
    allowed = ", ".join(dict.fromkeys(f"`{choice}`" for choice in choices))
    raise ValueError(f"{text!r} is not of type `{annotation_text(annotation)}`: one of {allowed}")


def _shown(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, default=str)


def _is_open(annotation: Any) -> bool:
    return annotation in (Any, object) or isinstance(annotation, str | typing.TypeVar)


def _read_open(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text


def _read_json(annotation: Any, text: str) -> object:
    try:
        value = json.loads(text)
    except ValueError as error:
        raise ValueError(
            f"{text!r} is not of type `{annotation_text(annotation)}` written as JSON: {error}"
        ) from None
    return read_value(annotation, value)


def _read_in_json(annotation: Any, text: str) -> object:
    scalar = annotation in _SCALARS or typing.get_origin(annotation) is typing.Literal
    if scalar or (isinstance(annotation, type) and issubclass(annotation, enum.Enum)):
        return read_text(annotation, text)
    raise MismatchError(f"a `{annotation_text(annotation)}` can't be written on a command line")
