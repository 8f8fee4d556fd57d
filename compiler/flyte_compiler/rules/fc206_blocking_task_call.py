"""FC206: a sync task is called on an async driver's event loop, without `.aio`."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import CallSite, Definition, Form
from flyte_compiler.diagnostics.model import Diagnostic, Fix, Label, Rule, Severity
from flyte_compiler.rules.awaiting import awaited, written
from flyte_compiler.rules.event_loop import on_event_loop
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC206", "blocking-task-call", Severity.WARNING)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Calls in the driver's own body, and in the helpers that it calls on its loop."""
    inside = on_event_loop(facts.call_graph)
    for site in facts.call_graph.sites:
        driver = None if site.caller is None else inside.get(site.caller.key)
        if driver is not None and _blocks(site):
            yield _blocking(site, driver, facts)


def _blocks(site: CallSite) -> bool:
    is_sync = not site.callee.function.signature.is_async
    is_called = site.callee.is_task and site.form is Form.CALL
    return is_called and is_sync and not site.surroundings.is_deferred


def _blocking(site: CallSite, driver: Definition, facts: Facts) -> Diagnostic:
    name = site.callee.function.short_name
    is_own = site.caller is driver
    place = "the async driver" if is_own else f"`{_caller(site)}`, on the event loop of"
    edits = awaited(site, facts, with_aio=True)
    cure = f"await {written(site, facts, suffix='.aio')}"
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"the sync task `{name}` is called in {place} `{driver.name}` without `.aio`",
        primary=Label(site.span, f"the event loop stands still until `{name}` is done"),
        labels=(
            Label(site.callee.function.name_span, "a sync task"),
            *(() if is_own else (Label(driver.function.name_span, "the async driver"),)),
        ),
        notes=("upstream's SDK raises `SyncTaskCallInAsyncContextError` here",),
        helps=(f"write `{cure}`" if edits else f"make `{_caller(site)}` async and write `{cure}`",),
        fix=Fix(title=f"write `{cure}`", edits=edits, safe=True) if edits else None,
    )


def _caller(site: CallSite) -> str:
    return "" if site.caller is None else site.caller.function.short_name
