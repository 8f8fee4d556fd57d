"""Calls of tasks and traces, each with the slot of its node.

A callee is called as Python calls it, while the driver that it asks is a strand that knows the
slot: so a task, an `override` of one, a `partial` or a bound method give what they give in a
dynamic driver, at the same moment, wrong arguments included.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any

from flyte._binding import POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD
from flyte._context import CURRENT_DRIVER
from flyte._engine.branch import Branch
from flyte._engine.calls import Call, CallKind, Target, identify_compiled
from flyte._engine.compiled.arguments import Arguments, called_name, collect
from flyte._engine.compiled.exits import Waiting
from flyte._engine.compiled.operands import value_of
from flyte._engine.compiled.scopes import Scope
from flyte._engine.plan_calls import find_function
from flyte._engine.traces import RUN_TRACE
from flyte._interface import Interface
from flyte._task import Task
from flyte._trace import Trace
from flyte_plan.identity import CompiledSlot
from flyte_plan.plan import TaskNode, TraceNode

if TYPE_CHECKING:
    from flyte._engine.submitted import Submitted

_BY_PLACE = (POSITIONAL_ONLY, POSITIONAL_OR_KEYWORD)


class Strand:
    """One node, as the driver of the call that it makes. Implements `flyte._context.Driver`."""

    def __init__(self, node: TaskNode | TraceNode, scope: Scope, *, awaits: bool) -> None:
        self.action = scope.body.action
        self._slot = CompiledSlot((*scope.body.path, node.id), scope.iterations)
        self._place = (scope.body.home.file, node.place.line)
        self._awaits = awaits

    def call(
        self, task: Task[..., Any], arguments: Mapping[str, object]
    ) -> Coroutine[Any, Any, Any]:
        """A call of `task` as an action: identified now, started when first awaited."""
        return self.action.perform(self.identify("task", task, arguments))

    def call_blocking(self, task: Task[..., Any], arguments: Mapping[str, object]) -> object:
        """Its value; in an asynchronous body a coroutine, which the node awaits."""
        if self._awaits:
            return self.call(task, arguments)
        return self.submit(task, arguments).wait()

    def submit(self, task: Task[..., Any], arguments: Mapping[str, object]) -> Submitted:
        """Start a call from synchronous code without waiting for it."""
        return self.action.begin_blocking(self.identify("task", task, arguments))

    def trace(self, trace: Trace[..., Any], arguments: Mapping[str, object]) -> Any:
        """A call of a traced function: what the function itself would return."""
        call = self.identify("trace", trace, arguments)
        return RUN_TRACE[trace.form](self.action, call, arguments)

    def identify(self, kind: CallKind, target: Target, arguments: Mapping[str, object]) -> Call:
        """Fix the call's identity: now."""
        return identify_compiled(
            driver=self.action.id,
            slot=self._slot,
            kind=kind,
            target=target,
            arguments=arguments,
            place=self._place,
            maker=self.action,
        )


def run_task(node: TaskNode, scope: Scope) -> object:
    """A task's value, or the coroutine of a call that is deferred.

    Raises:
        TypeError: the arguments don't fit.
        BaseException: the call's error, where it blocks.
    """
    callee = callee_of(node, scope)
    arguments = _arguments(node, callee, scope)
    if node.callee is None and _on_a_branch():
        return _call_known(node, callee, arguments, scope)
    awaits = scope.body.waits and not node.deferred
    result = _call(callee, arguments, Strand(node, scope, awaits=awaits))
    return result if node.deferred else settled(result, scope)


def run_trace_node(node: TraceNode, scope: Scope) -> object:
    """A traced function's value, iterator, or the coroutine of a call that is deferred."""
    callee = find_function(node.module, node.function)
    arguments = _named(node, callee.definition.interface, scope, called_name(callee))
    result = _call(callee, arguments, Strand(node, scope, awaits=False))
    return result if node.deferred else settled(result, scope)


def callee_of(node: TaskNode, scope: Scope) -> Any:
    """What is called, with its overrides."""
    if node.callee is not None:
        callee: Any = value_of(node.callee, scope)
    else:
        callee = find_function(str(node.module), str(node.function))
    if not node.overrides:
        return callee
    options = collect(node.overrides, scope, called="override()", positional=())
    return callee.override(**options.kwargs)


def settled(result: object, scope: Scope) -> object:
    """A call's value, waited for where it is to be awaited."""
    if not inspect.isawaitable(result):
        return result
    if scope.body.waits:
        return Waiting(result)
    return asyncio.run(result) if inspect.iscoroutine(result) else result


def bound(node: TaskNode, task: Task[..., Any], scope: Scope) -> dict[str, object]:
    """A known task's arguments by parameter.

    Raises:
        TypeError: they don't fit its interface.
    """
    arguments = _arguments(node, task, scope)
    return task.interface.bind(arguments.args, arguments.kwargs)


def _call_known(node: TaskNode, task: Task[..., Any], arguments: Arguments, scope: Scope) -> object:
    """As its own methods do, whichever of them was written."""
    strand = Strand(node, scope, awaits=False)
    fitting = task.interface.bind(arguments.args, arguments.kwargs)
    if node.deferred:
        return strand.call(task, fitting)
    if scope.body.waits:
        return Waiting(strand.call(task, fitting))
    return strand.call_blocking(task, fitting)


def _arguments(node: TaskNode, callee: Any, scope: Scope) -> Arguments:
    called = called_name(callee)
    task = _task_behind(callee)
    if task is None or isinstance(callee, functools.partial):
        return collect(node.inputs, scope, called=called, positional=())
    return _named(node, task.interface, scope, called)


def _named(
    node: TaskNode | TraceNode, interface: Interface, scope: Scope, called: str
) -> Arguments:
    parameters = interface.parameters
    return collect(
        node.inputs,
        scope,
        called=called,
        positional=[each.name for each in parameters if each.kind in _BY_PLACE],
        positional_only=[each.name for each in parameters if each.kind is POSITIONAL_ONLY],
    )


def _call(callee: Callable[..., Any], arguments: Arguments, strand: Strand) -> Any:
    if not _on_a_branch() or not _is_ours(callee):
        return callee(*arguments.args, **arguments.kwargs)
    token = CURRENT_DRIVER.set(strand)
    try:
        return callee(*arguments.args, **arguments.kwargs)
    finally:
        CURRENT_DRIVER.reset(token)


def _on_a_branch() -> bool:
    """Whether calls are recorded here: not inside a traced function."""
    return isinstance(CURRENT_DRIVER.get(), Branch)


def _is_ours(callee: Any) -> bool:
    """Whether a call of it makes one call of a task or a trace, and does nothing else."""
    if isinstance(callee, functools.partial):
        return _is_ours(callee.func)
    is_trace = isinstance(getattr(callee, "definition", None), Trace)
    return is_trace or _task_behind(callee) is not None


def _task_behind(callee: Any) -> Task[..., Any] | None:
    """The task that is called by calling `callee`: itself, or the owner of its `.aio`."""
    if isinstance(callee, functools.partial):
        return _task_behind(callee.func)
    if isinstance(callee, Task):
        return callee
    owner = getattr(callee, "__self__", None)
    if isinstance(owner, Task) and getattr(callee, "__name__", "") in ("aio", "__call__"):
        return owner
    return None
