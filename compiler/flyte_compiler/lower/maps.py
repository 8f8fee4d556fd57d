"""`flyte.map`: a task for each element, lazy, in order."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from flyte_compiler.callgraph.model import CallSite, Kind, ValueCall
from flyte_compiler.ir.leaves import Start, TaskNode
from flyte_compiler.ir.model import Collected, MapKind, MapNode
from flyte_compiler.ir.values import ELEMENT, NodeId, Operand, Output, RegionInput, ValueCallee
from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import Ending
from flyte_compiler.lower.callees import callee_of
from flyte_compiler.lower.evaluator import Evaluator
from flyte_compiler.syntax.model import Parameter, ParameterKind, Signature

_OPTIONS = frozenset({"concurrency", "group_name", "return_exceptions"})
_POSITIONAL = (ParameterKind.POSITIONAL_ONLY, ParameterKind.POSITIONAL_OR_KEYWORD)


def lower_map(evaluator: Evaluator, site: CallSite) -> Output:
    """A map over one task, whose value is the iterator over its results.

    Raises:
        NotLowered: its arguments are unpacked, or its iterables don't fit the task.
    """
    first, *rest = site.tree.args
    if site.callee.kind is Kind.HELPER:
        raise reasons.mapped_helper([site.callee.function.short_name])
    if any(a.star for a in site.tree.args):
        raise reasons.unusual_map(site)
    iterables = [a for a in rest if a.keyword is None]
    options = {a.keyword.value: a.value for a in rest if a.keyword is not None}
    if not iterables or options.keys() - _OPTIONS or first.keyword is not None:
        raise reasons.unusual_map(site)
    fixed = _fixed(first.value)
    if fixed is None:
        raise reasons.unusual_map(site)
    signature = site.callee.function.signature
    taken = _parameters(signature, fixed, len(iterables))
    if taken is None:
        raise reasons.unbindable(site)
    values = evaluator.operands([*(a.value for a in fixed), *(a.value for a in iterables),
                                 *options.values()])  # fmt: skip
    given, over, chosen = (
        values[: len(fixed)],
        values[len(fixed) : len(fixed) + len(iterables)],
        values[len(fixed) + len(iterables) :],
    )
    body = evaluator.body
    owner = body.new_id()
    inputs = [
        *zip((p.name for p in taken), given, strict=False),
        *(
            (parameter.name, RegionInput(owner, element_name(index)))
            for index, parameter in enumerate(taken[len(fixed) :])
        ),
    ]
    path = body.inside(lambda: Ending(value=_call(evaluator, site, inputs, taken)))
    return body.add(
        MapNode(
            id=owner,
            kind=MapKind.MAP,
            iterables=tuple(over),
            body=path.region(()),
            options=tuple(zip(options, chosen, strict=True)),
            is_async=_is_async(site),
            start=Start.IN_PLACE,
            collected=Collected.LIST,
            label=f"map {site.callee.function.short_name}",
            type=None,
            span=body.span(site.tree),
        )
    )


def lower_value_map(evaluator: Evaluator, call: ValueCall) -> Output:
    """A map over a callable that is a value: its elements go to it by place.

    Raises:
        NotLowered: its arguments are unpacked, or it may be a function that calls tasks.
    """
    body = evaluator.body
    if helpers := [c for c in call.candidates if c.kind is Kind.HELPER]:
        raise reasons.mapped_helper([helper.function.short_name for helper in helpers])
    if any(a.star for a in call.tree.args):
        raise reasons.unusual_value_map(body.places.names_within(call.tree))
    first, *rest = call.tree.args
    iterables = [a for a in rest if a.keyword is None]
    options = {a.keyword.value: a.value for a in rest if a.keyword is not None}
    if not iterables or options.keys() - _OPTIONS or first.keyword is not None:
        raise reasons.unusual_value_map(body.places.names_within(call.tree))
    callee, *values = evaluator.operands(
        [first.value, *(a.value for a in iterables), *options.values()]
    )
    over, chosen = values[: len(iterables)], values[len(iterables) :]
    owner = body.new_id()
    results = {candidate.function.signature.result for candidate in call.candidates}
    path = body.inside(
        lambda: Ending(
            value=body.emit(
                lambda node: TaskNode(
                    id=node,
                    callee=ValueCallee(
                        operand=callee,
                        text=body.text(first.value),
                        candidates=tuple(map(callee_of, call.candidates)),
                    ),
                    inputs=tuple(
                        (str(index), RegionInput(owner, element_name(index)))
                        for index in range(len(over))
                    ),
                    input_types=(None,) * len(over),
                    overrides=(),
                    start=Start.IN_PLACE,
                    type=results.pop() if len(results) == 1 else None,
                    span=body.span(call.tree),
                )
            )
        )
    )
    return body.add(
        MapNode(
            id=owner,
            kind=MapKind.MAP,
            iterables=tuple(over),
            body=path.region(()),
            options=tuple(zip(options, chosen, strict=True)),
            is_async=_is_async(call),
            start=Start.IN_PLACE,
            collected=Collected.LIST,
            label=f"map {body.text(first.value)}",
            type=None,
            span=body.span(call.tree),
        )
    )


def element_name(index: int) -> str:
    """The name under which an element of the iterable of that number enters the body."""
    return ELEMENT if index == 0 else f"{ELEMENT}{index}"


def _call(
    evaluator: Evaluator,
    site: CallSite,
    inputs: Sequence[tuple[str, Operand]],
    parameters: Sequence[Parameter],
) -> Output:
    return evaluator.body.emit(
        lambda node: TaskNode(
            id=NodeId(node),
            callee=callee_of(site.callee),
            inputs=tuple(inputs),
            input_types=tuple(parameter.annotation for parameter in parameters),
            overrides=(),
            start=Start.IN_PLACE,
            type=site.callee.function.signature.result,
            span=evaluator.body.span(site.tree),
        )
    )


def _fixed(task: cst.BaseExpression) -> list[cst.Arg] | None:
    """The arguments that `functools.partial(t, …)` fixes; none of a plain task; None where that
    can't be told."""
    match task:
        case cst.Name() | cst.Attribute():
            return []
        case cst.Call(args=[cst.Arg(keyword=None, star=""), *fixed]) if not any(
            argument.star for argument in fixed
        ):
            return list(fixed) if _is_partial(task) else None
        case _:
            return None


def _is_partial(call: cst.Call) -> bool:
    match call.func:
        case cst.Name(value="partial") | cst.Attribute(attr=cst.Name(value="partial")):
            return True
        case _:
            return False


def _parameters(
    signature: Signature, fixed: Sequence[cst.Arg], elements: int
) -> list[Parameter] | None:
    """The parameters that the fixed arguments take, then those that the elements take."""
    positional = [p for p in signature.parameters if p.kind in _POSITIONAL]
    by_name = {p.name: p for p in signature.parameters}
    by_place = [a for a in fixed if a.keyword is None]
    named = [by_name.get(a.keyword.value) for a in fixed if a.keyword is not None]
    if any(parameter is None for parameter in named):
        return None
    left = positional[len(by_place) :]
    if len(left) < elements:
        return None
    found = [*positional[: len(by_place)], *(p for p in named if p is not None), *left[:elements]]
    return found if len({p.name for p in found}) == len(found) else None


def _is_async(site: CallSite | ValueCall) -> bool:
    match site.tree.func:
        case cst.Attribute(attr=cst.Name(value="aio")):
            return True
        case _:
            return False
