"""The rule modules: what each must hold, and all of them together."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import TypeAlias

from flyte_compiler.diagnostics.model import Diagnostic, Rule
from flyte_compiler.rules.catalogue import Entry, catalogue
from flyte_compiler.rules.facts import Facts
from flyte_compiler.source.bug import CompilerBug

Check: TypeAlias = Callable[[Facts], Iterator[Diagnostic]]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegisteredRule:
    """A rule and its check."""

    rule: Rule
    check: Check


@cache
def rules() -> tuple[RegisteredRule, ...]:
    """Every rule, by code.

    Raises:
        CompilerBug: two rules share a code or a name, or a file doesn't hold the rule that it is
            named after.
    """
    registered = tuple(_load(entry) for entry in catalogue())
    _refuse_duplicates(registered)
    return registered


def check_rules(facts: Facts, wanted: Iterable[RegisteredRule]) -> Iterator[Diagnostic]:
    """What the rules say about a program."""
    for registered in wanted:
        yield from registered.check(facts)


def _load(entry: Entry) -> RegisteredRule:
    module = import_module(f"{__package__}.{entry.stem}")
    rule, check = getattr(module, "RULE", None), getattr(module, "check", None)
    if not isinstance(rule, Rule) or not callable(check):
        raise CompilerBug(f"`{entry.stem}.py` holds no `RULE: Rule` and `check(facts)`")
    if (rule.code, rule.name) != (entry.code, entry.name):
        raise CompilerBug(f"`{entry.stem}.py` holds {rule.code} {rule.name}")
    return RegisteredRule(rule=rule, check=check)


def _refuse_duplicates(registered: Iterable[RegisteredRule]) -> None:
    seen: set[str] = set()
    for rule in (each.rule for each in registered):
        for word in (rule.code, rule.name):
            if word in seen:
                raise CompilerBug(f"two rules are called `{word}`")
            seen.add(word)
