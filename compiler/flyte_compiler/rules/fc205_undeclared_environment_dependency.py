"""FC205: a task calls a task of an environment that its own doesn't depend on."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import CallSite, Definition, Environment
from flyte_compiler.diagnostics.model import Diagnostic, Fix, Label, Rule, Severity
from flyte_compiler.rules.declaring import declared, name_in
from flyte_compiler.rules.depending import Depending, depending, place_of
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.in_place import calls_task, reached_in_place

RULE = Rule("FC205", "undeclared-environment-dependency", Severity.WARNING)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a pair of environments: at the first call that needs it."""
    graph = facts.call_graph
    known = depending(graph)
    reported = set()
    for task in graph.definitions:
        if not task.is_task or task.environment is None:
            continue
        for reached in reached_in_place(graph, task):
            other = reached.site.callee.environment
            if other is None or not calls_task(reached.site):
                continue
            pair = (place_of(task.environment), place_of(other))
            if pair not in reported and _is_undeclared(task.environment, other, known):
                reported.add(pair)
                yield _undeclared(task, reached.site, other, facts, known)


def _is_undeclared(environment: Environment, other: Environment, known: Depending) -> bool:
    is_own = place_of(environment) == place_of(other) or environment.name == other.name
    is_named = bool(environment.definition.variable and other.definition.variable)
    return is_named and not is_own and not known.may_reach(environment, other)


def _undeclared(
    task: Definition, site: CallSite, other: Environment, facts: Facts, known: Depending
) -> Diagnostic:
    environment = task.environment
    assert environment is not None
    name, other_name = _shown(environment), _shown(other)
    fix = None if known.reaches(other, environment) else _fix(environment, other, facts)
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{task.name}` calls `{site.callee.name}`, but environment `{name}` doesn't "
        f"depend on `{other_name}`",
        primary=Label(site.callee_span, f"a task of `{other_name}`"),
        labels=(Label(environment.definition.name_span, "made without that dependency"),),
        notes=(f"deploying `{name}` alone leaves the tasks of `{other_name}` behind",),
        helps=(_help(environment, other, fix, known),),
        fix=fix,
    )


def _help(environment: Environment, other: Environment, fix: Fix | None, known: Depending) -> str:
    own, variable = environment.definition.variable, other.definition.variable
    if known.reaches(other, environment):
        return f"`{_shown(other)}` depends on `{_shown(environment)}`: move one of the tasks"
    if fix is not None:
        return fix.title
    return f"add `{own}.add_dependency({variable})` where both are made"


def _fix(environment: Environment, other: Environment, facts: Facts) -> Fix | None:
    graph = facts.call_graph
    name = name_in(graph, environment.module, other, environment.definition)
    edits = () if name is None else declared(graph, environment, name)
    if not edits:
        return None
    variable = environment.definition.variable
    return Fix(title=f"add `{name}` to `depends_on` of `{variable}`", edits=edits, safe=True)


def _shown(environment: Environment) -> str:
    return environment.name or environment.definition.variable
