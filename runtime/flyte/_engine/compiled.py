"""A driver run from its plan, in program order.

Each call is awaited where it stands; calls that are elements of a gather start together there.
A call's slot is its node, so nothing has to be counted. Fragments of a synchronous driver run on
a thread, as its body would.
"""

from __future__ import annotations

import asyncio
import base64
import functools
from collections.abc import Callable, Coroutine, Mapping
from typing import TYPE_CHECKING, Any, assert_never

from flyte._engine.calls import Call, CallKind, Target, identify_compiled
from flyte._engine.fragments import Fragments
from flyte._engine.plan_calls import find_function
from flyte._engine.results import complete, settle_result
from flyte._engine.traces import run_trace
from flyte_plan.identity import CompiledSlot
from flyte_plan.plan import (
    DynamicStep,
    InputOperand,
    LiteralOperand,
    NamedOperand,
    Operand,
    OutputOperand,
    PackStep,
    PlannedGraph,
    PythonStep,
    TaskStep,
    TraceStep,
)

if TYPE_CHECKING:
    from flyte._engine.action import Action


class _Unbound:
    """A variable that a fragment left unbound."""


UNBOUND = _Unbound()


async def run_graph(
    action: Action, call: Call, graph: PlannedGraph, fragments: Fragments
) -> object:
    """What the driver returns.

    Raises:
        BaseException: what its body would raise.
    """
    return await _Walk(action, call, graph, fragments).run()


class _Walk:
    """One execution of one graph."""

    def __init__(
        self, action: Action, call: Call, graph: PlannedGraph, fragments: Fragments
    ) -> None:
        self._action = action
        self._fragments = fragments
        self._target = call.target
        self._graph = graph
        self._inputs = dict(call.inputs.open())
        self._values: dict[str, Any] = {}
        self._driver: Callable[..., Any] = call.target.function
        self._gathered = {
            element.node
            for node in graph.nodes
            if isinstance(node, PackStep) and node.kind == "gather"
            for element in node.elements
            if isinstance(element, OutputOperand)
        }

    async def run(self) -> object:
        for node in self._graph.nodes:
            match node:
                case TaskStep() | TraceStep():
                    self._values[node.id] = await self._call(node)
                case PythonStep():
                    self._values[node.id] = await self._fragment(node)
                case PackStep():
                    self._values[node.id] = await self._pack(node)
                case DynamicStep():
                    raise AssertionError("a driver with a dynamic node runs as Python")
                case _:
                    assert_never(node)
        result = None if self._graph.result is None else self._operand(self._graph.result)
        return settle_result(self._target.interface, result)

    async def _call(self, node: TaskStep | TraceStep) -> object:
        running = self._task(node) if isinstance(node, TaskStep) else self._trace(node)
        return running if node.id in self._gathered else await running

    def _task(self, node: TaskStep) -> Coroutine[Any, Any, object]:
        task = find_function(node.module, node.function)
        if node.overrides:
            task = task.override(**self._named(node.overrides))
        arguments = complete(task.interface, self._named(node.inputs))
        return self._action.perform(self._identify(node, "task", task, arguments))

    def _trace(self, node: TraceStep) -> Coroutine[Any, Any, object]:
        trace = find_function(node.module, node.function).definition
        arguments = complete(trace.interface, self._named(node.inputs))
        call = self._identify(node, "trace", trace, arguments)
        return run_trace(self._action, call, arguments)

    def _identify(
        self,
        node: TaskStep | TraceStep,
        kind: CallKind,
        target: Target,
        arguments: Mapping[str, object],
    ) -> Call:
        return identify_compiled(
            driver=self._action.id,
            slot=CompiledSlot((node.id,), ()),
            kind=kind,
            target=target,
            arguments=arguments,
            place=(self._driver.__code__.co_filename, node.place.line),
        )

    async def _fragment(self, node: PythonStep) -> object:
        values = {named.name: self._operand(named.value) for named in node.inputs}
        unbound = frozenset(name for name, value in values.items() if value is UNBOUND)
        bound = {name: value for name, value in values.items() if name not in unbound}
        run = functools.partial(self._fragments.run, node, self._driver, bound, unbound)
        if node.is_async:
            result = await run()
        elif self._target.interface.is_async:
            result = run()
        else:
            result = await asyncio.to_thread(run)
        if node.form == "expression":
            return result
        return {name: result.get(name, UNBOUND) for name in node.outputs}

    async def _pack(self, node: PackStep) -> object:
        elements: list[Any] = [self._operand(element) for element in node.elements]
        if node.kind == "gather":
            return await asyncio.gather(*elements, return_exceptions=node.return_exceptions)
        return tuple(elements) if node.kind == "tuple" else elements

    def _named(self, operands: tuple[NamedOperand, ...]) -> dict[str, object]:
        values = {}
        for named in operands:
            values[named.name] = self._operand(named.value)
            if values[named.name] is UNBOUND:
                raise _unbound(named.name)
        return values

    def _operand(self, operand: Operand) -> object:
        match operand:
            case LiteralOperand():
                return _literal(operand)
            case InputOperand():
                return self._inputs[operand.name]
            case OutputOperand():
                value = self._values[operand.node]
                for part in operand.path:
                    value = value[part]
                return value
            case _:
                assert_never(operand)


def _literal(operand: LiteralOperand) -> object:
    if operand.type == "bytes":
        return base64.b64decode(str(operand.value))
    if operand.type in ("float", "int") and isinstance(operand.value, str):
        return float(operand.value) if operand.type == "float" else int(operand.value)
    if operand.type == "float":
        return float(operand.value or 0.0)
    return operand.value


def _unbound(name: str) -> UnboundLocalError:
    return UnboundLocalError(
        f"cannot access local variable '{name}' where it is not associated with a value"
    )
