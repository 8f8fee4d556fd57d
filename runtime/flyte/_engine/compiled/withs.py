"""`with`: Python's own, around a region."""

from __future__ import annotations

from typing import Any

from flyte._engine.compiled.exits import Exit
from flyte._engine.compiled.operands import read_variables, value_of
from flyte._engine.compiled.raising import Carried, throw, users_part
from flyte._engine.compiled.scopes import RunRegion, Scope
from flyte._group import group
from flyte_plan.plan import ENTERED, WithNode


async def run_with(node: WithNode, scope: Scope, run: RunRegion) -> Exit:
    """Run a `with`; its variables, or how it was left further.

    Raises:
        BaseException: what the body raised, or the manager.
    """
    manager: Any
    if node.group is not None:
        manager = group(value_of(node.group, scope))  # type: ignore[arg-type]  # it checks it
    else:
        manager = value_of(node.manager, scope)
    left: list[Exit] = []
    """Empty where the manager swallowed an exception."""
    try:
        if node.is_async:
            async with manager as entered:
                left.append(_raised(await _run_inside(node, entered, scope, run)))
        else:
            with manager as entered:
                left.append(_raised(await _run_inside(node, entered, scope, run)))
    except StopIteration as error:
        raise Carried(error) from None
    return left[0] if left else read_variables(node.otherwise, scope)


async def _run_inside(
    node: WithNode, entered: object, scope: Scope, run: RunRegion
) -> Exit | StopIteration:
    try:
        return await run(node.body, scope.inside(node.id, {ENTERED: entered}))
    except Carried as carried:
        return carried.error
    except BaseException as error:
        error.__traceback__ = users_part(error.__traceback__)
        raise


def _raised(left: Exit | StopIteration) -> Exit:
    """Raise a `StopIteration` where the manager sees it: there it leaves no coroutine."""
    if isinstance(left, StopIteration):
        throw(left)
    return left
