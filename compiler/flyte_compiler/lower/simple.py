"""Simple statements with calls in them: what is bound directly, and what stays as a fragment."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import libcst as cst

from flyte_compiler.ir.edges import tuple_elements
from flyte_compiler.ir.leaves import AwaitNode, HelperNode, PackNode, Start, TaskNode, TraceNode
from flyte_compiler.ir.values import Operand, Output
from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import Body
from flyte_compiler.lower.evaluation import Part, Parts, in_order, target_parts
from flyte_compiler.lower.expressions import Expressions
from flyte_compiler.lower.fragments import Hole, evaluate_part


class SimpleStatement:
    """Lowers one statement that has no statements in it."""

    def __init__(self, body: Body, node: cst.CSTNode) -> None:
        self._body = body
        self._node = node
        self._expressions = Expressions(body, node)

    def value(self, expression: cst.BaseExpression) -> Operand:
        """Evaluate a whole expression of the statement."""
        return self._expressions.settled(expression)

    @property
    def values(self) -> Callable[[Sequence[cst.BaseExpression]], list[Operand]]:
        """Evaluate expressions one after the other."""
        return self._expressions.operands

    def holes(self) -> list[Hole] | None:
        """Emit the statement's calls; the holes that they leave in it, None where nothing of it
        is left to run."""
        match self._node:
            case cst.Expr(value=value) if self._expressions.is_direct(value):
                self.value(value)
                return None
            case cst.Assign(value=value, targets=targets):
                return self._assign(value, [target.target for target in targets])
            case cst.AnnAssign(value=cst.BaseExpression() as value, target=target):
                return self._assign(value, [target])
            case cst.AugAssign():
                return self._augmented(self._node)
            case _:
                return self._expressions.take_out(_parts(self._node), self._node)

    def _assign(
        self, value: cst.BaseExpression, targets: Sequence[cst.BaseExpression]
    ) -> list[Hole] | None:
        if self._body.places.any_in(*targets):
            return self._computed_target(value, targets)
        if not self._expressions.is_direct(value):
            return self._expressions.take_out(in_order(value), self._node)
        if isinstance(value, cst.List | cst.Tuple) and self._bind_pairwise(value, targets):
            return None
        operand = self.value(value)
        bindings = [self._bindings(target, operand) for target in targets]
        if any(binding is None for binding in bindings):
            start, end = self._body.offsets(value)
            return [Hole(start=start, end=end, operand=operand)]
        for binding in bindings:
            self._bind(binding or {})
        return None

    def _bind_pairwise(
        self, display: cst.List | cst.Tuple, targets: Sequence[cst.BaseExpression]
    ) -> bool:
        """`a, b = await t(), await u()` needs no tuple."""
        names = self._names(targets[0]) if len(targets) == 1 else None
        if names is None or len(names) != len(display.elements):
            return False
        values = [self.value(element.value) for element in display.elements]
        self._bind(dict(zip(names, values, strict=True)))
        return True

    def _bind(self, binding: Mapping[str, Operand]) -> None:
        for name, operand in binding.items():
            self._body.bind(name, operand)

    def _bindings(self, target: cst.BaseExpression, operand: Operand) -> dict[str, Operand] | None:
        """What a target's names stand for from here on; None where Python must unpack or store."""
        if isinstance(target, cst.Name) and self._body.is_value(target.value):
            return {target.value: operand}
        names = self._names(target)
        if names is None or not isinstance(operand, Output) or operand.path:
            return None
        if len(names) != self._arity(operand):
            return None
        return {name: Output(operand.node, (index,)) for index, name in enumerate(names)}

    def _names(self, target: cst.BaseExpression) -> list[str] | None:
        """The variables of `a, b`; None for any other target."""
        if not isinstance(target, cst.Tuple | cst.List):
            return None
        values = [element.value for element in target.elements]
        starred = any(isinstance(element, cst.StarredElement) for element in target.elements)
        names = [value.value for value in values if isinstance(value, cst.Name)]
        if starred or len(names) < len(values) or not all(map(self._body.is_value, names)):
            return None
        return names

    def _arity(self, operand: Output) -> int | None:
        """How many values a node surely gives."""
        match self._body.graph.scope[operand.node]:
            case PackNode(elements=elements, unpacked=(), start=Start.IN_PLACE):
                return len(elements)
            case (
                TaskNode(type=declared, start=Start.IN_PLACE)
                | TraceNode(type=declared, start=Start.IN_PLACE)
                | HelperNode(type=declared, start=Start.IN_PLACE)
                | AwaitNode(type=declared)
            ):
                parts = tuple_elements(declared)
                return None if parts is None else len(parts)
            case _:
                return None

    def _computed_target(
        self, value: cst.BaseExpression, targets: Sequence[cst.BaseExpression]
    ) -> list[Hole]:
        """`d[await t()] = v`: Python evaluates the value, then the place."""
        if len(targets) > 1 or not isinstance(targets[0], cst.Attribute | cst.Subscript):
            raise reasons.target(self._body.places.names_within(self._node))
        parts = Parts(always=(Part(node=value), *target_parts(targets[0])))
        return self._expressions.take_out(parts, self._node)

    def _augmented(self, node: cst.AugAssign) -> list[Hole]:
        """`x += await t()` reads `x` first. A variable can wait, unless a walrus in the statement
        binds it; a global, which the call may change, and a place in an object can't."""
        target = node.target
        if isinstance(target, cst.Name) and self._can_wait(target.value):
            return self._expressions.take_out(in_order(node.value), node)
        if not self._expressions.is_busy(node.value):
            parts = (*target_parts(target), Part(node=node.value))
            return self._expressions.take_out(Parts(always=parts), node)
        if any(self._expressions.settle(part) for part in target_parts(target)):
            raise reasons.target(self._body.places.names_within(node))
        return self._load_change_store(target, node)

    def _can_wait(self, name: str) -> bool:
        """Whether `x` in `x += …` may be read after the calls on the right."""
        return self._body.is_settled(name) and name not in self._expressions.rebound

    def _load_change_store(self, target: cst.BaseExpression, node: cst.AugAssign) -> list[Hole]:
        """`a.b += …` as `v = a.b`, the calls, `v += …; a.b = v`."""
        loaded = evaluate_part(self._body, Part(node=target), [])
        start, end = self._body.offsets(target)
        _, after = self._body.offsets(node)
        store = f"; {self._body.source.text[start:end]} = "
        return [
            Hole(start=start, end=end, operand=loaded),
            *self._expressions.take_out(in_order(node.value), node),
            Hole(start=after, end=after, operand=loaded, before=store, after=""),
        ]


def _parts(node: cst.CSTNode) -> Parts:
    """What a statement evaluates, in order."""
    match node:
        case cst.Expr(value=value):
            return in_order(value)
        case cst.Raise(exc=raised, cause=cause):
            return in_order(raised, None if cause is None else cause.item)
        case cst.Assert(test=test, msg=message):
            sometimes = () if message is None else (message,)
            return Parts(always=in_order(test).always, sometimes=sometimes)
        case cst.Del(target=cst.Attribute() | cst.Subscript() as target):
            return Parts(always=target_parts(target))
        case _:
            return Parts(sometimes=(node,))
