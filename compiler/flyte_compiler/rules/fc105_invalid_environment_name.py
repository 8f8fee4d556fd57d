"""FC105: an environment's name is not one: the module doesn't load."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flyte_compiler.callgraph.model import Environment
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC105", "invalid-environment-name", Severity.ERROR)

_NAME = re.compile(r"[a-z0-9]+([_-][a-z0-9]+)*")
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Literal names only, wherever the environment is made."""
    for environment in facts.call_graph.environments:
        name = environment.name
        if name is not None and not _NAME.fullmatch(name):
            yield _invalid(environment, name)


def _invalid(environment: Environment, name: str) -> Diagnostic:
    words = [word.lower() for word in _WORD.findall(name)]
    near = "-".join(words)
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{name}` is an invalid name for an environment"
        if name
        else "an environment's name is empty",
        primary=Label(environment.definition.name_span, "not in snake_case or kebab-case"),
        notes=("a name is lower-case letters and digits, joined by single `_` or `-`",),
        helps=(f'write `"{near}"`',) if near else (),
    )
