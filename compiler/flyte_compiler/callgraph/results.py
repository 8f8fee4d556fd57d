"""What a call of a first-party function gives."""

from __future__ import annotations

import libcst as cst

from flyte_compiler.callgraph.bodies import Body
from flyte_compiler.callgraph.flow import Flow
from flyte_compiler.callgraph.sources import annotated
from flyte_compiler.callgraph.values import NOTHING, Values, in_doubt, many


def result_of(flow: Flow, code: Body) -> Values:
    """What a function may return; of a generator, what iterating over it gives."""
    return flow.cells.read(("result", code), lambda: _returned(flow, code))


def _returned(flow: Flow, code: Body) -> Values:
    found: list[Values] = []
    for node in code.results:
        match node:
            case cst.Return(value=cst.BaseExpression() as value):
                found.append(flow.of(value, code))
            case cst.Yield(value=cst.From(item=item)):
                found.append(flow.of(item, code))
            case cst.Yield(value=cst.BaseExpression() as value):
                found.append(many(flow.of(value, code)))
            case _:
                pass
    if code.function is not None and code.function.tree.returns is not None:
        annotation = code.function.tree.returns.annotation
        found.append(annotated(flow, annotation, flow.codes.around(code)))
    return in_doubt(NOTHING.union(*found))
