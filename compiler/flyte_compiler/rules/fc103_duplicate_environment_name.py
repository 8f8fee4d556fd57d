"""FC103: two environments that exist together have one name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flyte_compiler.callgraph.model import Environment
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reach import may_both_exist, reached_together, repeated

RULE = Rule("FC103", "duplicate-environment-name", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Among the modules that one file loads; a name that isn't a literal says nothing."""
    graph = facts.call_graph
    named = [each for each in graph.environments if each.name is not None]
    suspects = repeated(named, lambda each: each.name)
    reported: set[int] = set()
    for modules in reached_together(graph.modules):
        loaded = _in_loading_order(suspects, modules)
        for place, later in enumerate(loaded):
            earlier = next((each for each in loaded[:place] if _clash(each, later)), None)
            if earlier is not None and id(later) not in reported:
                reported.add(id(later))
                yield _duplicate(earlier, later)


def _in_loading_order(
    environments: Sequence[Environment], modules: Sequence[str]
) -> Sequence[Environment]:
    order = {module: place for place, module in enumerate(modules)}
    here = [each for each in environments if each.module in order]
    return sorted(here, key=lambda each: (order[each.module], each.definition.span.start))


def _clash(one: Environment, other: Environment) -> bool:
    if one.name != other.name:
        return False
    return one.module != other.module or may_both_exist(one.definition, other.definition)


def _duplicate(earlier: Environment, later: Environment) -> Diagnostic:
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"two environments are called `{later.name}`",
        primary=Label(later.definition.name_span, "this one takes the place of the other"),
        labels=(Label(earlier.definition.name_span, "first used here"),),
        helps=("give each environment a name of its own, or share one",),
    )
