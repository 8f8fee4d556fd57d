"""Loops: `for`, `async for`, `while`, comprehensions, and maps made of a `for`."""

from __future__ import annotations

from collections.abc import Callable

from flyte._engine.compiled.exits import Broken, Continued, Exit, Outputs, Returned
from flyte._engine.compiled.operands import read_variables, take
from flyte._engine.compiled.raising import Carried
from flyte._engine.compiled.scopes import RunRegion, Scope
from flyte_plan.plan import ELEMENT, VALUE, LoopNode, MapNode, Operand, Region


async def run_loop(node: LoopNode, scope: Scope, run: RunRegion) -> Exit:
    """Run a loop; its carried variables and what it collected, or how it was left further."""
    turns = Turns(node.id, node.body, read_variables(node.carried, scope), scope, run)
    turns.collected = _COLLECTIONS[node.collected]()
    left = await _repeat(node, turns)
    if left is not None:
        return left
    if node.orelse is not None and not turns.is_broken:
        left = await run(node.orelse, scope.inside(node.id, turns.carried))
        if not isinstance(left, Outputs):
            return left
        turns.carry(left)
    return turns.outputs()


async def run_statements(node: MapNode, scope: Scope, run: RunRegion) -> Exit:
    """Run the turns of a map that is a loop's."""
    turns = Turns(node.id, node.body, Outputs(), scope, run)
    turns.collected = _COLLECTIONS[node.collected]()
    left = await _for(node.iterables[0], turns)
    return turns.outputs() if left is None else left


class Turns:
    """A loop's turns so far."""

    def __init__(
        self, node: str, body: Region, carried: Outputs, scope: Scope, run: RunRegion
    ) -> None:
        self.node = node
        self.scope = scope
        self.run = run
        self.carried = carried
        self.collected: _Collection | None = None
        self.is_broken = False
        self.index = 0
        self._body = body

    def carry(self, variables: Outputs) -> None:
        """Go on with these."""
        self.carried = Outputs({**self.carried, **variables})
        self.carried.pop(VALUE, None)

    async def turn(self, entered: dict[str, object]) -> Returned | None:
        """Run the body once; how it left the body around, if it did."""
        scope = self.scope.inside(self.node, {**self.carried, **entered}, self.index)
        self.index += 1
        left = await self.run(self._body, scope)
        match left:
            case Returned():
                return left
            case Broken():
                self.is_broken = True
                self.carry(left.variables)
            case Continued():
                self.carry(left.variables)
            case Outputs():
                self.carry(left)
                if self.collected is not None:
                    self.collected.add(left.get(VALUE))
        return None

    def outputs(self) -> Outputs:
        """What the node gives."""
        if self.collected is None:
            return self.carried
        return Outputs({**self.carried, VALUE: self.collected.value})


async def _repeat(node: LoopNode, turns: Turns) -> Exit | None:
    if node.kind == "while":
        return await _while(node, turns)
    assert node.iterable is not None
    return await (_for if node.kind == "for" else _async_for)(node.iterable, turns)


async def _for(iterable: Operand, turns: Turns) -> Exit | None:
    try:
        for element in take(iterable, turns.scope):  # type: ignore[attr-defined]  # Python says so
            left = await turns.turn({ELEMENT: element})
            if left is not None or turns.is_broken:
                return left
    except StopIteration as error:  # out of `__iter__`
        raise Carried(error) from None
    return None


async def _async_for(iterable: Operand, turns: Turns) -> Exit | None:
    async for element in take(iterable, turns.scope):  # type: ignore[attr-defined]  # the same
        left = await turns.turn({ELEMENT: element})
        if left is not None or turns.is_broken:
            return left
    return None


async def _while(node: LoopNode, turns: Turns) -> Exit | None:
    assert node.test is not None
    while True:
        scope = turns.scope.inside(node.id, turns.carried, turns.index)
        tested = await turns.run(node.test, scope)
        if not isinstance(tested, Outputs):
            return tested
        turns.carry(tested)
        if not truth(tested[VALUE]):
            return None
        left = await turns.turn({})
        if left is not None or turns.is_broken:
            return left


def truth(value: object) -> bool:
    """Whether a test is true, for the user's own `__bool__` as well.

    Raises:
        BaseException: what that raises.
    """
    try:
        return bool(value)
    except StopIteration as error:
        raise Carried(error) from None


# What a comprehension makes ------------------------------------------------------------------


class _List:
    def __init__(self) -> None:
        self.value: list[object] = []

    def add(self, element: object) -> None:
        self.value.append(element)


class _Set:
    def __init__(self) -> None:
        self.value: set[object] = set()

    def add(self, element: object) -> None:
        self.value.add(element)


class _Dict:
    def __init__(self) -> None:
        self.value: dict[object, object] = {}

    def add(self, element: object) -> None:
        assert isinstance(element, tuple)
        key, value = element
        self.value[key] = value


_Collection = _List | _Set | _Dict

_COLLECTIONS: dict[str, Callable[[], _Collection | None]] = {
    "nothing": lambda: None,
    "list": _List,
    "set": _Set,
    "dict": _Dict,
}
