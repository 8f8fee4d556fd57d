"""What the options leave of what was found."""

from __future__ import annotations

from flyte_compiler.cli.options import Options
from flyte_compiler.cli.outcome import Outcome
from flyte_compiler.cli.patterns import covers_file
from flyte_compiler.cli.wanted import only_wanted
from flyte_compiler.diagnostics.model import Diagnostic, Severity
from flyte_compiler.diagnostics.select import shown_to_people


def as_asked(outcome: Outcome, options: Options) -> Outcome:
    """Selected rules, in the severity that they have here, about the tasks that are named.

    Raises:
        click.UsageError: a named task isn't there.
    """
    wanted = tuple(each for each in outcome.diagnostics if _is_wanted(each, options))
    chosen = Outcome(rows=outcome.rows, diagnostics=options.gravity.weigh(wanted))
    tasks = options.request.tasks
    return only_wanted(tasks, chosen) if tasks else chosen


def shown(outcome: Outcome, options: Options) -> tuple[Diagnostic, ...]:
    """What a person is told of it."""
    return shown_to_people(outcome.diagnostics, options.selection, with_notes=options.notes)


def has_errors(outcome: Outcome) -> bool:
    """Whether anything in it is an error."""
    return any(each.severity is Severity.ERROR for each in outcome.diagnostics)


def _is_wanted(diagnostic: Diagnostic, options: Options) -> bool:
    rule, file = diagnostic.rule, diagnostic.primary.span.path
    return options.selection.wants(rule) and not any(
        any(selector.matches(rule) for selector in each.selectors)
        and covers_file([each.pattern], file, options.pattern_folder)
        for each in options.per_file_ignores
    )
