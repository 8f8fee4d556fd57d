"""What the value of an option may be: small checks that say what is expected instead.

Each takes a value that the source writes out, and gives None where it is fine.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import TypeAlias

Check: TypeAlias = Callable[[object], str | None]
"""Given a value, what is expected in its place; None where nothing is wrong with it."""

_FIELDS: tuple[tuple[str, int, int], ...] = (
    ("minute", 0, 59),
    ("hour", 0, 23),
    ("day", 1, 31),
    ("month", 1, 12),
    ("weekday", 0, 7),
)
_MACROS = frozenset(
    ("@hourly", "@daily", "@midnight", "@weekly", "@monthly", "@yearly", "@annually")
)
_CRON_PART = re.compile(r"(\*|\w+(-\w+)?)(/\d+)?")


def anything(value: object) -> str | None:
    """For what no literal can get wrong."""
    del value
    return None


def text(value: object) -> str | None:
    """A string."""
    return None if isinstance(value, str) else "a `str`"


def flag(value: object) -> str | None:
    """A bool, and no number."""
    return None if isinstance(value, bool) else "`True` or `False`"


def an_object(name: str) -> Check:
    """An object of the SDK: no literal is one."""
    return lambda _: f"`flyte.{name}(...)`"


def one_of(*words: str, aliases: tuple[str, ...] = ()) -> Check:
    """One of some words."""
    known = {*words, *aliases}
    expected = "one of " + ", ".join(f'`"{word}"`' for word in words)
    return lambda value: (
        None
        if isinstance(value, str) and (value in known or value.lower() in aliases)
        else expected
    )


def cached(value: object) -> str | None:
    """What `cache=` takes beside a `Cache`: letter case doesn't count."""
    word = value.lower() if isinstance(value, str) else value
    return CACHE_WORDS(word)


CACHE_WORDS = one_of(
    *("auto", "override", "disable"),
    aliases=("enable", "enabled", "on", "true", "yes", "off", "false", "no", "none", "disabled"),
)


def number(*, least: int) -> Check:
    """A whole number, not below some other."""

    def check(value: object) -> str | None:
        is_whole = isinstance(value, int) and not isinstance(value, bool)
        return None if is_whole and int(str(value)) >= least else f"an `int`, at least {least}"

    return check


def factor(value: object) -> str | None:
    """By how much each wait is longer than the one before."""
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return None if is_number and float(str(value)) >= 1 else "a number, at least 1"


def time(*, least: int, takes_float: bool = False, excludes_least: bool = False) -> Check:
    """Seconds or a `timedelta`."""

    def check(value: object) -> str | None:
        kinds = (int, float) if takes_float else (int,)
        seconds = value.total_seconds() if isinstance(value, timedelta) else value
        is_time = isinstance(value, (timedelta, *kinds)) and not isinstance(value, bool)
        expected = f"{'more than' if excludes_least else 'at least'} {least} seconds"
        if not is_time or not isinstance(seconds, int | float):
            return f"seconds or a `timedelta`, {expected}"
        is_enough = seconds > least if excludes_least else seconds >= least
        return None if is_enough else expected

    return check


def amount(shape: str, example: str, *, takes_number: bool = False, pair: bool = False) -> Check:
    """An amount as Kubernetes writes it, or (request, limit)."""
    pattern = re.compile(shape)

    def check_one(value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            return value is None
        return (isinstance(value, str) or takes_number) and bool(pattern.fullmatch(str(value)))

    def check(value: object) -> str | None:
        expected = f"an amount such as `{example}`" + (" or (request, limit)" if pair else "")
        if isinstance(value, tuple):
            is_fine = pair and len(value) == 2 and all(map(check_one, value))
        else:
            is_fine = check_one(value)
        return None if is_fine else expected

    return check


def gpu(value: object) -> str | None:
    """A number, or a model with a number."""
    is_number = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    is_model = isinstance(value, str) and re.fullmatch(r".+:[1-9]\d*", value) is not None
    return None if is_number or is_model else 'a number or `"MODEL:QUANTITY"` such as `"T4:1"`'


def replicas(value: object) -> str | None:
    """A number, or (fewest, most)."""
    pair = value if isinstance(value, tuple) else (value, value)
    expected = "a number, at least 1, or (fewest, most)"
    if len(pair) != 2 or any(type(each) is not int for each in pair):
        return expected
    fewest, most = (int(str(each)) for each in pair)
    return None if 0 <= fewest <= most and most >= 1 else expected


def string_map(value: object) -> str | None:
    """A dict from strings to strings."""
    is_map = isinstance(value, Mapping) and all(
        isinstance(part, str) for pair in value.items() for part in pair
    )
    return None if is_map else "a `dict` from `str` to `str`"


def not_text(value: object) -> str | None:
    """A list: a string would be taken apart."""
    return "a list or a tuple" if isinstance(value, str) else None


def cron(value: object) -> str | None:
    """Five fields, each in its range; what only some readers know is left alone."""
    if not isinstance(value, str):
        return "a cron expression"
    fields = value.lower().split()
    if value.startswith("@"):
        return None if value.lower() in _MACROS else "a macro such as `@daily`"
    if len(fields) != len(_FIELDS):
        return "five fields: minute, hour, day, month, weekday"
    wrong = (_wrong_field(*pair) for pair in zip(fields, _FIELDS, strict=True))
    return next(filter(None, wrong), None)


def _wrong_field(field: str, known: tuple[str, int, int]) -> str | None:
    name, least, most = known
    for part in field.split(","):
        if _CRON_PART.fullmatch(part) is None:
            return None
        for word in re.findall(r"\w+", part.partition("/")[0]):
            if word.isdigit() and not least <= int(word) <= most:
                return f"a {name} from {least} to {most}"
    return None
