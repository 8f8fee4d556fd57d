"""The statements of a module with the place that each has in it.

Functions, environments and imports are found among them: at any depth, on any branch.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import libcst as cst

from flyte_compiler.syntax.positions import Positions
from flyte_compiler.syntax.tree import dotted


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a statement stands."""

    prefix: str = ""
    """What `__qualname__` puts before a name that is defined here: ``, `Class.`,
    `function.<locals>.`."""
    exclusive: tuple[str, ...] = ()
    """As `FunctionDef.exclusive`."""
    in_function: bool = False

    def inside(self, node: cst.FunctionDef | cst.ClassDef) -> Place:
        """The place of the statements in a definition's body."""
        if isinstance(node, cst.ClassDef):
            return replace(self, prefix=f"{self.prefix}{node.name.value}.")
        return replace(self, prefix=f"{self.prefix}{node.name.value}.<locals>.", in_function=True)

    def on_arm(self, line: int, arm: int) -> Place:
        """The place of the statements on one arm of a branch."""
        return replace(self, exclusive=(*self.exclusive, f"{line}.{arm}"))


class Placed(NamedTuple):
    """A statement, or the header of a compound one."""

    node: cst.CSTNode
    place: Place


def placed_statements(tree: cst.Module, positions: Positions) -> Iterator[Placed]:
    """Every statement of a module, simple or compound, in source order."""
    stack: list[Placed] = [Placed(node, Place()) for node in reversed(tree.body)]
    while stack:
        placed = stack.pop()
        if isinstance(placed.node, cst.SimpleStatementLine | cst.SimpleStatementSuite):
            for small in placed.node.body:
                yield Placed(small, placed.place)
            continue
        yield placed
        for block, place in reversed(_blocks(placed, positions)):
            stack.extend(Placed(node, place) for node in reversed(_lines(block)))


def _blocks(placed: Placed, positions: Positions) -> list[tuple[cst.CSTNode, Place]]:
    """The blocks of a compound statement, in source order."""
    node, place = placed
    arms: list[list[cst.CSTNode]]
    match node:
        case cst.FunctionDef() | cst.ClassDef():
            return [(node.body, place.inside(node))]
        case cst.If():
            arms = [[node.body], [node.orelse] if node.orelse else []]
        case cst.Try() | cst.TryStar():
            # Code after `else` runs with the body; `finally` runs whatever happened.
            after: Sequence[cst.CSTNode] = [node.orelse] if node.orelse else []
            arms = [[node.body]]
            arms.extend([handler.body] for handler in node.handlers)
            blocks = _on_arms(arms, placed, positions)
            blocks.extend((block, blocks[0][1]) for block in after)
            return blocks + ([(node.finalbody, place)] if node.finalbody else [])
        case cst.Match():
            arms = [[case.body] for case in node.cases]
        case cst.For() | cst.While():
            return [(node.body, place), *([(node.orelse, place)] if node.orelse else [])]
        case cst.With():
            if any(_suppresses(item.item) for item in node.items):
                return _on_arms([[node.body]], placed, positions)
            return [(node.body, place)]
        case _:
            return []
    return _on_arms(arms, placed, positions)


def _suppresses(manager: cst.BaseExpression) -> bool:
    """`contextlib.suppress(...)`, by whatever name: what raises in it ends it early."""
    name = dotted(manager.func) if isinstance(manager, cst.Call) else None
    return (name or "").rpartition(".")[2] == "suppress"


def _on_arms(
    arms: Sequence[Sequence[cst.CSTNode]], placed: Placed, positions: Positions
) -> list[tuple[cst.CSTNode, Place]]:
    line = positions.span(placed.node).start.line
    return [
        (block, placed.place.on_arm(line, number))
        for number, arm in enumerate(arms)
        for block in arm
    ]


def _lines(block: cst.CSTNode) -> Sequence[cst.CSTNode]:
    match block:
        case cst.IndentedBlock():
            return block.body
        case cst.Else() | cst.Finally():
            return _lines(block.body)
        case _:
            return [block]  # an `elif`, or a suite on the header's own line
