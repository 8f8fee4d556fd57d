"""FC403: tasks are called in the order of a set or of a directory listing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flyte_compiler.dataflow.taints import Reach, Sink, SinkKind
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC403", "unordered-iteration", Severity.WARNING)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a loop."""
    loops: dict[Sink, list[Reach]] = {}
    for reach in facts.taints.reaches():
        if reach.sink.kind is SinkKind.ORDER:
            loops.setdefault(reach.sink, []).append(reach)
    for sink, reaches in loops.items():
        yield _diagnostic(sink, reaches, facts)


def _diagnostic(sink: Sink, reaches: Sequence[Reach], facts: Facts) -> Diagnostic:
    sources = {reach.source.span: reach.source for reach in reaches}
    spans = [span for span in sources if span != sink.span]
    written = _written(sink, facts)
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message="tasks are called in the order of a set or a directory listing",
        primary=Label(sink.span, "in another order in another process"),
        labels=tuple(Label(span, "it has no order of its own") for span in spans),
        helps=(f"write `sorted({written})`" if written else "sort it first",),
    )


def _written(sink: Sink, facts: Facts) -> str:
    modules = facts.call_graph.modules.values()
    source = next(each.source for each in modules if each.source.path == sink.span.path)
    text = source.slice(sink.span)
    return text if len(text) <= 40 and "\n" not in text else ""
