"""FC208: a task is called while a trace runs: the call raises."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import Definition, Kind
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.in_place import Reached, calls_task, reached_in_place

RULE = Rule("FC208", "task-in-trace", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a call of the trace's own, and one a helper's call that the trace leads to."""
    graph = facts.call_graph
    for trace in graph.definitions:
        if trace.kind is not Kind.TRACE:
            continue
        for reached in reached_in_place(graph, trace):
            is_certain = not reached.site.surroundings.is_deferred
            if calls_task(reached.site) and is_certain:
                yield _inside(trace, reached)


def _inside(trace: Definition, reached: Reached) -> Diagnostic:
    name = reached.site.callee.name
    own = reached.through[0] if reached.through else reached.site
    helpers = [f"`{each.callee.function.short_name}`" for each in reached.through]
    through = f" through {', '.join(helpers)}" if helpers else ""
    labels = [Label(trace.function.name_span, "a trace, which runs no other action")]
    if helpers:
        labels.append(Label(reached.site.span, f"`{name}` is called here"))
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"the trace `{trace.function.name}` calls the task `{name}`{through}",
        primary=Label(own.span, "calls a task" if helpers else "a task"),
        labels=tuple(labels),
        helps=(
            "call the task from the driver and hand its result to the trace, or make a task of "
            f"`{trace.function.short_name}`",
        ),
    )
