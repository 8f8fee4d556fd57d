"""FC104: two tasks of one environment have one name."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.reach import may_both_exist, reached_together, repeated

RULE = Rule("FC104", "duplicate-task-name", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Among the modules that one file loads. Environments that share a name are FC103's."""
    graph = facts.call_graph
    loading = filter(_exists_on_load, graph.definitions)
    suspects = repeated(loading, lambda each: each.name)
    reported: set[int] = set()
    for modules in reached_together(graph.modules):
        loaded = _in_loading_order(suspects, modules)
        for place, later in enumerate(loaded):
            earlier = next((each for each in loaded[:place] if _clash(each, later)), None)
            if earlier is not None and id(later) not in reported:
                reported.add(id(later))
                yield _duplicate(earlier, later)


def _in_loading_order(
    definitions: Sequence[Definition], modules: Sequence[str]
) -> Sequence[Definition]:
    order = {module: place for place, module in enumerate(modules)}
    here = [each for each in definitions if each.module in order]
    return sorted(here, key=lambda each: (order[each.module], each.function.span.start))


def _exists_on_load(definition: Definition) -> bool:
    """Whether it is a task of a named environment, at the top of its module: one inside a
    function exists only while that function runs."""
    environment = definition.environment
    is_named = environment is not None and environment.name is not None
    return definition.is_task and is_named and "." not in definition.function.name


def _clash(one: Definition, other: Definition) -> bool:
    if one.function.name != other.function.name or one.environment != other.environment:
        return False
    return one.module != other.module or may_both_exist(one.function, other.function)


def _duplicate(earlier: Definition, later: Definition) -> Diagnostic:
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"two tasks are called `{later.name}`",
        primary=Label(later.function.name_span, "this one takes the place of the other"),
        labels=(Label(earlier.function.name_span, "first defined here"),),
        helps=("rename one of them, or give it an environment of its own",),
    )
