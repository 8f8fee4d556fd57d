"""Nodes of a plan, short to write."""

from __future__ import annotations

from typing import Any

from flyte_plan.plan import (
    ELEMENT,
    AwaitNode,
    End,
    InputOperand,
    LiteralOperand,
    LoopNode,
    MapNode,
    NamedOperand,
    Node,
    Operand,
    OutputOperand,
    PackNode,
    Place,
    PlannedHelper,
    PythonNode,
    Region,
    RegionOperand,
    ReturnEnd,
    TaskNode,
    YieldEnd,
)

PLACE = Place(line=1, column=1, end_line=1, end_column=2)
X = InputOperand(name="x")


def out(node: str, *path: str | int) -> OutputOperand:
    return OutputOperand(node=node, path=path)


def enters(owner: str, name: str = ELEMENT) -> RegionOperand:
    return RegionOperand(owner=owner, name=name)


def const(value: int | str | bool | None) -> LiteralOperand:
    return LiteralOperand(value=value, type="None" if value is None else type(value).__name__)


def named(**operands: Operand) -> tuple[NamedOperand, ...]:
    return tuple(NamedOperand(name=name, value=value) for name, value in operands.items())


def region(*nodes: Node, end: End | Operand | None = None) -> Region:
    if end is None:
        return Region(nodes=nodes, end=YieldEnd())
    is_end = hasattr(end, "variables") or isinstance(end, ReturnEnd)
    return Region(nodes=nodes, end=end if is_end else YieldEnd(value=end))  # type: ignore[arg-type]


def python(node: str, source: str, *outputs: str, **inputs: Operand) -> PythonNode:
    return PythonNode(
        id=node, form="statements" if outputs else "expression", kind="effect", source=source,
        digest="", inputs=named(**inputs), outputs=outputs, is_async=False, decides=False,
        type=None, place=PLACE,
    )  # fmt: skip


def task(
    node: str,
    function: str | None,
    *,
    callee: Operand | None = None,
    deferred: bool = False,
    overrides: tuple[NamedOperand, ...] = (),
    **inputs: Operand,
) -> TaskNode:
    renamed = {name.lstrip("_"): value for name, value in inputs.items()}
    return TaskNode(
        id=node, task=function or "value", module=None if function is None else "main",
        function=function, callee=callee, inputs=named(**renamed), overrides=overrides,
        deferred=deferred, type=None, place=PLACE,
    )  # fmt: skip


def pack(node: str, kind: str, *elements: Operand, **options: Any) -> PackNode:
    return PackNode(id=node, kind=kind, elements=elements, type=None, place=PLACE, **options)


def awaits(node: str, awaited: Operand) -> AwaitNode:
    return AwaitNode(id=node, awaited=awaited, type=None, place=PLACE)


def loop(node: str, iterable: Operand, body: Region, **fields: Any) -> LoopNode:
    given = {"kind": "for", "test": None, "orelse": None, "carried": (), "collected": "nothing"}
    return LoopNode(
        id=node, iterable=iterable, body=body, label="", type=None, place=PLACE,
        **{**given, **fields},
    )  # fmt: skip


def mapped(node: str, kind: str, body: Region, *iterables: Operand, **fields: Any) -> MapNode:
    given = {"options": (), "is_async": False, "deferred": False, "collected": "list"}
    return MapNode(
        id=node, kind=kind, body=body, iterables=iterables, label="", type=None, place=PLACE,
        **{**given, **fields},
    )  # fmt: skip


def returns(*nodes: Node, value: Operand) -> Region:
    return Region(nodes=nodes, end=ReturnEnd(value=value))


def helper(name: str, signature: str, body: Region, **fields: Any) -> PlannedHelper:
    given = {"is_async": True, "parameters": ("n",), "captures": ("k",), "cells": ()}
    return PlannedHelper(
        id="h0", name=name, module="main", function=name, signature=signature, body=body,
        place=PLACE, **{**given, **fields},
    )  # fmt: skip
