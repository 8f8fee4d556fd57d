"""Which engine a program is checked for: `--target`.

What works here and fails with the upstream SDK is a warning; who deploys to that SDK makes it an
error.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import Enum
from types import MappingProxyType

from flyte_compiler.diagnostics.model import Diagnostic, Severity


class Target(Enum):
    """What runs the program."""

    OURS = "ours"
    UPSTREAM = "upstream"


UPSTREAM_FAILURES: Mapping[str, str] = MappingProxyType(
    {
        "FC205": "the call fails once the program is deployed",
        "FC206": "the call raises",
        "FC211": "the import fails once the program is deployed",
        "FC213": "every element becomes an error value",
        "FC303": "a returned `flyte.map` fails after the task has run",
    }
)
"""What comes of it there, by the codes of rules that warn about programs which work here."""


def for_target(diagnostic: Diagnostic, target: Target) -> Diagnostic:
    """The diagnostic as it counts for a target."""
    fails_there = diagnostic.rule.code in UPSTREAM_FAILURES
    is_warning = diagnostic.severity is Severity.WARNING
    if target is Target.UPSTREAM and fails_there and is_warning:
        return replace(diagnostic, severity=Severity.ERROR)
    return diagnostic
