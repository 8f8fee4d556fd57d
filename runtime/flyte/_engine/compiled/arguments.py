"""A call's inputs as Python's own arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from flyte._engine.compiled.operands import value_of
from flyte._engine.compiled.scopes import Scope
from flyte_plan.plan import NamedOperand

UNPACKED, UNPACKED_NAMES = "*", "**"


class Arguments:
    """Positional and keyword arguments, collected in the order of evaluation."""

    def __init__(self, called: str) -> None:
        self._called = called
        self.args: list[object] = []
        self.kwargs: dict[str, object] = {}

    def unpack(self, value: Any) -> None:
        """`*value`.

        Raises:
            TypeError: it isn't iterable.
        """
        if not isinstance(value, Iterable) and not hasattr(type(value), "__getitem__"):
            kind = type(value).__name__
            raise TypeError(f"{self._called} argument after * must be an iterable, not {kind}")
        self.args.extend(value)

    def unpack_names(self, value: Any) -> None:
        """`**value`.

        Raises:
            TypeError: it is no mapping, or names what was given already.
        """
        if not isinstance(value, Mapping) and not hasattr(type(value), "keys"):
            kind = type(value).__name__
            raise TypeError(f"{self._called} argument after ** must be a mapping, not {kind}")
        for name in value.keys():  # noqa: SIM118 - Python asks any mapping in this way
            if not isinstance(name, str):
                raise TypeError("keywords must be strings")
            self.name(name, value[name])

    def name(self, name: str, value: object) -> None:
        """`name=value`.

        Raises:
            TypeError: it was given already.
        """
        if name in self.kwargs:
            raise TypeError(f"{self._called} got multiple values for keyword argument '{name}'")
        self.kwargs[name] = value


def collect(
    inputs: tuple[NamedOperand, ...],
    scope: Scope,
    *,
    called: str,
    positional: Sequence[str],
    positional_only: Sequence[str] = (),
) -> Arguments:
    """The arguments of a call of `called`, whose parameters are known by name.

    Where anything unpacked or numbered is among the inputs, named ones that stand in the place of
    their parameter go by position, as they must have been written.

    Raises:
        TypeError: an argument can't be unpacked, or is given twice.
        NameError: an argument is a variable without a value.
    """
    arguments = Arguments(called)
    by_position = any(_is_positional(named.name) for named in inputs)
    for named in inputs:
        value = value_of(named.value, scope)
        name = named.name
        following = positional[len(arguments.args) : len(arguments.args) + 1]
        if name == UNPACKED:
            arguments.unpack(value)
        elif name == UNPACKED_NAMES:
            arguments.unpack_names(value)
        elif name.isdecimal() or (
            name in following and not arguments.kwargs and (by_position or name in positional_only)
        ):
            arguments.args.append(value)
        else:
            arguments.name(name, value)
    return arguments


def _is_positional(name: str) -> bool:
    return name.isdecimal() or name == UNPACKED


def called_name(callee: Callable[..., Any]) -> str:
    """How Python names a callee in what it says about a call of it."""
    qualname = getattr(callee, "__qualname__", None)
    if not isinstance(qualname, str):
        return f"{type(callee).__name__} object"
    module = getattr(callee, "__module__", None)
    return f"{qualname}()" if module in (None, "builtins") else f"{module}.{qualname}()"
