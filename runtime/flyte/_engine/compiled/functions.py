"""Helpers: called by a node, or by the user's code through a function object."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Coroutine
from types import CellType
from typing import Any, cast

from flyte._context import current_driver
from flyte._engine.compiled.arguments import collect
from flyte._engine.compiled.exits import UNBOUND, Broken, Continued, Outputs, Returned, Waiting
from flyte._engine.compiled.graph import CompiledHelper
from flyte._engine.compiled.operands import read, read_variables
from flyte._engine.compiled.raising import Carried, finish, throw
from flyte._engine.compiled.scopes import Body, RunRegion, Scope
from flyte_plan.plan import VALUE, FunctionNode, HelperNode, NamedOperand, Region


def run_helper(node: HelperNode, scope: Scope, run: RunRegion) -> object:
    """What a helper returns, or the coroutine of a call that is deferred.

    Raises:
        TypeError: the arguments don't fit its signature.
    """
    helper = scope.body.graph.helper(node.helper)
    entered = _bound(helper, node.inputs, scope)
    must_wait = helper.planned.is_async or node.deferred
    inner = _enter(
        helper,
        entered,
        maker=scope.body,
        path=(*scope.body.path, node.id),
        iterations=scope.iterations,
        waits=scope.body.waits or must_wait,
    )
    if not must_wait:
        return Waiting(run_body(helper.planned.body, inner, run))
    running = _named(run_async_body(helper.planned.body, inner, run), helper)
    if node.deferred:
        return running
    return Waiting(running) if scope.body.waits else asyncio.run(running)


def make_function(node: FunctionNode, scope: Scope, run: RunRegion) -> object:
    """A function object, whose calls run the helper.

    A call's slot is its number among the calls of this object made by the same branch; those of
    other branches than the maker's say which: so no order between branches is in it.
    """
    helper = scope.body.graph.helper(node.helper)
    captured = read_variables(node.captures, scope)
    maker, path, iterations = scope.body, (*scope.body.path, node.id), scope.iterations
    made_on = _branch_path(helper)
    counted: Counter[tuple[tuple[str, int], ...]] = Counter()

    def call(arguments: dict[str, object]) -> Any:
        called_on = _branch_path(helper)
        number = counted[called_on]
        counted[called_on] += 1
        elsewhere = () if called_on == made_on else called_on
        inner = _enter(
            helper,
            {**captured, **arguments},
            maker=maker,
            path=(*path, *(name for name, _ in elsewhere)),
            iterations=(*iterations, *(spawn for _, spawn in elsewhere), number),
            waits=helper.planned.is_async,
        )
        body = helper.planned.body
        if helper.planned.is_async:
            return run_async_body(body, inner, run)
        return finish(run_body(body, inner, run))

    return helper.signature.make(call, read_variables(node.defaults, scope))


async def run_body(region: Region, scope: Scope, run: RunRegion) -> object:
    """What a body returns; None where it comes to its end.

    Raises:
        BaseException: what it raises; a `StopIteration` as `Carried`.
    """
    left = await run(region, scope)
    match left:
        case Returned():
            return left.value
        case Outputs():
            return left.get(VALUE)
        case Broken() | Continued():
            raise AssertionError("a body is left to a loop that is not in it")


async def run_async_body(region: Region, scope: Scope, run: RunRegion) -> object:
    """As `run_body`, for an `async def`: a coroutine of the user's own.

    Raises:
        BaseException: what it raises.
    """
    try:
        return await run_body(region, scope, run)
    except Carried as carried:
        error = carried.error
    return throw(error)


def own_cells(names: tuple[str, ...], entered: Outputs) -> dict[str, CellType]:
    """A body's cells; a parameter's has its argument."""
    values = {name: entered.get(name, UNBOUND) for name in names}
    return {
        name: CellType() if value is UNBOUND else CellType(value) for name, value in values.items()
    }


def _enter(
    helper: CompiledHelper,
    entered: dict[str, object],
    *,
    maker: Body,
    path: tuple[str, ...],
    iterations: tuple[int, ...],
    waits: bool,
) -> Scope:
    planned = helper.planned
    body = Body(
        action=maker.action,
        graph=maker.graph,
        owner=planned.id,
        home=helper.home,
        inputs=maker.inputs,
        cells={**maker.cells, planned.id: own_cells(planned.cells, Outputs(entered))},
        path=path,
        waits=waits,
    )
    return Scope(body, planned.id, entered, iterations)


def _bound(
    helper: CompiledHelper, inputs: tuple[NamedOperand, ...], scope: Scope
) -> dict[str, object]:
    planned, signature = helper.planned, helper.signature
    captured: dict[str, object] = {}
    given: list[NamedOperand] = []
    for named in inputs:
        if named.name in planned.captures and named.name not in planned.parameters:
            captured[named.name] = read(named.value, scope)
        else:
            given.append(named)
    arguments = collect(
        tuple(given),
        scope,
        called=helper.called,
        positional=signature.positional,
        positional_only=signature.positional_only,
    )
    return {**captured, **signature.bind(arguments.args, arguments.kwargs, helper.function)}


def _branch_path(helper: CompiledHelper) -> tuple[tuple[str, int], ...]:
    driver = current_driver(helper.planned.name)
    path = getattr(driver, "path", ())
    return cast(tuple[tuple[str, int], ...], path)


def _named(coroutine: Any, helper: CompiledHelper) -> Coroutine[Any, Any, object]:
    """The coroutine under the helper's own name, as a warning or a spawn would say it."""
    coroutine.__name__ = helper.home.name
    coroutine.__qualname__ = helper.home.qualname
    named: Coroutine[Any, Any, object] = coroutine
    return named
