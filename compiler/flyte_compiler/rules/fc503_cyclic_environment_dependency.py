"""FC503: environments that depend on each other: none can be deployed before the others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flyte_compiler.callgraph.model import Dependency, Environment
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.depending import Depending, depending, place_of
from flyte_compiler.rules.facts import Facts, holds
from flyte_compiler.source.span import Span

RULE = Rule("FC503", "cyclic-environment-dependency", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a cycle, the shortest one from the first environment in it."""
    known = depending(facts.call_graph)
    done: set[Span] = set()
    for environment in facts.call_graph.environments:
        if place_of(environment) in done:
            continue
        if cycle := _cycle(environment, known):
            done.update(place_of(each.environment) for each in cycle)
            yield _cyclic(_closed_last(cycle))


def _cycle(start: Environment, known: Depending) -> Sequence[Dependency]:
    """The dependencies that lead from an environment back to it; none where they don't."""
    waiting: list[tuple[Environment, tuple[Dependency, ...]]] = [(start, ())]
    seen: set[Span] = set()
    for environment, path in waiting:  # grows while it is read
        for each in known.said.get(place_of(environment), ()):
            if not each.is_certain:
                continue
            if place_of(each.on) == place_of(start):
                return (*path, each)
            if place_of(each.on) not in seen:
                seen.add(place_of(each.on))
                waiting.append((each.on, (*path, each)))
    return ()


def _closed_last(cycle: Sequence[Dependency]) -> Sequence[Dependency]:
    """The same circle, from behind the dependency that is said last."""
    closing = max(range(len(cycle)), key=lambda place: (_is_added(cycle[place]), cycle[place].span))
    return (*cycle[closing + 1 :], *cycle[: closing + 1])


def _is_added(dependency: Dependency) -> bool:
    """Whether it is said after the environment was made."""
    return not holds(place_of(dependency.environment), dependency.span)


def _cyclic(cycle: Sequence[Dependency]) -> Diagnostic:
    *others, last = cycle
    names = [_shown(each.environment) for each in (*cycle, cycle[0])]
    message = (
        f"environments depend on each other: {' → '.join(f'`{name}`' for name in names)}"
        if others
        else f"environment `{names[0]}` depends on itself"
    )
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=message,
        primary=Label(last.span, f"`{names[-2]}` depends on `{names[-1]}`"),
        labels=tuple(
            Label(each.span, f"`{_shown(each.environment)}` depends on `{_shown(each.on)}`")
            for each in others
        ),
        helps=("take one of these dependencies away, or make one environment of them",)
        if others
        else ("take it away",),
    )


def _shown(environment: Environment) -> str:
    return environment.name or environment.definition.variable
