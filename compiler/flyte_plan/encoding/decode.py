"""Bytes to values. Classes come from the caller; nothing is imported, and no code of theirs runs.

(A class's `__hash__` does, where an instance is a dict's key or in a set.)
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from enum import EnumMeta, Flag
from io import BytesIO

from cbor2 import CBORDecodeError, CBORDecoder, CBORTag

from flyte_plan.encoding import classes, scalars
from flyte_plan.encoding.kinds import PLAIN, Kind

FindClass = Callable[[str, str], type | None]
"""The class of a module and qualified name; None where there is none."""

Restore = Callable[[str, object], object]
"""The value that an encoder's `foreign` gave (kind, stand-in) for."""

_MALFORMED = (TypeError, ValueError, LookupError, ArithmeticError, AttributeError)
"""What the standard library's own constructors raise on parts that aren't theirs."""


class DecodeError(ValueError):
    """The bytes are malformed, or name something that isn't there or has changed."""


def decode(data: bytes, find_class: FindClass, *, restore: Restore | None = None) -> object:
    """The value that `data` encodes; the keys of dicts in the order in which they are written.

    Raises:
        DecodeError: malformed bytes; a class that `find_class` doesn't know, or whose fields
            or members have changed; a foreign value without `restore`.
    """
    tree = _parse(data)
    if type(tree) in PLAIN:
        return tree
    try:
        return _Decoder(find_class, restore).value(tree)
    except RecursionError:
        raise DecodeError("nested too deeply for the stack that is left") from None


def _parse(data: bytes) -> object:
    source = BytesIO(data)
    try:
        tree: object = CBORDecoder(source).decode()
    except (CBORDecodeError, *_MALFORMED, RecursionError) as error:
        raise DecodeError(f"not an encoded value: {error}") from error
    if source.read(1):
        raise DecodeError("not an encoded value: more bytes follow its end")
    return tree


class _Decoder:
    """One value's way back."""

    __slots__ = ("find_class", "restore")

    def __init__(self, find_class: FindClass, restore: Restore | None) -> None:
        self.find_class = find_class
        self.restore = restore

    def value(self, tree: object) -> object:
        if type(tree) in PLAIN:
            return tree
        if type(tree) is list or type(tree) is tuple:
            return self.values(tree)
        if type(tree) is CBORTag:
            return self._tagged(tree.tag, tree.value)
        if isinstance(tree, Mapping):
            return self._text_keys(tree)
        raise DecodeError(f"not an encoded value: it holds a `{type(tree).__name__}`")

    def values(self, trees: object) -> list[object]:
        """The values of the trees of an array, which the CBOR library freezes inside a tag."""
        if type(trees) is not list and type(trees) is not tuple:
            raise DecodeError("not an encoded value: a tag without its list of parts")
        if PLAIN.issuperset(map(type, trees)):
            return trees if type(trees) is list else list(trees)
        return [self.value(tree) for tree in trees]

    def _text_keys(self, tree: Mapping[object, object]) -> dict[object, object]:
        if any(type(key) is not str for key in tree):
            raise DecodeError("not an encoded value: a map with keys that aren't text")
        if PLAIN.issuperset(map(type, tree.values())):
            return tree if type(tree) is dict else dict(tree)
        return {key: self.value(part) for key, part in tree.items()}

    def _tagged(self, tag: int, parts: object) -> object:
        if tag == Kind.TEXT and type(parts) is bytes:
            return parts.decode("utf-8", "surrogatepass")
        if tag == Kind.UNSET:
            return classes.UNSET
        read = scalars.READERS.get(tag) or _CONTAINERS.get(tag)
        if read is not None:
            return _checked(tag, read, *self.values(parts))
        make = _INSTANCES.get(tag)
        if make is None:
            raise DecodeError(f"not an encoded value: the tag {tag} has no meaning")
        return make(self, self.values(parts))

    def class_of(self, parts: list[object], fits: Callable[[type], bool], noun: str) -> type:
        """The class that the first part names, which must be what was encoded."""
        name = parts[0] if parts else None
        if type(name) is not str or ":" not in name:
            raise DecodeError("not an encoded value: an instance without its class")
        module, _, qualname = name.partition(":")
        cls = self.find_class(module, qualname)
        if cls is None:
            raise DecodeError(f"the class `{name}` is not there")
        if not fits(cls):
            raise DecodeError(f"`{name}` is no longer {noun}")
        return cls


def _checked(tag: int, read: Callable[..., object], *parts: object) -> object:
    try:
        return read(*parts)
    except _MALFORMED as error:
        raise DecodeError(f"a malformed `{Kind(tag).name.lower()}`: {error}") from error


def _tuple(*elements: object) -> object:
    return elements


def _set(*elements: object) -> object:
    return set(elements)


def _frozenset(*elements: object) -> object:
    return frozenset(elements)


def _mapping(*parts: object) -> object:
    return dict(zip(parts[::2], parts[1::2], strict=True))


def _enum(decoder: _Decoder, parts: list[object]) -> object:
    cls = decoder.class_of(parts, lambda cls: isinstance(cls, EnumMeta), "an enum")
    member = parts[1] if len(parts) > 1 else None
    members = cls.__members__  # type: ignore[attr-defined]
    if member not in members:
        raise DecodeError(f"`{parts[0]}` has no member `{member}`")
    return members[member]


def _flag(decoder: _Decoder, parts: list[object]) -> object:
    cls = decoder.class_of(parts, lambda cls: issubclass(cls, Flag), "a flag")
    return _checked(Kind.FLAG, cls, *parts[1:])


def _named_tuple(decoder: _Decoder, parts: list[object]) -> object:
    cls = decoder.class_of(parts, classes.is_named_tuple, "a named tuple")
    names = classes.named_tuple_fields(cls)
    return _instance(Kind.NAMED_TUPLE, classes.make_named_tuple, cls, names, parts)


def _dataclass(decoder: _Decoder, parts: list[object]) -> object:
    cls = decoder.class_of(parts, dataclasses.is_dataclass, "a dataclass")
    names = classes.dataclass_fields(cls)
    return _instance(Kind.DATACLASS, classes.make_dataclass, cls, names, parts)


def _model(decoder: _Decoder, parts: list[object]) -> object:
    cls = decoder.class_of(parts, classes.is_model, "a pydantic model")
    names = classes.model_fields(cls)
    return _instance(Kind.MODEL, classes.make_model, cls, names, parts)


def _instance(
    kind: Kind,
    make: Callable[[type, tuple[str, ...], list[object]], object],
    cls: type,
    names: tuple[str, ...],
    parts: list[object],
) -> object:
    if len(parts) < 2 or parts[1] != classes.schema(names):
        raise DecodeError(f"the fields of `{parts[0]}` have changed")
    return _checked(kind, make, cls, names, parts[2:])


def _foreign(decoder: _Decoder, parts: list[object]) -> object:
    if len(parts) != 2 or type(parts[0]) is not str:
        raise DecodeError("a malformed `foreign`: expected a kind and a value")
    if decoder.restore is None:
        raise DecodeError(f"nothing restores values of the kind `{parts[0]}`")
    return decoder.restore(parts[0], parts[1])


_CONTAINERS: dict[int, Callable[..., object]] = {
    Kind.TUPLE: _tuple,
    Kind.SET: _set,
    Kind.FROZENSET: _frozenset,
    Kind.MAPPING: _mapping,
}

_INSTANCES: dict[int, Callable[[_Decoder, list[object]], object]] = {
    Kind.ENUM: _enum,
    Kind.FLAG: _flag,
    Kind.NAMED_TUPLE: _named_tuple,
    Kind.DATACLASS: _dataclass,
    Kind.MODEL: _model,
    Kind.FOREIGN: _foreign,
}
