"""How grave a diagnostic is to a project: what it says about a rule, over what the rule says."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from flyte_compiler.diagnostics.model import Diagnostic, Severity
from flyte_compiler.diagnostics.reporter import warnings_as_errors
from flyte_compiler.diagnostics.select import Named, Selector
from flyte_compiler.diagnostics.target import Target, for_target


@dataclass(frozen=True, slots=True, kw_only=True)
class Override:
    """The severity of the rules that a word names."""

    selector: Selector
    severity: Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class Gravity:
    """What is said about severities, the weakest word first: the rule, the target, the project's
    overrides, `--warnings-as-errors`."""

    target: Target = Target.OURS
    overrides: tuple[Override, ...] = ()
    """The narrowest one that names a rule counts; of two as narrow, the later."""
    warnings_as_errors: bool = False

    def weigh(self, diagnostics: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """The same diagnostics, each with the severity that it has here."""
        weighed = tuple(self._overridden(for_target(each, self.target)) for each in diagnostics)
        return warnings_as_errors(weighed) if self.warnings_as_errors else weighed

    def _overridden(self, diagnostic: Diagnostic) -> Diagnostic:
        severity = self._override_of(diagnostic.rule)
        return diagnostic if severity is None else replace(diagnostic, severity=severity)

    def _override_of(self, rule: Named) -> Severity | None:
        found = [each for each in self.overrides if each.selector.matches(rule)]
        by_narrowness = sorted(found, key=lambda each: each.selector.narrowness)
        return by_narrowness[-1].severity if by_narrowness else None
