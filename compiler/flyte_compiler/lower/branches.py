"""`if` and `match`: one of several regions."""

from __future__ import annotations

from functools import partial

import libcst as cst

from flyte_compiler.ir.model import Arm, BranchNode, Choice
from flyte_compiler.ir.values import Literal, NodeId, Operand, Output
from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import GOES_ON, NEVER, Around, Body, Ending, LowerBlock, Path
from flyte_compiler.lower.evaluation import in_order
from flyte_compiler.lower.expressions import Expressions
from flyte_compiler.lower.fragments import Change, Replaced, emit_stretch, start_stretch


def lower_if(body: Body, node: cst.If, around: Around, lower: LowerBlock) -> Ending:
    """An `if` with its `elif`s and `else`: those are in the second arm."""
    test = Expressions(body, node.test).operand(node.test)
    owner = body.new_id()
    orelse = node.orelse
    then = body.inside(lambda: lower(body, node.body, around))

    def otherwise() -> Ending:
        match orelse:
            case None:
                return GOES_ON
            case cst.If():
                return lower_if(body, orelse, around, lower)
            case _:
                return lower(body, orelse.body, around)

    paths = {body.text(node.test): then, "else": body.inside(otherwise)}
    return _emit(
        body,
        owner,
        choice=Choice.TRUTH,
        test=test,
        paths=list(paths.items()),
        node=node,
        around=around,
    )


def lower_match(body: Body, node: cst.Match, around: Around, lower: LowerBlock) -> Ending:
    """A `match`: a fragment finds the case and binds its names, a branch goes on from there.

    Raises:
        NotLowered: a guard makes a call.
    """
    chosen = _choose(body, node)
    owner = body.new_id()
    paths = [
        (f"case {body.text(case.pattern)}", body.inside(partial(lower, body, case.body, around)))
        for case in node.cases
    ]
    paths.append(("no case", body.inside(lambda: GOES_ON)))
    return _emit(
        body, owner, choice=Choice.INDEX, test=chosen, paths=paths, node=node, around=around
    )


def _choose(body: Body, node: cst.Match) -> Operand:
    """The number of the case that matches, else the number of cases.

    The fragment is the whole statement, with `n = 0`, `n = 1`, … in place of the cases' blocks.
    """
    if any(case.guard is not None and body.places.any_in(case.guard) for case in node.cases):
        raise reasons.compound_statement(node, body.places.names_within(node))
    holes: list[Change] = list(
        Expressions(body, node.subject).take_out(in_order(node.subject), node)
    )
    name = f"{body.scope.value_prefix}case"
    start, end = body.offsets(node)
    for number, case in enumerate(node.cases):
        first, last = _block(body, case.body)
        holes.append(Replaced(start=first, end=last, text=f"{name} = {number}"))
        end = last
    stretch = start_stretch(body, start, end, node, holes)
    body.variables[name] = Literal(len(node.cases))
    bound = stretch.effect.changes
    hidden = body.hidden
    body.hidden = hidden | {name}
    output = emit_stretch(body, stretch, bound)
    body.hidden = hidden
    del body.variables[name]
    return Output(output.node, (name,))


def _block(body: Body, suite: cst.BaseSuite) -> tuple[int, int]:
    first, last = suite.body[0], suite.body[-1]
    return body.offsets(first)[0], body.offsets(last)[1]


def _emit(
    body: Body,
    owner: NodeId,
    *,
    choice: Choice,
    test: Operand,
    paths: list[tuple[str, Path]],
    node: cst.If | cst.Match,
    around: Around,
) -> Ending:
    names = body.join(owner, [path for _, path in paths], around.live)
    body.add(
        BranchNode(
            id=owner,
            choice=choice,
            test=test,
            arms=tuple(Arm(label=label, body=path.region(names)) for label, path in paths),
            type=None,
            span=body.span(node),
        )
    )
    return GOES_ON if any(path.goes_on for _, path in paths) else NEVER
