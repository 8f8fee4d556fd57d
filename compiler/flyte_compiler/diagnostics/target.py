"""Which engine a program is checked for: `--target`.

What works here and fails with the upstream SDK is a warning; who deploys to that SDK makes it an
error, and is told what happens there.
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
        "FC205": "with the upstream SDK, the call fails once the program is deployed",
        "FC206": "with the upstream SDK, the call raises",
        "FC211": "with the upstream SDK, the import fails once the program is deployed",
        "FC213": "with the upstream SDK, every element becomes an error value",
        "FC303": "with the upstream SDK, the task fails after it has run",
    }
)
"""What comes of it there, by the codes of rules that warn about programs which work here."""


def for_target(diagnostic: Diagnostic, target: Target) -> Diagnostic:
    """The diagnostic as it counts for a target."""
    said = UPSTREAM_FAILURES.get(diagnostic.rule.code)
    is_failure = said is not None and diagnostic.severity is Severity.WARNING
    if target is Target.OURS or said is None or not is_failure:
        return diagnostic
    return replace(diagnostic, severity=Severity.ERROR, notes=(*diagnostic.notes, said))
