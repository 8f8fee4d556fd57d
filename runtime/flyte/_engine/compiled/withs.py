"""`with`: Python's own, around a region."""

from __future__ import annotations

from typing import Any

from flyte._engine.compiled.exits import Exit, Outputs
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
    left: Exit | StopIteration | None = None
    try:
        if node.is_async:
            async with manager as entered:
                left = await _run_inside(node, entered, scope, run)
                _raise_if_raised(left)
        else:
            with manager as entered:
                left = await _run_inside(node, entered, scope, run)
                _raise_if_raised(left)
    except StopIteration as error:
        raise Carried(error) from None
    if left is None or isinstance(left, StopIteration):  # the manager swallowed an exception
        return read_variables(node.otherwise, scope)
    return left


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


def _raise_if_raised(left: Exit | StopIteration) -> None:
    """A `StopIteration` is raised where the manager sees it, which is outside any coroutine."""
    if isinstance(left, StopIteration):
        throw(left)
