"""Where a qualified name stands in its module, and what is around it."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from flyte_plan.closure.bindings import (
    Binding,
    Block,
    Defined,
    class_block,
    function_block,
)


@dataclass(frozen=True, slots=True)
class Level:
    """A function's block around a definition, and what its names are called from outside."""

    names: Block
    prefix: str


@dataclass(frozen=True, slots=True)
class Place:
    """What a qualified name stands for in its module."""

    bindings: tuple[Binding, ...]
    levels: tuple[Level, ...]
    """The functions around it, outermost first."""
    owner: str | None
    """The class that it is directly in."""


def find(module: Block, package: str, qualname: str) -> Place:
    """Where `qualname` (`f`, `C.m`, `outer.<locals>.f`) stands; no bindings where it doesn't."""
    names, owner, prefix = module, None, ""
    levels: tuple[Level, ...] = ()
    parts = qualname.split(".")
    for index, part in enumerate(parts):
        bindings = names.get(part, ())
        if index == len(parts) - 1:
            return Place(bindings, levels, owner)
        if part == "<locals>":
            continue
        defined = [binding.node for binding in bindings if isinstance(binding, Defined)]
        if not defined:
            break
        node, prefix = defined[-1], f"{prefix}{part}."
        if isinstance(node, ast.ClassDef):
            names, owner = class_block(node, package), prefix[:-1]
        elif parts[index + 1] == "<locals>":
            names, owner, prefix = function_block(node, package), None, f"{prefix}<locals>."
            levels = (*levels, Level(names, prefix))
        else:
            break
    return Place((), (), None)
