"""FC103: two environments that exist together have one name."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import Environment
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reach import Site, clashes

RULE = Rule("FC103", "duplicate-environment-name", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Among the modules that one file loads; a name that isn't a literal says nothing."""
    graph = facts.call_graph
    named = [each for each in graph.environments if each.name is not None]
    for earlier, later in clashes(named, graph.modules, key=lambda each: each.name, site=_site):
        yield _duplicate(earlier, later)


def _site(environment: Environment) -> Site:
    definition = environment.definition
    return Site(environment.module, definition.span, definition.exclusive)


def _duplicate(earlier: Environment, later: Environment) -> Diagnostic:
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"two environments are called `{later.name}`",
        primary=Label(later.definition.name_span, "this one takes the place of the other"),
        labels=(Label(earlier.definition.name_span, "first used here"),),
        helps=("give each environment a name of its own, or share one",),
    )
