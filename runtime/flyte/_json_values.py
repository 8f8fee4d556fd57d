"""Values as JSON and back, by annotation: for command lines and reports, not for the journal.

The journal's own encoding is exact; this one is what people write and read.
"""

from __future__ import annotations

import base64
import dataclasses
import datetime
import enum
import json
import math
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from pathlib import PurePath
from types import NoneType, UnionType
from typing import Any

from flyte._annotation import annotation_text, resolve_annotations

_SETS = (set, frozenset, Set)
_LISTS = (list, Sequence, Iterable)


class MismatchError(ValueError):
    """A value that is not of the declared type; says where in it, and what it is."""


def to_json(value: object) -> Any:
    """What `json.dumps` takes. What has no such form is shown by its `repr`."""
    match value:
        case enum.Enum():
            return to_json(value.value)
        case None | bool() | int() | str():
            return value
        case float():
            return value if math.isfinite(value) else str(value)
        case bytes() | bytearray():
            return base64.b64encode(value).decode()
        case datetime.date() | datetime.time():  # a datetime is a date
            return value.isoformat()
        case datetime.timedelta():
            return value.total_seconds()
        case PurePath():
            return str(value)
        case _:
            return _composite_to_json(value)


def _composite_to_json(value: object) -> Any:
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        names = [field.name for field in dataclasses.fields(value)]
        return {name: to_json(getattr(value, name)) for name in names}
    if isinstance(value, Mapping):
        return {_key(key): to_json(entry) for key, entry in value.items()}
    if isinstance(value, Set):
        return sorted(
            (to_json(entry) for entry in value), key=lambda e: json.dumps(e, sort_keys=True)
        )
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        return {name: to_json(getattr(value, name)) for name in value._fields}
    if isinstance(value, list | tuple):
        return [to_json(entry) for entry in value]
    if callable(dump := getattr(value, "model_dump", None)):  # pydantic's
        return to_json(dump(mode="json"))
    if callable(plain := getattr(value, "_to_plain", None)):  # a file, a folder, a table
        return plain()
    if hasattr(value, "dtype") and callable(plain := getattr(value, "tolist", None)):  # numpy's
        return to_json(plain())
    return repr(value)


def is_pointer(annotation: Any) -> bool:
    """Whether values are files, folders or tables, which may be written as their path alone."""
    return hasattr(typing.get_origin(annotation) or annotation, "_from_plain")


def _key(key: object) -> str:
    plain = to_json(key)
    return plain if isinstance(plain, str) else json.dumps(plain)


def from_json(annotation: Any, value: object, *, scalar: Scalar, where: str = "") -> object:
    """A value of the type `annotation` from decoded JSON.

    `scalar` reads what JSON writes as text. `where` is the path to `value`, for messages.

    Raises:
        MismatchError: it isn't one.
    """
    return _Reader(scalar).read(annotation, value, where)


Scalar = Callable[[Any, str], object]
"""From text to a value of a type; raises ValueError."""


@dataclasses.dataclass(frozen=True, slots=True)
class _Reader:
    scalar: Scalar

    def read(self, annotation: Any, value: object, where: str) -> object:
        origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
        if origin is typing.Annotated:
            return self.read(arguments[0], value, where)
        if origin in (typing.Union, UnionType):
            return self._one_of(annotation, arguments, value, where)
        if annotation in (None, NoneType):
            return _expect(NoneType, annotation, value, where)
        if annotation in (Any, object) or isinstance(annotation, str | typing.TypeVar):
            return value
        return self._read_plain(annotation, origin or annotation, arguments, value, where)

    def _read_plain(
        self, annotation: Any, kind: Any, arguments: tuple[Any, ...], value: object, where: str
    ) -> object:
        if kind is float and type(value) is int:
            return float(value)
        if kind in (bool, int, float, str):
            return _expect(kind, annotation, value, where)
        if kind is tuple:
            return self._tuple(annotation, arguments, value, where)
        if kind in _SETS:
            made = self._elements(annotation, arguments, value, where)
            return set(made) if kind is set else frozenset(made)
        if kind in _LISTS or getattr(kind, "__origin__", None) in _LISTS:
            return self._elements(annotation, arguments, value, where)
        if isinstance(kind, type) and issubclass(kind, Mapping) and not typing.is_typeddict(kind):
            return self._mapping(annotation, arguments, value, where)
        return self._read_class(annotation, kind, value, where)

    def _read_class(self, annotation: Any, kind: Any, value: object, where: str) -> object:
        if callable(validate := getattr(kind, "model_validate", None)):  # pydantic's
            try:
                return validate(value)
            except ValueError as error:
                raise MismatchError(f"{_at(where)}{error}") from error
        if is_pointer(kind) and isinstance(value, str | dict):
            try:
                return kind._from_plain(value)
            except (OSError, TypeError, ValueError) as error:
                raise MismatchError(f"{_at(where)}{error}") from error
        if dataclasses.is_dataclass(kind) or hasattr(kind, "_fields") or typing.is_typeddict(kind):
            return self._record(annotation, kind, value, where)
        if isinstance(value, str | int | float):
            try:
                return self.scalar(annotation, value if isinstance(value, str) else str(value))
            except ValueError as error:
                raise MismatchError(f"{_at(where)}{error}") from error
        raise _mismatch(annotation, value, where)

    def _one_of(self, annotation: Any, members: Sequence[Any], value: object, where: str) -> object:
        faults = []
        # Exact matches first: `int | float` given 1 is an int, `float | int` too.
        for member in sorted(members, key=lambda member: member is not type(value)):
            try:
                return self.read(member, value, where)
            except MismatchError as fault:
                faults.append(fault)
        others = [member for member in members if member not in (None, NoneType)]
        if len(others) == 1:
            raise faults[members.index(others[0]) if len(faults) == len(members) else -1]
        raise _mismatch(annotation, value, where)

    def _elements(
        self, annotation: Any, arguments: Sequence[Any], value: object, where: str
    ) -> list[object]:
        if not isinstance(value, list):
            raise _mismatch(annotation, value, where)
        inner = arguments[0] if arguments else Any
        return [self.read(inner, entry, f"{where}[{i}]") for i, entry in enumerate(value)]

    def _tuple(
        self, annotation: Any, arguments: Sequence[Any], value: object, where: str
    ) -> tuple[object, ...]:
        if not arguments or ... in arguments:
            return tuple(self._elements(annotation, arguments[:1], value, where))
        if not isinstance(value, list) or len(value) != len(arguments):
            raise _mismatch(annotation, value, where)
        pairs = enumerate(zip(arguments, value, strict=True))
        return tuple(self.read(inner, entry, f"{where}[{i}]") for i, (inner, entry) in pairs)

    def _mapping(
        self, annotation: Any, arguments: Sequence[Any], value: object, where: str
    ) -> dict[object, object]:
        if not isinstance(value, dict):
            raise _mismatch(annotation, value, where)
        key_type, value_type = arguments if len(arguments) == 2 else (str, Any)
        return {
            self._mapping_key(key_type, key, where): self.read(
                value_type, entry, f"{where}[{key!r}]"
            )
            for key, entry in value.items()
        }

    def _mapping_key(self, annotation: Any, key: str, where: str) -> object:
        try:
            return key if annotation in (str, Any) else self.scalar(annotation, key)
        except ValueError as error:
            raise MismatchError(f"{_at(where)}key {key!r}: {error}") from error

    def _record(self, annotation: Any, kind: Any, value: object, where: str) -> object:
        if not isinstance(value, dict):
            raise _mismatch(annotation, value, where)
        types = {k: v for k, v in resolve_annotations(kind).items() if k != "return"}
        unknown = sorted(set(value) - set(types))
        if unknown:
            raise MismatchError(
                f"{_at(where)}`{kind.__qualname__}` has no field `{unknown[0]}`; it has "
                + ", ".join(f"`{name}`" for name in types)
            )
        read = {
            name: self.read(types[name], entry, f"{where}.{name}") for name, entry in value.items()
        }
        try:
            return kind(**read)
        except (TypeError, ValueError) as error:
            raise MismatchError(f"{_at(where)}no `{kind.__qualname__}`: {error}") from error


def _expect(kind: type, annotation: Any, value: object, where: str) -> object:
    if isinstance(value, kind) and not (isinstance(value, bool) and kind is not bool):
        return value
    raise _mismatch(annotation, value, where)


def _mismatch(annotation: Any, value: object, where: str) -> MismatchError:
    given = json.dumps(to_json(value))
    return MismatchError(f"{_at(where)}{given} is not of type `{annotation_text(annotation)}`")


def _at(where: str) -> str:
    return f"at `{where.removeprefix('.')}`: " if where else ""
