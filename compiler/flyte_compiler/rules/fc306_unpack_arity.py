"""FC306: a tuple is unpacked into another number of names."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.mismatching import site_of_value
from flyte_compiler.typecheck.show import show
from flyte_compiler.typecheck.unpacking import Unpacking

RULE = Rule("FC306", "unpack-arity", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One an assignment."""
    for unpacking in () if facts.types is None else facts.types.unpackings:
        if not unpacking.fits:
            yield _wrong(unpacking, facts)


def _wrong(unpacking: Unpacking, facts: Facts) -> Diagnostic:
    least = f"at least {unpacking.least}" if unpacking.is_open else str(unpacking.least)
    site = site_of_value(unpacking.value, facts)
    source = "" if site is None else f", returned by `{site.callee.function.short_name}`"
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"a tuple of {unpacking.length} is unpacked into {least} names",
        primary=Label(unpacking.targets, f"{least} names"),
        labels=(Label(unpacking.value, f"a `{show(unpacking.provided)}`{source}"),),
    )
