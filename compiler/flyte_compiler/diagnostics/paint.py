"""Colour for a terminal, or none: the renderers say what a text is, this file how it looks."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import TypeAlias

from flyte_compiler.diagnostics.model import Severity


class Role(Enum):
    """What a piece of a rendering is."""

    ERROR = "1;31"
    WARNING = "1;33"
    NOTE = "1;36"
    MESSAGE = "1"
    FRAME = "1;34"
    SECONDARY = "34"


Paint: TypeAlias = Callable[[Role, str], str]


def plain(role: Role, text: str) -> str:
    """No colour."""
    del role
    return text


def coloured(role: Role, text: str) -> str:
    """ANSI colours."""
    return f"\x1b[{role.value}m{text}\x1b[0m" if text else text


def role_of(severity: Severity) -> Role:
    """The colour of a severity."""
    return Role[severity.name]
