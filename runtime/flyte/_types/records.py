"""Checks of what has named parts: dataclasses, named tuples, typed dicts, pydantic models.

Field checks are made when the first instance comes: classes may name themselves, or each other.
A field that was never set isn't asked for.
"""

from __future__ import annotations

import dataclasses
import typing
from collections.abc import Mapping
from functools import cached_property
from typing import Any

from flyte._annotation import annotation_text, resolve_annotations
from flyte._types.check import Check, check_of
from flyte._types.misfit import MisfitError

_UNSET = object()


def has_fields(kind: type) -> bool:
    """Whether the fields of `kind` are declared, and checked one by one."""
    return dataclasses.is_dataclass(kind) or (
        issubclass(kind, tuple) and isinstance(getattr(kind, "_fields", None), tuple)
    )


def record(annotation: object, kind: type) -> Check:
    """The check for a dataclass or a named tuple, generic or not."""
    return _Record(annotation, kind)


def typed_dict(annotation: object, kind: type) -> Check:
    """The check for a `TypedDict`."""
    return _TypedDict(annotation, kind)


class _Fields:
    """A class whose fields have annotations."""

    exact: frozenset[type] = frozenset()

    def __init__(self, annotation: object, kind: Any) -> None:
        self.kind = kind
        self.expected = annotation_text(annotation)
        self._arguments = typing.get_args(annotation)

    @cached_property
    def fields(self) -> tuple[tuple[str, Check], ...]:
        """The fields that have something to check."""
        meant = dict(zip(getattr(self.kind, "__parameters__", ()), self._arguments, strict=False))
        checks = (
            (name, check_of(_substituted(annotation, meant)))
            for name, annotation in self._annotations().items()
        )
        return tuple((name, check) for name, check in checks if check is not None)

    def _annotations(self) -> Mapping[str, object]:
        annotations = resolve_annotations(self.kind)
        if not dataclasses.is_dataclass(self.kind):
            return annotations
        names = {field.name for field in dataclasses.fields(self.kind)}
        return {name: annotations[name] for name in annotations if name in names}


class _Record(_Fields):
    """An instance of a class; it is looked at, never changed."""

    def settle(self, value: object) -> object:
        if not isinstance(value, self.kind):
            raise MisfitError(self.expected, value)
        for name, check in self.fields:
            part = getattr(value, name, _UNSET)
            if part is _UNSET or type(part) in check.exact:
                continue
            try:
                check.settle(part)
            except MisfitError as misfit:
                raise misfit.inside(f".{name}") from None
        return value


class _TypedDict(_Fields):
    """A dict with declared keys; others may be there, as in a subtype."""

    @cached_property
    def _required(self) -> frozenset[str]:
        """`__required_keys__` can't see a marker in an annotation that is text."""
        marks = {name: _mark(annotation) for name, annotation in self._annotations().items()}
        return frozenset(
            name
            for name, mark in marks.items()
            if mark is typing.Required or (mark is None and name in self.kind.__required_keys__)
        )

    def settle(self, value: object) -> object:
        if not isinstance(value, dict):
            raise MisfitError(self.expected, value)
        missing = sorted(self._required - value.keys())
        if missing:
            raise MisfitError(self.expected, value, lack=f"`{missing[0]}`")
        changed = {}
        for name, check in self.fields:
            part = value.get(name, _UNSET)
            if part is _UNSET or type(part) in check.exact:
                continue
            try:
                settled = check.settle(part)
            except MisfitError as misfit:
                raise misfit.inside(f"[{name!r}]") from None
            if settled is not part:
                changed[name] = settled
        return {**value, **changed} if changed else value


def _mark(annotation: object) -> object:
    """`Required` or `NotRequired`, where a key is marked so."""
    origin = typing.get_origin(annotation)
    while origin is not None and origin in (typing.Annotated, getattr(typing, "ReadOnly", None)):
        annotation = typing.get_args(annotation)[0]
        origin = typing.get_origin(annotation)
    return origin if origin in (typing.Required, typing.NotRequired) else None


def _substituted(annotation: Any, meant: Mapping[object, object]) -> object:
    """A field's annotation in `Box[int]`, where `Box` declares it with a type variable."""
    if not meant:
        return annotation
    if isinstance(annotation, typing.TypeVar):
        return meant.get(annotation, annotation)
    names = getattr(annotation, "__parameters__", ())
    if not names:
        return annotation
    return annotation[tuple(meant.get(name, name) for name in names)]
