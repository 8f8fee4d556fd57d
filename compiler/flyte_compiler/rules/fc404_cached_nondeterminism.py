"""FC404: a cached task's result depends on a clock, a random number or the process."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.dataflow.engine import Engine
from flyte_compiler.dataflow.sources import SourceKind
from flyte_compiler.dataflow.taints import Taints, kinds_of, only
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.syntax.model import Argument

RULE = Rule("FC404", "cached-nondeterminism", Severity.WARNING)

_REPORTED = (SourceKind.CLOCK, SourceKind.IDENTITY, SourceKind.RANDOM)
_ENABLED = re.compile(
    r"""^(["'](auto|override|enable|enabled|on|true|yes)["']|[\w.]*\bCache\(.*)$"""
)
_NOT_STALE = re.compile(r"""\bmax_age\b|["']disable["']""")


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a task, at the first source that reaches its result. What a value decides is left out:
    a result that may be one of two is none that a clock made."""
    engine = Engine(facts.trees, follows_choices=False)
    for task in facts.call_graph.definitions:
        cache = _cache_of(task) if task.is_task else None
        if cache is None:
            continue
        taints = only(engine.result_of(task), _REPORTED)
        if taints:
            yield _diagnostic(task, cache, taints)


def _cache_of(task: Definition) -> Argument | None:
    """What says that a task is cached without an end; None where nothing says so for certain."""
    own = [each for decorator in task.function.decorators for each in decorator.arguments]
    inherited = () if task.environment is None else task.environment.definition.arguments
    for arguments in (own, inherited):
        given = next((each for each in arguments if each.keyword == "cache"), None)
        if given is not None:
            text = " ".join(given.text.split())
            is_stale = _ENABLED.match(text) and not _NOT_STALE.search(text)
            return given if is_stale else None
    return None


def _diagnostic(task: Definition, cache: Argument, taints: Taints) -> Diagnostic:
    kinds = kinds_of(taints)
    first = min(taints, key=lambda source: (_REPORTED.index(source.kind), source.span))
    steps = [step for step in taints[first] if step.span != first.span]
    return Diagnostic(
        rule=RULE,
        severity=Severity.NOTE if kinds == {SourceKind.RANDOM} else RULE.severity,
        message=f"`{task.function.short_name}` is cached, and its result depends on "
        f"{first.kind.value}",
        primary=Label(first.span, "is in the result, which is kept for every later run"),
        labels=(
            *(Label(step.span, step.text) for step in steps),
            Label(cache.span, "cached here"),
        ),
        helps=(
            "take the value as an input of the task",
            'or let the result grow old: `flyte.Cache("auto", max_age=...)`',
        ),
    )
