"""FC104: two tasks of one environment have one name."""

from __future__ import annotations

from collections.abc import Hashable, Iterator

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reach import Site, clashes

RULE = Rule("FC104", "duplicate-task-name", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Among the modules that one file loads. Environments that share a name are FC103's."""
    graph = facts.call_graph
    loading = [each for each in graph.definitions if _exists_on_load(each)]
    for earlier, later in clashes(loading, graph.modules, key=_identity, site=_site):
        yield _duplicate(earlier, later)


def _identity(definition: Definition) -> Hashable:
    """One environment, not one name of environments."""
    environment = definition.environment
    place = environment and (environment.module, environment.definition.span)
    return place, definition.function.name


def _site(definition: Definition) -> Site:
    function = definition.function
    return Site(definition.module, function.span, function.exclusive)


def _exists_on_load(definition: Definition) -> bool:
    """Whether it is a task of a named environment, at the top of its module: one inside a
    function exists only while that function runs."""
    environment = definition.environment
    is_named = environment is not None and environment.name is not None
    return definition.is_task and is_named and "." not in definition.function.name


def _duplicate(earlier: Definition, later: Definition) -> Diagnostic:
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"two tasks are called `{later.name}`",
        primary=Label(later.function.name_span, "this one takes the place of the other"),
        labels=(Label(earlier.function.name_span, "first defined here"),),
        helps=("rename one of them, or give it an environment of its own",),
    )
