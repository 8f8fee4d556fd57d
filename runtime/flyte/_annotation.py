"""Annotations as objects and as text, without ever failing on one that can't be resolved."""

from __future__ import annotations

import enum
import inspect
import sys
import types
import typing
from collections.abc import Callable, Mapping
from typing import Any


def resolve_annotations(function: Callable[..., Any]) -> Mapping[str, object]:
    """The annotations of a function (the result's as `return`) or a class, by name.

    One that can't be resolved (a name that only a type checker sees) stays its source text; the
    others are not affected.
    """
    raw = _raw_annotations(function)
    try:
        return typing.get_type_hints(function, include_extras=True)
    except Exception:  # whatever evaluating somebody's annotation may raise: then one by one
        return {name: _resolve_one(function, value) for name, value in raw.items()}


def _raw_annotations(function: Callable[..., Any]) -> Mapping[str, object]:
    if sys.version_info >= (3, 14):
        import annotationlib  # noqa: PLC0415 - not in older Pythons

        return annotationlib.get_annotations(function, format=annotationlib.Format.FORWARDREF)
    return inspect.get_annotations(function)


def _resolve_one(function: Callable[..., Any], annotation: object) -> object:
    namespace = dict(vars(sys.modules.get(function.__module__, types)))
    if inspect.isfunction(inspect.unwrap(function)):
        variables = inspect.getclosurevars(inspect.unwrap(function))
        namespace |= inspect.unwrap(function).__globals__ | dict(variables.nonlocals)
    alone = types.SimpleNamespace(__annotations__={"it": annotation})
    try:
        hints = typing.get_type_hints(alone, globalns=namespace, include_extras=True)
    except Exception:  # it stays what was written
        return annotation
    return hints["it"]


def annotation_text(annotation: object, *, main: str | None = None) -> str:
    """How a person would write it, without machine addresses: equal annotations, equal text.

    With `main`, classes are named with their module, in which `__main__` is called `main`;
    without, by their own name alone.
    """

    def text(part: object) -> str:
        if part is None or part is types.NoneType:
            return "None"
        if part is ...:
            return "..."
        if isinstance(part, str):
            return part
        if isinstance(part, list | tuple):
            return f"[{', '.join(text(inner) for inner in part)}]"
        if isinstance(part, typing.ForwardRef):
            return part.__forward_arg__
        return _composite_text(part, text, main)

    return text(annotation)


def _composite_text(part: object, text: Callable[[object], str], main: str | None) -> str:
    origin, arguments = typing.get_origin(part), typing.get_args(part)
    if origin is typing.Annotated:
        return text(arguments[0])
    if origin in (typing.Union, types.UnionType):
        return " | ".join(text(argument) for argument in arguments)
    if origin is typing.Literal:
        return f"Literal[{', '.join(value_text(value) for value in arguments)}]"
    if origin is not None and arguments:
        return f"{text(origin)}[{', '.join(text(argument) for argument in arguments)}]"
    return _name_of(part if origin is None else origin, main)


def value_text(value: object) -> str:
    """A default or a literal, as it would be written where that is short."""
    # An enum's member has a `repr` of its class's choice.
    if isinstance(value, enum.Enum):
        return f"{type(value).__qualname__}.{value.name}"
    return repr(value)


def _name_of(part: object, main: str | None) -> str:
    name = getattr(part, "__qualname__", None) or getattr(part, "__name__", None)
    if name is None:
        return str(getattr(part, "_name", None) or type(part).__qualname__)
    module = getattr(part, "__module__", "builtins")
    if main is None or module in ("builtins", "typing"):
        return str(name)
    return f"{main if module == '__main__' else module}.{name}"
