"""Cron expressions: whether one is well formed."""

from __future__ import annotations

from dataclasses import dataclass, field

_ALIASES = ("@yearly", "@annually", "@monthly", "@weekly", "@daily", "@midnight", "@hourly")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


@dataclass(frozen=True, slots=True)
class _Field:
    name: str
    least: int
    most: int
    names: dict[str, int] = field(default_factory=dict)


_FIELDS = (
    _Field("minute", 0, 59),
    _Field("hour", 0, 23),
    _Field("day of month", 1, 31),
    _Field("month", 1, 12, {name: number for number, name in enumerate(_MONTHS, 1)}),
    _Field("day of week", 0, 7, {name: number for number, name in enumerate(_DAYS)}),
)


def check_cron(expression: str) -> None:
    """Refuse what is no schedule.

    Raises:
        ValueError: not five fields, or a field that is none; says which.
    """
    if expression in _ALIASES:
        return
    parts = expression.split()
    if expression.startswith("@") or len(parts) != len(_FIELDS):
        raise ValueError(
            f"a cron expression has five fields (`minute hour day month weekday`), such as "
            f"`0 6 * * 1-5`, or is one of {', '.join(_ALIASES)}; not {expression!r}"
        )
    for part, kind in zip(parts, _FIELDS, strict=True):
        for entry in part.split(","):
            if not _is_entry(entry.lower(), kind):
                raise ValueError(
                    f"cron expression {expression!r}: `{part}` is no {kind.name}, which is "
                    f"{kind.least} to {kind.most}, `*`, a range or a list"
                )


def _is_entry(entry: str, kind: _Field) -> bool:
    span, slash, step = entry.partition("/")
    if slash and not (step.isdecimal() and int(step) > 0):
        return False
    if span == "*" or (span == "?" and kind.name.startswith("day")):
        return True
    first, dash, last = span.partition("-")
    begin = _number(first, kind)
    end = _number(last, kind) if dash else begin
    return begin is not None and end is not None and begin <= end


def _number(text: str, kind: _Field) -> int | None:
    number = kind.names.get(text, int(text) if text.isdecimal() else None)
    return number if number is not None and kind.least <= number <= kind.most else None
