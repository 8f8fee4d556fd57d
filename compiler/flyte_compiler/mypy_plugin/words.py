"""Types and places as messages write them."""

from __future__ import annotations

from mypy.messages import format_type_bare
from mypy.options import Options
from mypy.types import Instance, LiteralType, Type, get_proper_type


def shown(given: Type, options: Options) -> str:
    """A type in backticks, a literal's as the type that it is a value of."""
    proper = get_proper_type(given)
    if isinstance(proper, LiteralType):
        proper = proper.fallback
    if isinstance(proper, Instance) and proper.last_known_value is not None:
        proper = proper.copy_modified(last_known_value=None)
    return f"`{format_type_bare(proper, options)}`"


def listed(names: list[str]) -> str:
    """`a`, `b` and `c`, each in backticks."""
    quoted = [f"`{name}`" for name in names]
    if len(quoted) == 1:
        return quoted[0]
    return f"{', '.join(quoted[:-1])} and {quoted[-1]}"


def counted(number: int, noun: str) -> str:
    """`1 argument`, `2 arguments`, `no argument`."""
    return f"{number or 'no'} {noun}{'s' if number > 1 else ''}"
