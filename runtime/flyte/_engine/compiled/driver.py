"""A driver's execution: its body entered with the call's arguments, and its result settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flyte._engine.calls import Call
from flyte._engine.compiled.exits import Outputs
from flyte._engine.compiled.functions import own_cells, run_async_body, run_body
from flyte._engine.compiled.graph import CompiledGraph
from flyte._engine.compiled.homes import home_of_function
from flyte._engine.compiled.raising import finish
from flyte._engine.compiled.scopes import Body, Scope
from flyte._engine.compiled.walk import run_region
from flyte._engine.results import settle_result
from flyte_plan.plan import DRIVER

if TYPE_CHECKING:
    from flyte._engine.action import Action


async def run_driver(action: Action, call: Call, graph: CompiledGraph) -> object:
    """What an asynchronous driver returns.

    Raises:
        BaseException: what its body would raise.
    """
    scope = _enter(action, call, graph, waits=True)
    value = await run_async_body(graph.planned.body, scope, run_region)
    return settle_result(call.target.interface, value)


def run_driver_blocking(action: Action, call: Call, graph: CompiledGraph) -> object:
    """What a synchronous driver returns, run on the calling thread.

    Raises:
        BaseException: what its body would raise.
    """
    scope = _enter(action, call, graph, waits=False)
    value = finish(run_body(graph.planned.body, scope, run_region))
    return settle_result(call.target.interface, value)


def _enter(action: Action, call: Call, graph: CompiledGraph, *, waits: bool) -> Scope:
    inputs = Outputs(call.inputs.open())
    body = Body(
        action=action,
        graph=graph,
        owner=DRIVER,
        home=home_of_function(call.target.function),
        inputs=inputs,
        cells={DRIVER: own_cells(graph.planned.cells, inputs)},
        path=(),
        waits=waits,
    )
    return Scope(body, DRIVER, inputs)
