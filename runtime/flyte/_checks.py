"""Readable refusals: what was given, where, and what is allowed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flyte._near import did_you_mean, listed


def named(kinds: tuple[type, ...]) -> str:
    """`str`, `int` or `None`."""
    names = [f"`{'None' if kind is type(None) else kind.__qualname__}`" for kind in kinds]
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} or {names[-1]}"


def check_type(option: str, value: object, *kinds: type) -> None:
    """Raises TypeError unless `value` is of one of `kinds`; a bool is no int."""
    if isinstance(value, kinds) and not (isinstance(value, bool) and bool not in kinds):
        return
    raise TypeError(f"`{option}` is {named(kinds)}, not `{type(value).__qualname__}`: {value!r}")


def check_choice(option: str, value: object, allowed: Iterable[str]) -> None:
    """Raises ValueError unless `value` is one of the strings `allowed`."""
    choices = tuple(allowed)
    if value not in choices:
        quoted = ", ".join(repr(choice) for choice in choices)
        raise ValueError(f"`{option}` is one of {quoted}, not {value!r}")


def check_string_map(option: str, value: object) -> None:
    """Raises TypeError unless `value` is a dict from strings to strings."""
    check_type(option, value, dict)
    assert isinstance(value, dict)
    for key, entry in value.items():
        if not isinstance(key, str) or not isinstance(entry, str):
            raise TypeError(f"`{option}` maps `str` to `str`; it has {key!r}: {entry!r}")


def check_keywords(where: str, given: Iterable[str], allowed: Iterable[str]) -> None:
    """Raises TypeError that names every keyword of `given` which isn't in `allowed`."""
    known = tuple(allowed)
    unknown = [name for name in given if name not in known]
    if not unknown:
        return
    hints = "".join(did_you_mean(name, known) for name in unknown)
    word = "option" if len(unknown) == 1 else "options"
    raise TypeError(f"{where} has no {word} {listed(unknown)}{hints}")


def as_tuple(value: Any) -> tuple[Any, ...]:
    """None is nothing, a list or tuple itself, anything else one of its kind."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)
