"""`asyncio.gather`: what its arguments give when awaited, run at once, joined in order."""

from __future__ import annotations

import libcst as cst

from flyte_compiler.ir.edges import exception_or, pack_type
from flyte_compiler.ir.leaves import PackKind, PackNode, Start
from flyte_compiler.ir.values import Literal, Operand, Output
from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import Body
from flyte_compiler.lower.comprehensions import is_asynchronous, lower_generator
from flyte_compiler.lower.evaluator import Evaluator

_OPTION = "return_exceptions"


def lower_gather(evaluator: Evaluator, call: cst.Call, start: Start) -> Output:
    """Evaluate every argument, then join them.

    Raises:
        NotLowered: it has options that are unpacked, or unknown.
    """
    body = evaluator.body
    members = [a for a in call.args if a.keyword is None and a.star != "**"]
    options = [a for a in call.args if a.keyword is not None or a.star == "**"]
    if any(o.keyword is None or o.keyword.value != _OPTION for o in options):
        raise reasons.gather_options(body.places.names_within(call))
    elements = _members(evaluator, members)
    exceptions = evaluator.operand(options[0].value) if options else Literal(False)
    return body.emit(
        lambda node: PackNode(
            id=node,
            kind=PackKind.GATHER,
            elements=tuple(elements),
            unpacked=tuple(index for index, member in enumerate(members) if member.star),
            return_exceptions=exceptions,
            start=start,
            type=_type(body, members, elements, exceptions),
            span=body.span(call),
        )
    )


def _members(evaluator: Evaluator, members: list[cst.Arg]) -> list[Operand]:
    if not any(member.star for member in members):
        return evaluator.operands([member.value for member in members])
    return [_member(evaluator, member, is_last=member is members[-1]) for member in members]


def _member(evaluator: Evaluator, member: cst.Arg, *, is_last: bool) -> Operand:
    value = member.value
    if isinstance(value, cst.GeneratorExp) and evaluator.body.places.any_in(value):
        if is_asynchronous(value):
            raise reasons.inside_expression(value, evaluator.body.places.names_within(value))
        return lower_generator(evaluator, value)
    if is_last:
        return evaluator.operand(member.value)
    return evaluator.unpacked(member) if member.star else evaluator.settled(member.value)


def _type(
    body: Body, members: list[cst.Arg], elements: list[Operand], exceptions: Operand
) -> str | None:
    results = [
        _awaited(body, element, is_unpacked=bool(member.star))
        for member, element in zip(members, elements, strict=True)
    ]
    if exceptions != Literal(False):
        results = [exception_or(result) for result in results]
    return pack_type(PackKind.GATHER, tuple(results))


def _awaited(body: Body, element: Operand, *, is_unpacked: bool) -> str | None:
    """What a member gives when it is awaited, as far as its node declares it."""
    if not isinstance(element, Output) or is_unpacked:
        return None
    return None if element.path else getattr(body.graph.scope[element.node], "type", None)
