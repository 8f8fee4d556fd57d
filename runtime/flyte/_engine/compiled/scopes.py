"""What runs: a body, and the activations of the regions in it.

An activation reads its own table of values, then those of the activations around it. Cells are
found by who owns them, from where the body's function was made.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, replace
from types import CellType
from typing import TYPE_CHECKING, Any

from flyte._engine.compiled.exits import Exit
from flyte._engine.compiled.homes import Home
from flyte_plan.plan import Region

if TYPE_CHECKING:
    from flyte._engine.action import Action
    from flyte._engine.compiled.graph import CompiledGraph

Cells = Mapping[str, CellType]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Body:
    """One call of the driver or of a helper, while it runs."""

    action: Action
    graph: CompiledGraph
    owner: str
    """The helper's id, or `DRIVER`."""
    home: Home
    """Where its fragments run."""
    inputs: Mapping[str, object]
    """The driver's arguments."""
    cells: Mapping[str, Cells]
    """By owner: its own, and those of the bodies around the place where it was made."""
    path: tuple[str, ...]
    """The nodes of the calls that led here from the driver."""
    waits: bool
    """Whether it awaits calls; else they block."""

    def blocking(self) -> Body:
        """The same body, while it can't wait."""
        return self if not self.waits else replace(self, waits=False)


class Scope:
    """One activation of a region."""

    __slots__ = ("body", "entered", "iterations", "outer", "owner", "values")

    def __init__(
        self,
        body: Body,
        owner: str,
        entered: Mapping[str, object],
        iterations: tuple[int, ...] = (),
        outer: Scope | None = None,
    ) -> None:
        self.body = body
        self.owner = owner
        """The node or helper whose region this is."""
        self.entered = entered
        """What entered the region, by name."""
        self.iterations = iterations
        """The indices of the turns around, outermost first."""
        self.outer = outer
        self.values: dict[str, Any] = {}
        """What the region's nodes have given, by id."""

    def inside(
        self, owner: str, entered: Mapping[str, object] | None = None, index: int | None = None
    ) -> Scope:
        """An activation of a region of the node `owner`, its `index`-th turn where it has turns."""
        iterations = self.iterations if index is None else (*self.iterations, index)
        return Scope(self.body, owner, entered or {}, iterations, self)


RunRegion = Callable[[Region, Scope], Coroutine[Any, Any, Exit]]
"""Run a region in an activation of its own; how it was left.

Raises:
    BaseException: what the user's program raises; a `StopIteration` as `Carried`.
"""
