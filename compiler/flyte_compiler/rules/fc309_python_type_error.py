"""FC309: an operation in a task's own code that fails whenever its line runs."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules import fc308_library_call
from flyte_compiler.rules.certain_faults import is_sure
from flyte_compiler.rules.checker_words import words_of
from flyte_compiler.rules.facts import Facts, holds
from flyte_compiler.rules.told import AnyCall, Told, by_place, overlap
from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.oracle import TypeFault

RULE = Rule("FC309", "python-type-error", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a place, in the bodies of tasks."""
    if facts.types is None:
        return
    suspects = [
        each
        for each in facts.types.oracle.faults
        if _in_task(each.span, facts) and is_sure(each, facts)
    ]
    if not suspects:
        return
    graph, told = facts.call_graph, Told(facts)
    calls: tuple[AnyCall, ...] = (
        *graph.library_calls,
        *facts.task_sites(),
        *graph.value_calls,
    )
    ours = by_place(calls)
    seen = [each.primary.span for each in fc308_library_call.check(facts)]
    for fault in suspects:
        is_ours = fault.code in ("call-arg", "arg-type") and fault.span in ours
        if not is_ours and not told.about(fault.span) and not _overlaps(fault.span, seen):
            seen.append(fault.span)
            yield _wrong(fault)


def _in_task(span: Span, facts: Facts) -> bool:
    tasks = (each for each in facts.call_graph.definitions if each.is_task)
    return any(holds(each.function.span, span) for each in tasks)


def _overlaps(span: Span, others: list[Span]) -> bool:
    return any(overlap(span, other) for other in others)


def _wrong(fault: TypeFault) -> Diagnostic:
    words = words_of(fault)
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=words.message,
        primary=Label(fault.span, words.label),
        helps=words.helps,
    )
