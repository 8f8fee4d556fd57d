"""Values to bytes: a tree that CBOR can write, then CBOR.

The tree is built by a table over exact types; classes are looked at once each (`classes`).
Containers of scalars, nearly all that programs pass, go to CBOR as they are.
"""

from __future__ import annotations

from collections.abc import Callable

import cbor2
from cbor2 import CBORTag

from flyte_plan.encoding import classes, scalars
from flyte_plan.encoding.kinds import (
    MAX_DEPTH,
    PLAIN,
    Foreign,
    Kind,
    ModuleName,
    UnencodableError,
    type_name,
)

_TEXT_ONLY = frozenset({str})


def encode(
    value: object, *, module_name: ModuleName | None = None, foreign: Foreign | None = None
) -> bytes:
    """The bytes to store for `value`; `decode` gives it back, dicts in their order.

    Raises:
        UnencodableError: some part has no encoding, or is nested too deeply, or in itself.
    """
    return _write(value, module_name, foreign, dumps=cbor2.dumps)


def canonical(
    value: object, *, module_name: ModuleName | None = None, foreign: Foreign | None = None
) -> bytes:
    """The bytes to digest for `value`: as `encode`, with the keys of dicts sorted.

    Raises:
        UnencodableError: some part has no encoding, or is nested too deeply, or in itself.
    """
    return _write(value, module_name, foreign, dumps=_dumps_sorted)


def _dumps_sorted(tree: object) -> bytes:
    return cbor2.dumps(tree, canonical=True)


def _write(
    value: object,
    module_name: ModuleName | None,
    foreign: Foreign | None,
    *,
    dumps: Callable[[object], bytes],
) -> bytes:
    try:
        if type(value) in PLAIN:
            return dumps(value)
        return dumps(_Encoder(dumps, module_name, foreign, _as_is).tree(value, 0))
    except UnicodeEncodeError:
        # A lone surrogate somewhere: rare enough that only then is each text looked at.
        return dumps(_Encoder(dumps, module_name, foreign, _text).tree(value, 0))
    except RecursionError:
        raise UnencodableError("it is nested too deeply for the stack that is left") from None


class _Encoder:
    """One value's way to a tree."""

    __slots__ = ("dumps", "foreign", "module_name", "sorts", "text")

    def __init__(
        self,
        dumps: Callable[[object], bytes],
        module_name: ModuleName | None,
        foreign: Foreign | None,
        text: Callable[[str], object],
    ) -> None:
        self.dumps = dumps
        self.sorts = dumps is _dumps_sorted
        self.module_name = module_name
        self.foreign = foreign
        self.text = text

    def tree(self, value: object, depth: int) -> object:
        """What CBOR can write for `value`, which stands under `depth` containers."""
        kind = type(value)
        if kind in PLAIN:
            return self.text(value) if kind is str else value  # type: ignore[arg-type]
        if depth >= MAX_DEPTH:
            raise UnencodableError(f"it is more than {MAX_DEPTH} levels deep, or contains itself")
        write = _CONTAINERS.get(kind)
        if write is not None:
            return write(self, value, depth + 1)
        simple = scalars.WRITERS.get(kind)
        if simple is not None:
            tag, parts_of = simple
            return CBORTag(tag, [self.tree(part, depth + 1) for part in parts_of(value)])
        return self._instance(value, depth + 1)

    def _instance(self, value: object, depth: int) -> object:
        if self.foreign is not None and (stand_in := self.foreign(value)) is not None:
            kind, replacement = stand_in
            return CBORTag(Kind.FOREIGN, [kind, self.tree(replacement, depth)])
        shape = classes.shape_of(type(value))
        if shape is None:
            raise UnencodableError(f"`{type_name(type(value))}` has no encoding")
        parts: list[object] = [self._class_name(type(value))]
        if shape.schema is not None:
            parts.append(shape.schema)
        for name, part in shape.parts(value):
            try:
                parts.append(_UNSET if part is classes.UNSET else self.tree(part, depth))
            except UnencodableError as error:
                raise error.inside(f".{name}") from None
        return CBORTag(shape.kind, parts)

    def _class_name(self, cls: type) -> str:
        module = cls.__module__
        return f"{self.module_name(module) if self.module_name else module}:{cls.__qualname__}"

    def elements(self, values: list[object] | tuple[object, ...], depth: int) -> object:
        """The trees of a sequence's elements; the sequence itself where they need no change."""
        if self.text is _as_is and PLAIN.issuperset(map(type, values)):
            return values
        trees: list[object] = []
        try:
            for value in values:
                trees.append(self.tree(value, depth))  # No comprehension: the length says where.
        except UnencodableError as error:
            raise error.inside(f"[{len(trees)}]") from None
        return trees

    def sorted_elements(self, values: set[object] | frozenset[object], depth: int) -> object:
        """The trees of a set's elements, in the order of their bytes."""
        try:
            trees = [self.tree(value, depth) for value in values]
        except UnencodableError as error:
            raise error.inside("{element}") from None
        return sorted(trees, key=self.dumps)

    def mapping(self, value: dict[object, object], depth: int) -> object:
        """A CBOR map where all keys are text, else tagged keys and values in turn."""
        if _TEXT_ONLY.issuperset(map(type, value)):
            if self.text is _as_is and PLAIN.issuperset(map(type, value.values())):
                return value
            if all(type(self.text(key)) is str for key in value):  # type: ignore[arg-type]
                return {key: self._value(key, part, depth) for key, part in value.items()}
        pairs = [
            (self._key(key, depth), self._value(key, part, depth)) for key, part in value.items()
        ]
        if self.sorts:
            self._sort(pairs)
        return CBORTag(Kind.MAPPING, [part for pair in pairs for part in pair])

    def _sort(self, pairs: list[tuple[object, object]]) -> None:
        keys = [self.dumps(key) for key, _ in pairs]
        if len(set(keys)) < len(keys):  # Several NaNs: their values have to tell them apart.
            keys = [key + self.dumps(part) for key, (_, part) in zip(keys, pairs, strict=True)]
        order = sorted(range(len(pairs)), key=keys.__getitem__)
        pairs[:] = [pairs[index] for index in order]

    def _key(self, key: object, depth: int) -> object:
        try:
            return self.tree(key, depth)
        except UnencodableError as error:
            raise error.inside("{key}") from None

    def _value(self, key: object, value: object, depth: int) -> object:
        try:
            return self.tree(value, depth)
        except UnencodableError as error:
            shown = repr(key) if type(key) in PLAIN else f"<{type_name(type(key))}>"
            raise error.inside(f"[{shown}]") from None


def _as_is(text: str) -> object:
    return text


def _text(text: str) -> object:
    try:
        text.encode()
    except UnicodeEncodeError:
        return CBORTag(Kind.TEXT, text.encode("utf-8", "surrogatepass"))
    return text


def _tuple(encoder: _Encoder, value: tuple[object, ...], depth: int) -> object:
    return CBORTag(Kind.TUPLE, encoder.elements(value, depth))


def _set(encoder: _Encoder, value: set[object], depth: int) -> object:
    return CBORTag(Kind.SET, encoder.sorted_elements(value, depth))


def _frozenset(encoder: _Encoder, value: frozenset[object], depth: int) -> object:
    return CBORTag(Kind.FROZENSET, encoder.sorted_elements(value, depth))


_UNSET = CBORTag(Kind.UNSET, None)

# Each function takes exactly the type that it stands under, which `dict` can't say.
_CONTAINERS: dict[type, Callable[..., object]] = {
    list: _Encoder.elements,
    dict: _Encoder.mapping,
    tuple: _tuple,
    set: _set,
    frozenset: _frozenset,
}
