"""Maps: `flyte.map`, and gathers over a comprehension.

A `flyte.map` is the runtime's own, with the map's body in the place of its rows.
"""

from __future__ import annotations

import asyncio
import functools
import itertools
from collections.abc import Iterable, Iterator
from typing import Any, cast

from flyte._engine.compiled.calls import Strand, bound, callee_of
from flyte._engine.compiled.exits import Broken, Continued, Exit, Outputs, Returned, Waiting
from flyte._engine.compiled.operands import take, value_of
from flyte._engine.compiled.raising import finish
from flyte._engine.compiled.scopes import RunRegion, Scope
from flyte._engine.submitted import Submitted
from flyte._map import Mapped, MapResults, Row, map_label, results, results_async
from flyte._task import Task
from flyte_plan.plan import ELEMENT, VALUE, MapNode, Region, TaskNode, YieldEnd

Arguments = dict[str, object]


def make_map(node: MapNode, scope: Scope, run: RunRegion) -> object:
    """The iterator that `flyte.map(...)`, or `flyte.map.aio(...)`, gives.

    Raises:
        TypeError: what is mapped is no task.
        ValueError: a negative `concurrency`.
    """
    mapped = _FlyteMap(node, scope, run)
    if node.is_async:
        return results_async(mapped.mapped, mapped.begin_task)
    return MapResults(results(mapped.mapped, mapped.submit))


class _FlyteMap:
    """One `flyte.map(...)` of a driver."""

    def __init__(self, node: MapNode, scope: Scope, run: RunRegion) -> None:
        *before, called = node.body.nodes
        assert isinstance(called, TaskNode), "what `flyte.map` calls is a task"
        self._node, self._called, self._run = node, called, run
        self._before = Region(nodes=tuple(before), end=YieldEnd())
        self._scope = scope
        self._options: dict[str, Any] = {
            named.name: value_of(named.value, scope) for named in node.options
        }
        callee = callee_of(called, scope)
        iterables = [cast(Iterable[Any], value_of(each, scope)) for each in node.iterables]
        row = Row(callee, len(iterables))
        self._row = row if called.callee is not None else None
        self._task: Task[..., Any] = row.task
        self._begun: Scope | None = None
        self.mapped = Mapped(
            task=row.task,
            rows=self._rows(zip(*iterables, strict=False)),
            label=map_label(row.task, self._options.get("group_name")),
            concurrency=self._options.get("concurrency", 0),
            return_exceptions=self._options.get("return_exceptions", True),
        )

    def submit(self, arguments: Arguments) -> Submitted:
        """Begin a row's call, from synchronous code."""
        return self._strand().submit(self._task, arguments)

    def begin_task(self, arguments: Arguments) -> asyncio.Task[Any]:
        """Begin a row's call, in a loop."""
        return asyncio.ensure_future(self._strand().call(self._task, arguments))

    def _strand(self) -> Strand:
        assert self._begun is not None
        return Strand(self._called, self._begun, awaits=False)

    def _rows(self, rows: Iterable[tuple[object, ...]]) -> Iterator[Arguments]:
        outer = self._scope
        blocking = Scope(outer.body.blocking(), "", {}, outer.iterations, outer)
        for index, values in enumerate(rows):
            entered = dict(zip(_names(), values, strict=False))
            scope = blocking.inside(self._node.id, entered, index)
            finish(self._run(self._before, scope))
            self._begun = scope
            if self._row is not None:
                yield self._row.bind(values)
            else:
                yield bound(self._called, self._task, scope)


def _names() -> Iterator[str]:
    return itertools.chain((ELEMENT,), (f"{ELEMENT}{n}" for n in itertools.count(1)))


# Gathers -------------------------------------------------------------------------------------


async def run_gather_map(node: MapNode, scope: Scope, run: RunRegion) -> Exit:
    """Evaluate the body for each element, then gather; the list, or what is to be awaited."""
    awaitables: list[Any] = []
    for index, element in enumerate(cast(Iterable[Any], take(node.iterables[0], scope))):
        left = await run(node.body, scope.inside(node.id, {ELEMENT: element}, index))
        match left:
            case Outputs():
                awaitables.append(left.get(VALUE))
            case Continued():
                continue
            case Broken():
                break
            case Returned():
                return left
    options: dict[str, Any] = {named.name: value_of(named.value, scope) for named in node.options}
    gathered = gather(awaitables, options, scope, is_deferred=node.deferred)
    if isinstance(gathered, Waiting):
        gathered = await gathered.awaitable
    return Outputs({VALUE: gathered})


def gather(
    awaitables: list[Any], options: dict[str, Any], scope: Scope, *, is_deferred: bool
) -> object:
    """`asyncio.gather(*awaitables)`, waited for unless it is deferred."""
    if is_deferred:
        return asyncio.gather(*awaitables, **options)
    if scope.body.waits:
        return Waiting(asyncio.gather(*awaitables, **options))
    return asyncio.run(_gathered(functools.partial(asyncio.gather, *awaitables, **options)))


async def _gathered(begin: functools.partial[Any]) -> Any:
    return await begin()
