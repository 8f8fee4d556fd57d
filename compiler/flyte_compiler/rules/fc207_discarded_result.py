"""FC207: a task that returns a value is called, and the value dropped."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import CallSite, Form, Use
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC207", "discarded-result", Severity.NOTE)

_NOTHING = frozenset({"None", "NoReturn", "Never"})


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Calls of tasks that run; a coroutine that nobody awaits is FC203's."""
    for site in facts.call_graph.sites:
        if site.callee.is_task and site.form in (Form.CALL, Form.AIO) and _is_discarded(site):
            yield _discarded(site)


def _is_discarded(site: CallSite) -> bool:
    runs = site.use is (Use.AWAITED if site.gives_coroutine else Use.DISCARDED)
    result = (site.callee.function.signature.result or "None").strip("\"'")
    returns_value = result.rpartition(".")[2] not in _NOTHING
    return site.caller is not None and runs and site.surroundings.is_dropped and returns_value


def _discarded(site: CallSite) -> Diagnostic:
    function = site.callee.function
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{function.short_name}` returns `{function.signature.result}`, "
        "and the result is discarded",
        primary=Label(site.span, "the result is dropped here"),
        labels=(Label(function.name_span, f"returns `{function.signature.result}`"),),
        helps=("use the result, or let the task return `None`",),
    )
