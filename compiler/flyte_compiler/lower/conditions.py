"""`a if b else c`, `a and b`, `a or b`: calls that are made only sometimes."""

from __future__ import annotations

import libcst as cst

from flyte_compiler.ir.model import Arm, BranchNode, Choice
from flyte_compiler.ir.values import VALUE, Operand, Output
from flyte_compiler.lower.body import Ending, Path
from flyte_compiler.lower.evaluator import Evaluator


def lower_condition(evaluator: Evaluator, expression: cst.IfExp | cst.BooleanOperation) -> Operand:
    """The value of a conditional expression: a branch, with a value."""
    body = evaluator.body

    def value_of(inner: cst.BaseExpression) -> Path:
        return body.inside(lambda: Ending(value=evaluator.settled(inner)))

    match expression:
        case cst.IfExp(test=test, body=chosen, orelse=otherwise):
            decided = evaluator.operand(test)
            node = body.new_id()
            labels = (body.text(test), "else")
            paths = (value_of(chosen), value_of(otherwise))
        case cst.BooleanOperation(left=left, right=right):
            decided = evaluator.settled(left)
            node = body.new_id()
            is_and = isinstance(expression.operator, cst.And)
            short = body.inside(lambda: Ending(value=decided))
            labels = (body.text(left), "else")
            paths = (value_of(right), short) if is_and else (short, value_of(right))
    names = body.join(node, paths, body.scope.variables)
    types = {body.type_of(path.ending.value) for path in paths if path.ending.value is not None}
    body.add(
        BranchNode(
            id=node,
            choice=Choice.TRUTH,
            test=decided,
            arms=tuple(
                Arm(label=label, body=path.region(names))
                for label, path in zip(labels, paths, strict=True)
            ),
            type=types.pop() if len(types) == 1 else None,
            span=body.span(expression),
        )
    )
    return Output(node, (VALUE,))
