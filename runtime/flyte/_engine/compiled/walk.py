"""The walk: a region's nodes in order, each by its kind, and then the region's end."""

from __future__ import annotations

import asyncio
from typing import Any, assert_never, cast

from flyte._engine.compiled.calls import run_task, run_trace_node
from flyte._engine.compiled.exits import (
    Broken,
    Continued,
    Exit,
    Returned,
    Waiting,
)
from flyte._engine.compiled.fragments import run_fragment
from flyte._engine.compiled.functions import make_function, run_helper
from flyte._engine.compiled.loops import run_loop, run_statements, truth
from flyte._engine.compiled.maps import gather, make_map, run_gather_map
from flyte._engine.compiled.operands import read_variables, value_of
from flyte._engine.compiled.raising import Carried, place
from flyte._engine.compiled.scopes import Scope
from flyte._engine.compiled.tries import run_try
from flyte._engine.compiled.withs import run_with
from flyte_plan.plan import (
    VALUE,
    AwaitNode,
    BranchNode,
    BreakEnd,
    ContinueEnd,
    DynamicNode,
    End,
    FunctionNode,
    HelperNode,
    LoopNode,
    MapNode,
    Node,
    PackNode,
    PythonNode,
    Region,
    ReturnEnd,
    StopEnd,
    TaskNode,
    TraceNode,
    TryNode,
    WithNode,
    YieldEnd,
    YieldNode,
)

_CALLS = (TaskNode, TraceNode, HelperNode, AwaitNode, PackNode)
"""What the user's traceback shows as a line that calls."""


async def run_region(region: Region, scope: Scope) -> Exit:
    """Run a region in an activation of its own; how it was left.

    Raises:
        BaseException: what the user's program raises; a `StopIteration` as `Carried`.
    """
    for node in region.nodes:
        try:
            result = _run(node, scope)
            if isinstance(result, Waiting):
                result = await result.awaitable
        except StopIteration as error:
            _place(error, node, scope)
            raise Carried(error) from None
        except Carried as carried:
            _place(carried.error, node, scope)
            raise
        except BaseException as error:
            _place(error, node, scope)
            raise
        if isinstance(result, Returned | Broken | Continued):
            return result
        scope.values[node.id] = result
    return _end(region.end, scope)


def _run(node: Node, scope: Scope) -> object:
    """What a node gives, or what is to be waited for; how its region is left, if it leaves it."""
    match node:
        case TaskNode():
            return run_task(node, scope)
        case PythonNode():
            return run_fragment(node, scope)
        case HelperNode():
            return run_helper(node, scope, run_region)
        case TraceNode():
            return run_trace_node(node, scope)
        case FunctionNode():
            return make_function(node, scope, run_region)
        case PackNode():
            return _pack(node, scope)
        case AwaitNode():
            return _await(node, scope)
        case BranchNode():
            return Waiting(_branch(node, scope))
        case LoopNode():
            return Waiting(run_loop(node, scope, run_region))
        case MapNode():
            return _map(node, scope)
        case TryNode():
            return Waiting(run_try(node, scope, run_region))
        case WithNode():
            return Waiting(run_with(node, scope, run_region))
        case YieldNode():
            raise AssertionError("a generator runs as Python")
        case DynamicNode():
            raise AssertionError("a driver with a dynamic node runs as Python")
        case _:
            assert_never(node)


def _end(end: End, scope: Scope) -> Exit:
    match end:
        case YieldEnd():
            outputs = read_variables(end.variables, scope)
            if end.value is not None:
                outputs[VALUE] = value_of(end.value, scope)
            return outputs
        case ReturnEnd():
            return Returned(value_of(end.value, scope))
        case ContinueEnd():
            return Continued(read_variables(end.variables, scope))
        case BreakEnd():
            return Broken(read_variables(end.variables, scope))
        case StopEnd():
            raise AssertionError("the plan says that the program never gets here")
        case _:
            assert_never(end)


async def _branch(node: BranchNode, scope: Scope) -> Exit:
    test = value_of(node.test, scope)
    arm = cast(int, test) if node.choice == "index" else (0 if truth(test) else 1)
    return await run_region(node.arms[arm].body, scope.inside(node.id))


def _pack(node: PackNode, scope: Scope) -> object:
    elements: list[Any] = []
    for index, operand in enumerate(node.elements):
        value: Any = value_of(operand, scope)
        if index in node.unpacked:
            elements.extend(value)
        else:
            elements.append(value)
    match node.kind:
        case "list":
            return elements
        case "tuple":
            return tuple(elements)
        case "dict":
            return dict(zip(elements[::2], elements[1::2], strict=True))
        case "gather":
            options = {}
            if node.return_exceptions is not None:
                options["return_exceptions"] = value_of(node.return_exceptions, scope)
            return gather(elements, options, scope, is_deferred=node.deferred)
        case _:
            raise AssertionError(f"no pack is a `{node.kind}`")


def _await(node: AwaitNode, scope: Scope) -> object:
    awaited: Any = value_of(node.awaited, scope)
    if scope.body.waits:
        return Waiting(awaited)
    return asyncio.run(awaited)  # a synchronous body waits by this


def _map(node: MapNode, scope: Scope) -> object:
    match node.kind:
        case "map":
            return make_map(node, scope, run_region)
        case "gather":
            return Waiting(run_gather_map(node, scope, run_region))
        case "statements":
            return Waiting(run_statements(node, scope, run_region))
        case _:
            raise AssertionError(f"no map is a `{node.kind}`")


def _place(error: BaseException, node: Node, scope: Scope) -> None:
    if isinstance(node, _CALLS):
        home = scope.body.home
        place(error, file=home.file, name=home.name, line=node.place.line)
