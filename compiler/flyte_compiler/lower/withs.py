"""`with`: a context manager around a region; several are one in another."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from flyte_compiler.ir.model import WithNode
from flyte_compiler.ir.values import ENTERED, Operand, RegionInput
from flyte_compiler.lower.body import GOES_ON, NEVER, Around, Body, Ending, LowerBlock, pick
from flyte_compiler.lower.evaluation import Part
from flyte_compiler.lower.expressions import Expressions
from flyte_compiler.lower.fragments import Hole, assign, evaluate_part
from flyte_compiler.lower.libraries import GROUP, library_name
from flyte_compiler.lower.managers import may_swallow


def lower_with(body: Body, node: cst.With, around: Around, lower: LowerBlock) -> Ending:
    """A `with` or `async with`."""
    return _lower_items(body, node, node.items, around, lower)


def _lower_items(
    body: Body, node: cst.With, items: Sequence[cst.WithItem], around: Around, lower: LowerBlock
) -> Ending:
    if not items:
        return lower(body, node.body, around)
    item, *rest = items
    group = _group(body, item)
    manager = _manager(body, item, group)
    owner = body.new_id()

    def entered() -> Ending:
        if item.asname is not None:
            assign(body, item.asname.name, RegionInput(owner, ENTERED))
        return _lower_items(body, node, rest, around, lower)

    before = dict(body.variables)
    path = body.inside(entered)
    names = body.join(owner, [path], around.live)
    is_open = may_swallow(item)
    if is_open:
        body.uncertain.update(name for name in names if name not in before)
    body.add(
        WithNode(
            id=owner,
            manager=manager,
            body=path.region(names),
            is_async=node.asynchronous is not None,
            group=group,
            otherwise=pick(before, names),
            label=body.text(item.item),
            span=body.span(node),
        )
    )
    return GOES_ON if path.goes_on or is_open else NEVER


def _group(body: Body, item: cst.WithItem) -> Operand | None:
    """The name in `flyte.group(name)`."""
    match item.item:
        case cst.Call(args=[cst.Arg(value=name)]) if library_name(body.scope, item.item) == GROUP:
            return Expressions(body, name).settled(name)
        case _:
            return None


def _manager(body: Body, item: cst.WithItem, group: Operand | None) -> Operand:
    match item.item:
        case cst.Call(args=[cst.Arg(value=name)]) if group is not None:
            start, end = body.offsets(name)
            hole = Hole(start=start, end=end, operand=group)
            return evaluate_part(body, Part(node=item.item), [hole])
        case _:
            return Expressions(body, item.item).settled(item.item)
