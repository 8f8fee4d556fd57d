"""FC211: a task's container imports a package that its environment's image doesn't install."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from flyte_compiler.callgraph.model import Definition, Environment
from flyte_compiler.dataflow.distributions import providers
from flyte_compiler.dataflow.images import Image
from flyte_compiler.dataflow.imported import Imported, Importing
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.installing import Installing
from flyte_compiler.source.span import Span

RULE = Rule("FC211", "missing-package", Severity.WARNING)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One an image and a package: at the import that fails first."""
    installing, importing = Installing(facts), Importing(facts.trees)
    reported: set[tuple[Span, str]] = set()
    for task in facts.call_graph.definitions:
        known = installing.of(task.environment) if task.is_task and task.environment else None
        if task.environment is None or known is None:
            continue
        image, there = known
        for found in importing.by_task(task):
            missing = _missing(found, there)
            if missing and (image.span, missing) not in reported:
                reported.add((image.span, missing))
                yield _diagnostic(task, task.environment, image, found, missing)


def _missing(found: Imported, there: frozenset[str]) -> str:
    """The package that would have to be installed; empty where one is, or nobody knows."""
    top = found.name.partition(".")[0]
    if top in sys.stdlib_module_names or top == "flyte":
        return ""
    known = providers(found.name)
    return "" if not known or known & there else min(known, key=lambda name: (len(name), name))


def _diagnostic(
    task: Definition, environment: Environment, image: Image, found: Imported, missing: str
) -> Diagnostic:
    top = found.name if "." in found.name and missing.count("-") else found.name.partition(".")[0]
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{top}` is imported, but the image of environment "
        f"`{environment.name or environment.definition.variable}` doesn't install `{missing}`",
        primary=Label(found.span, f"imported when `{task.function.short_name}` runs"),
        labels=(Label(image.span, f"installs no `{missing}`"),),
        notes=("a container has what its image installs, not what is installed here",),
        helps=(f'add `"{missing}"` to the packages of the image',),
    )
