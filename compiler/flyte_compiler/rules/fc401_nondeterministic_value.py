"""FC401: a value that is another one at each replay reaches a task, or decides which one runs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from flyte_compiler.dataflow.sources import SourceKind
from flyte_compiler.dataflow.taints import Reach, Sink, SinkKind, kinds_of
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC401", "nondeterministic-value", Severity.WARNING)

_CURES: Mapping[SourceKind, str] = {
    SourceKind.CLOCK: "read it with `flyte.durable.now` or `flyte.durable.time`, which a replay "
    "gives back",
    SourceKind.ELAPSED: "measure with `flyte.durable.time`, which a replay gives back",
    SourceKind.RANDOM: "draw it in a `@flyte.trace` function, or from a seeded generator",
    SourceKind.IDENTITY: "make it in a `@flyte.trace` function, or take it as an input",
    SourceKind.ENVIRONMENT: "take it as an input of the driver",
    SourceKind.ORDER: "sort it first",
    SourceKind.DIRECTORY: "sort it first",
}
_SHOWN = 3
"""Further places that are shown."""


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a source, where it first does harm; sources that meet there first are one."""
    first: dict[Sink, list[Reach]] = {}
    others: dict[Sink, list[Sink]] = {}
    places: dict[tuple[SourceKind, object], Sink] = {}
    for reach in sorted(_harmful(facts), key=lambda reach: reach.sink.span):
        sink = places.setdefault((reach.source.kind, reach.source.span), reach.sink)
        if sink == reach.sink:
            first.setdefault(sink, []).append(reach)
        else:
            others.setdefault(sink, []).append(reach.sink)
    for sink, reaches in first.items():
        yield _diagnostic(sink, reaches, others.get(sink, ()))


def _harmful(facts: Facts) -> Iterator[Reach]:
    """Loops over sets and directories are FC403's."""
    return (reach for reach in facts.taints.reaches() if reach.sink.kind is not SinkKind.ORDER)


def _diagnostic(sink: Sink, reaches: Sequence[Reach], others: Sequence[Sink]) -> Diagnostic:
    kinds = kinds_of(reach.source for reach in reaches)
    is_note = kinds == {SourceKind.ENVIRONMENT}
    causes = [each.value for each in SourceKind if each in kinds - _implied(kinds)]
    return Diagnostic(
        rule=RULE,
        severity=Severity.NOTE if is_note else RULE.severity,
        message=f"{sink.text} {_verb(sink.kind)} {_cause(causes)}",
        primary=Label(sink.span, _PRIMARY[sink.kind]),
        labels=tuple(_labels(sink, reaches, others)),
        notes=("a replay computes it again, and may get another value than the first run",),
        helps=tuple(
            dict.fromkeys(_CURES[each] for each in SourceKind if each in kinds - _implied(kinds))
        ),
    )


_PRIMARY: Mapping[SinkKind, str] = {
    SinkKind.ARGUMENT: "another value at each replay",
    SinkKind.CONDITION: "may go the other way at a replay",
    SinkKind.COUNT: "may go another number of times, or over others, at a replay",
    SinkKind.ORDER: "in another order at a replay",
}


def _implied(kinds: frozenset[SourceKind]) -> frozenset[SourceKind]:
    """Who reads a clock has measured with it, too."""
    return frozenset({SourceKind.ELAPSED}) if SourceKind.CLOCK in kinds else frozenset()


def _verb(kind: SinkKind) -> str:
    return "comes from" if kind is SinkKind.ARGUMENT else "depends on"


def _cause(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} and {last}" if most else last


def _labels(sink: Sink, reaches: Sequence[Reach], others: Sequence[Sink]) -> Iterator[Label]:
    shown = {sink.span}
    for label in _all_labels(reaches, others):
        if label.span not in shown:
            shown.add(label.span)
            yield label


def _all_labels(reaches: Sequence[Reach], others: Sequence[Sink]) -> Iterator[Label]:
    for reach in reaches:
        yield Label(reach.source.span, f"depends on {reach.source.kind.value}")
        yield from (Label(step.span, step.text) for step in reach.trail)
    yield from (Label(each.span, "reaches this too") for each in others[:_SHOWN])
