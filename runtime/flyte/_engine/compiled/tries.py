"""`try`: handlers by Python's own matching, `finally` on every way out."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import Any

from flyte._engine.compiled.exits import Exit, Outputs
from flyte._engine.compiled.raising import Carried, taken_out, throw, while_handling
from flyte._engine.compiled.scopes import RunRegion, Scope
from flyte_plan.plan import CAUGHT, VALUE, Handler, Region, TryNode


async def run_try(node: TryNode, scope: Scope, run: RunRegion) -> Exit:
    """Run a `try`; its variables, or how it was left further.

    Raises:
        BaseException: what no handler caught, or what a handler or `finally` raised.
    """
    if node.final is None:
        return await _run_guarded(node, scope, run)
    final = node.final
    try:
        left = await _run_guarded(node, scope, run)
    except BaseException as raised:
        error = taken_out(raised)
    else:
        last = await run(final, scope.inside(node.id))
        if not isinstance(last, Outputs):
            return last
        return Outputs({**left, **last}) if isinstance(left, Outputs) else left

    async def leave() -> Exit | None:
        left = await run(final, scope.inside(node.id))
        return None if isinstance(left, Outputs) else left

    return await while_handling(error, leave)


async def _run_guarded(node: TryNode, scope: Scope, run: RunRegion) -> Exit:
    try:
        left = await run(node.body, scope.inside(node.id))
    except BaseException as raised:
        error = taken_out(raised)
    else:
        if node.orelse is None or not isinstance(left, Outputs):
            return left
        return await run(node.orelse, scope.inside(node.id, left))
    if not node.handlers:
        return await while_handling(error, _nothing)
    if node.is_group:
        return await _handle_group(node, error, scope, run)

    async def handle() -> Exit | None:
        for handler in node.handlers:
            if await _matches(handler, error, scope.inside(node.id), run):
                return await run(handler.body, scope.inside(node.id, {CAUGHT: error}))
        return None

    return await while_handling(error, handle)


async def _nothing() -> Exit | None:
    return None


async def _matches(handler: Handler, error: BaseException, scope: Scope, run: RunRegion) -> bool:
    if handler.types is None:
        return True
    types: Any = await _value(handler.types, scope, run)
    trace, context = error.__traceback__, error.__context__
    try:
        raise error
    except types:  # Python's own rule, with its own words for what is no exception class
        return True
    except BaseException:
        return False
    finally:
        error.__traceback__, error.__context__ = trace, context


async def _value(region: Region, scope: Scope, run: RunRegion) -> object:
    left = await run(region, scope)
    assert isinstance(left, Outputs)
    return left[VALUE]


# `except*` -----------------------------------------------------------------------------------


async def _handle_group(node: TryNode, error: BaseException, scope: Scope, run: RunRegion) -> Exit:
    """Run each handler that has a share in `error`.

    Each yields all variables; where several ran, the last one's are kept.
    """
    outputs = Outputs()
    trace, context = error.__traceback__, error.__context__

    async def types(number: int) -> object:
        if number == 0:
            error.__traceback__, error.__context__ = trace, context
        handler_types = node.handlers[number].types
        assert handler_types is not None
        return await _value(handler_types, scope.inside(node.id), run)

    async def body(number: int, caught: BaseException) -> None:
        left = await run(node.handlers[number].body, scope.inside(node.id, {CAUGHT: caught}))
        assert isinstance(left, Outputs), "Python lets no exit leave `except*`"
        outputs.update(left)

    if isinstance(error, StopIteration):
        raise Carried(error)
    await _group_handling(len(node.handlers))(lambda: throw(error), types, body)
    return outputs


_Types = Callable[[int], Awaitable[Any]]
_Body = Callable[[int, BaseException], Awaitable[None]]


@lru_cache(maxsize=64)
def _group_handling(
    handlers: int,
) -> Callable[[Callable[[], None], _Types, _Body], Awaitable[None]]:
    """Python's own `except*` with that many clauses: splitting and joining are its business."""
    clauses = "".join(
        f"    except* (await types({number})) as caught:\n        await body({number}, caught)\n"
        for number in range(handlers)
    )
    source = f"async def handle(fail, types, body):\n    try:\n        fail()\n{clauses}"
    made: dict[str, Any] = {}
    exec(compile(source, __file__, "exec"), made)  # noqa: S102 - our own text
    handle: Callable[[Callable[[], None], _Types, _Body], Awaitable[None]] = made["handle"]
    return handle
