"""Options that are fine one by one and not together: those of warm workers, and of waits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flyte_compiler.callgraph.model import (
    CallArgument,
    CallGraph,
    Definition,
    Environment,
    LibraryCall,
)
from flyte_compiler.diagnostics.model import Label
from flyte_compiler.rules.facts import holds
from flyte_compiler.rules.written_values import written_value
from flyte_compiler.syntax.model import Argument

_FIXED_IN_A_WARM_WORKER = ("resources", "env_vars", "secrets", "service_account")
_CONCURRENCY = 2
"""The position among the options of a `ReusePolicy`."""


_BACKOFF = ("base", "factor", "cap")
"""The options of a `Backoff`, by position."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Clash:
    """Options that can't both be, or one that needs another."""

    message: str
    primary: Label
    labels: tuple[Label, ...]
    help: str


def clashes(graph: CallGraph) -> Iterator[Clash]:
    """Those of environments, of their sync tasks, of overrides and of waits between retries."""
    for environment in graph.environments:
        reusable = _option(environment, "reusable")
        plugin = _option(environment, "plugin_config")
        if reusable is not None and plugin is not None:
            yield Clash(
                message="`reusable` and `plugin_config` exclude each other",
                primary=Label(plugin.span, "a plugin's task has workers of its own"),
                labels=(Label(reusable.span, "warm workers are asked for here"),),
                help="take one of them away",
            )
    for task in graph.definitions:
        if task.is_task and not task.function.signature.is_async:
            yield from _of_sync_task(task, graph)
    for call in graph.library_calls:
        if call.name == "Task.override" and isinstance(call.owner, Definition):
            yield from _of_override(call, call.owner)
        if call.name == "Backoff":
            yield from _of_backoff(call)


def _of_sync_task(task: Definition, graph: CallGraph) -> Iterator[Clash]:
    reusable = None if task.environment is None else _option(task.environment, "reusable")
    if reusable is None or task.environment is None:
        return
    policy = _policy(reusable, task.environment, graph)
    concurrency = None if policy is None else _concurrency(policy)
    value = 1 if concurrency is None else written_value(concurrency.text)
    if concurrency is not None and isinstance(value, int) and value > 1:
        yield Clash(
            message=f"the sync task `{task.name}` can't run in workers that run {value} actions at "
            "once",
            primary=Label(task.function.name_span, "a sync task"),
            labels=(Label(concurrency.span, "on one event loop"),),
            help=f"make `{task.function.short_name}` async, or set `concurrency` to 1",
        )


def _of_override(call: LibraryCall, task: Definition) -> Iterator[Clash]:
    reusable = None if task.environment is None else _option(task.environment, "reusable")
    given = {argument.keyword: argument for argument in call.arguments}
    fixed = next((given[name] for name in _FIXED_IN_A_WARM_WORKER if name in given), None)
    is_open = any(argument.star for argument in call.arguments)
    if reusable is None or fixed is None or "reusable" in given or is_open:
        return
    yield Clash(
        message=f"`{fixed.keyword}` of `{task.name}` can't be overridden while it runs in reusable "
        "workers",
        primary=Label(fixed.span, "the workers have theirs already"),
        labels=(Label(reusable.span, "warm workers are asked for here"),),
        help='add `reusable="off"`',
    )


def _of_backoff(call: LibraryCall) -> Iterator[Clash]:
    if any(argument.star for argument in call.arguments):
        return
    given = {
        argument.keyword or _BACKOFF[place]: argument
        for place, argument in enumerate(call.arguments[: len(_BACKOFF)])
    }
    factor, cap = given.get("factor"), given.get("cap")
    value = None if factor is None else written_value(factor.text)
    is_capped = cap is not None and cap.text != "None"
    if factor is not None and isinstance(value, int | float) and value > 1 and not is_capped:
        yield Clash(
            message="a `Backoff` whose `factor` is more than 1 needs a `cap`",
            primary=Label(factor.span, "each wait is longer than the one before"),
            labels=(),
            help="add the longest wait, such as `cap=timedelta(minutes=5)`",
        )


def _option(environment: Environment, name: str) -> Argument | None:
    """An option of an environment that is there, and isn't `None`."""
    for argument in environment.definition.arguments:
        if argument.keyword == name and argument.text != "None":
            return argument
    return None


def _policy(reusable: Argument, environment: Environment, graph: CallGraph) -> LibraryCall | None:
    """The `ReusePolicy(...)` in place, or the one that the module's variable was assigned."""
    policies = [
        call
        for call in graph.library_calls
        if call.name == "ReusePolicy" and call.module == environment.module
    ]
    inside = [call for call in policies if holds(reusable.span, call.span)]
    named = [call for call in policies if call.caller is None and call.kept_as == reusable.text]
    found = [call for call in inside if call.span.end == reusable.span.end] or named
    return found[0] if len(found) == 1 else None


def _concurrency(policy: LibraryCall) -> CallArgument | None:
    for place, argument in enumerate(policy.arguments):
        if argument.star:
            return None
        if argument.keyword == "concurrency" or (
            argument.keyword is None and place == _CONCURRENCY
        ):
            return argument
    return None
