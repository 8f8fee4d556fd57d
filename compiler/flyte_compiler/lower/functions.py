"""Nested functions and lambdas that call tasks: helpers, and function objects that run them."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import libcst as cst

from flyte_compiler.callgraph.model import Kind, Mention
from flyte_compiler.ir.leaves import FunctionNode
from flyte_compiler.ir.values import Operand, Output
from flyte_compiler.lower.body import Body
from flyte_compiler.lower.called import declare
from flyte_compiler.lower.evaluation import Part
from flyte_compiler.lower.fragments import Hole, assign, evaluate_part
from flyte_compiler.lower.scope import Function
from flyte_compiler.source.bug import CompilerBug
from flyte_compiler.syntax.scan import parameter_list

Evaluate = Callable[[Sequence[cst.BaseExpression]], list[Operand]]


def lower_lambda(body: Body, node: cst.Lambda, evaluate: Evaluate) -> Output:
    """The function object that a lambda is."""
    name = f"{body.scope.function.name}.<locals>.<lambda>"
    function = Function(tree=node, index=body.index, name=name, definition=None)
    return _make(body, function, "lambda", evaluate)


def define(body: Body, node: cst.FunctionDef, evaluate: Evaluate) -> None:
    """A nested function's `def`: nothing at all where its name is only called; else an object."""
    name = node.name.value
    definition = body.graph.call_graph.definition_of(node)
    if definition is None:
        raise CompilerBug(f"the call graph doesn't know the nested function `{name}`")
    if body.scope.nested.get(name) is node and name not in body.scope.used_as_values:
        return
    function = Function(
        tree=node, index=body.index, name=definition.function.name, definition=definition
    )
    made: Operand = _make(body, function, name, evaluate)
    for decorator in reversed(node.decorators):
        made = _decorated(body, decorator, made)
    assign(body, node.name, made)


def lower_handed(body: Body, node: cst.CSTNode, mention: Mention) -> Output:
    """A function handed to code that may call it: an object that runs the helper, or the task."""
    definition = mention.definition
    name = definition.function.short_name
    if definition.kind is not Kind.HELPER:
        helper = body.graph.wrap(definition).id
    elif declared := declare(body, definition):
        helper = declared.id
    else:
        raise CompilerBug(f"`{name}`, which is out of reach, is handed on at {mention.span}")
    return body.emit(
        lambda id_: FunctionNode(
            id=id_, helper=helper, name=name, captures=(), defaults=(), span=body.span(node)
        )
    )


def _make(body: Body, function: Function, name: str, evaluate: Evaluate) -> Output:
    declared = body.graph.declare(function, body.scope)
    parameters = [p for p in parameter_list(function.tree.params) if p.default is not None]
    values = evaluate([p.default for p in parameters if p.default is not None])
    return body.emit(
        lambda node: FunctionNode(
            id=node,
            helper=declared.id,
            name=name,
            captures=tuple((each, body.read(each)) for each in declared.captures),
            defaults=tuple(
                (parameter.name.value, value)
                for parameter, value in zip(parameters, values, strict=True)
            ),
            span=body.span(function.tree),
        )
    )


def _decorated(body: Body, decorator: cst.Decorator, function: Operand) -> Operand:
    """`@d` over a function object: `d(function)`."""
    _, end = body.offsets(decorator.decorator)
    hole = Hole(start=end, end=end, operand=function)
    return evaluate_part(body, Part(node=decorator.decorator), [hole])
