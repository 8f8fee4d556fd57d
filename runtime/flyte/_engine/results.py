"""Arguments as a function takes them, and its result as it declares it."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from typing import get_origin

from flyte._binding import NO_DEFAULT
from flyte._interface import Interface
from flyte._map import MapResults


def complete(interface: Interface, named: Mapping[str, object]) -> dict[str, object]:
    """Arguments that a plan names, in the parameters' order, defaults filled in.

    Raises:
        TypeError: one is missing or unknown.
    """
    positional = [
        named.get(parameter.name, parameter.default)
        for parameter in interface.parameters
        if parameter.kind is inspect.Parameter.POSITIONAL_ONLY
    ]
    by_name = {
        name: value
        for name, value in named.items()
        if name not in interface.names[: len(positional)]
    }
    given = [value for value in positional if value is not NO_DEFAULT]
    return interface.bind(given, by_name)


def as_called(
    interface: Interface, arguments: Mapping[str, object]
) -> tuple[list[object], dict[str, object]]:
    """Named arguments as the function takes them."""
    args: list[object] = []
    kwargs: dict[str, object] = {}
    for parameter in interface.parameters:
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY:
            kwargs[parameter.name] = arguments[parameter.name]
        else:
            args.append(arguments[parameter.name])
    return args, kwargs


def settle_result(interface: Interface, value: object) -> object:
    """A body's value as its interface declares it.

    A `flyte.map(...)` returned where a list or tuple is declared is collected; an `int` where a
    `float` is declared becomes one.

    Raises:
        BoundaryTypeError: it isn't of the declared type.
        BaseException: an error among the collected elements.
    """
    if (report := sys.modules.get("flyte.report")) is not None:  # else nobody has one
        report.keep_at_end(interface)
    declared = interface.result
    if isinstance(value, MapResults):
        kind = get_origin(declared) or declared
        value = value.collect(tuple if kind is tuple else list)
    return interface.settle(value)
