"""FC405: an `except` around a task's call waits for what never arrives by that name."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import CallSite
from flyte_compiler.dataflow.handlers import Guard, guards
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC405", "unmatched-exception", Severity.WARNING)

_WIDE = frozenset({"flyte.errors.RuntimeUserError", "flyte.errors.BaseRuntimeError"})
_OOM = _WIDE | {"flyte.errors.OOMError"}
_LATE = _WIDE | {
    f"flyte.errors.{name}Error"
    for name in ("TaskTimeout", "MaxRuntimeExceeded", "MaxQueuedTimeExceeded", "DeadlineExceeded")
}
_TIMEOUTS = frozenset({"builtins.TimeoutError", "asyncio.TimeoutError"})


def check(facts: Facts) -> Iterator[Diagnostic]:
    """A closed list: memory, timeouts, retries."""
    for guard in guards(facts.trees):
        if guard.caught == "builtins.MemoryError" and _is_for_oom(guard, facts):
            yield _unmatched(
                guard,
                "a task that is killed for its memory doesn't raise `MemoryError` here",
                "catch `flyte.errors.OOMError`",
            )
        elif guard.caught in _TIMEOUTS and _is_for_timeout(guard, facts):
            yield _unmatched(
                guard,
                "a task's `timeout=` doesn't raise `TimeoutError` here",
                "catch `flyte.errors.TaskTimeoutError`",
            )
        elif guard.caught == "flyte.errors.RetriesExhaustedError" and _has_no_retries(guard, facts):
            yield _unmatched(
                guard,
                "none of these tasks has retries to exhaust",
                "give the task `retries=`, or catch `flyte.errors.RuntimeUserError`",
            )


def _is_for_oom(guard: Guard, facts: Facts) -> bool:
    raises = any("MemoryError" in _text(site, facts) for site in guard.tasks)
    return guard.only_tasks and not raises and not guard.others & _OOM


def _is_for_timeout(guard: Guard, facts: Facts) -> bool:
    """Whether only a task's own limit can be meant: nothing else there waits with one."""
    waits = any(not name or "wait" in name or "timeout" in name for name in guard.calls)
    raises = any(
        "imeout" in _body(site, facts) or "wait_for" in _body(site, facts) for site in guard.tasks
    )
    is_limited = any("timeout" in _options(site) for site in guard.tasks)
    return guard.only_tasks and is_limited and not waits and not raises and not guard.others & _LATE


def _has_no_retries(guard: Guard, facts: Facts) -> bool:
    """A driver hands on what its children raise."""
    return guard.only_tasks and not any(
        site.overridden or "retries" in _options(site) or facts.call_graph.reaches_task(site.callee)
        for site in guard.tasks
    )


def _options(site: CallSite) -> frozenset[str]:
    arguments = [each for found in site.callee.function.decorators for each in found.arguments]
    return frozenset(each.keyword or "**" for each in arguments)


def _text(site: CallSite, facts: Facts) -> str:
    source = facts.call_graph.modules[site.callee.module].source
    return source.slice(site.callee.function.span)


def _body(site: CallSite, facts: Facts) -> str:
    """The task's text below its decorators."""
    return _text(site, facts).partition("def ")[2]


def _unmatched(guard: Guard, message: str, cure: str) -> Diagnostic:
    site = guard.tasks[0]
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=message,
        primary=Label(guard.span, "never caught here"),
        labels=(Label(site.span, f"`{site.callee.function.short_name}` is called here"),),
        helps=(cure,),
    )
