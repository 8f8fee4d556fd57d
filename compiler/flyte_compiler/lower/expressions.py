"""Expressions: calls are taken out of them in the order in which Python makes them.

What Python evaluates *before* a call that is taken out must be evaluated before it here too: it
becomes a fragment of its own, unless nothing that happens in between can change it. What is
evaluated after the last call stays where it is.
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from flyte_compiler.ir.edges import pack_type
from flyte_compiler.ir.model import Operand, PackKind, PackNode
from flyte_compiler.lower import reasons
from flyte_compiler.lower.calls import issue, prepare_call
from flyte_compiler.lower.constants import constant
from flyte_compiler.lower.driver import Driver
from flyte_compiler.lower.evaluation import Part, Parts, parts_of
from flyte_compiler.lower.fragments import Hole, evaluate_part
from flyte_compiler.lower.gather import is_gather, lower_gather
from flyte_compiler.syntax.tree import walk


class Expressions:
    """Lowers the expressions of one statement."""

    def __init__(self, driver: Driver, statement: cst.CSTNode) -> None:
        self._driver = driver
        self.rebound = frozenset(
            node.target.value
            for node in walk(statement)
            if isinstance(node, cst.NamedExpr) and isinstance(node.target, cst.Name)
        )
        """Variables that a walrus binds somewhere in the statement."""

    def operand(self, expression: cst.BaseExpression) -> Operand:
        """Evaluate an expression here, and say where its value comes from.

        Raises:
            NotLowered: it makes a call in a way that isn't lowered.
        """
        if literal := constant(expression):
            return literal
        match expression:
            case cst.Name(value=name) if name in self._driver.locals:
                return self._variable(expression, name)
            case cst.NamedExpr() if self._binds_local(expression):
                return self._walrus(expression)
            case cst.List() | cst.Tuple() if self._is_pack(expression):
                return self._pack(expression)
            case _:
                pass
        call = self._call(expression)
        return self._evaluate(Part(node=expression)) if call is None else call

    def take_out(self, parts: Parts, owner: cst.CSTNode) -> list[Hole]:
        """Evaluate up to the last call among the parts; the holes that this leaves in the text."""
        if sites := self._driver.calls.within(*parts.sometimes):
            raise reasons.inside_expression(owner, sites)
        busy = [index for index, part in enumerate(parts.always) if self._is_busy(part.node)]
        if not busy:
            return []
        *earlier, last = parts.always[: busy[-1] + 1]
        holes = [hole for part in earlier for hole in self.settle(part)]
        return [*holes, *self._open(last)]

    def settle(self, part: Part) -> list[Hole]:
        """Evaluate a part completely: something later must not happen before it."""
        if self._can_wait(part.node):
            return []
        if part.is_whole and isinstance(part.node, cst.BaseExpression):
            return [self._hole(part, self.operand(part.node))]
        return [self._hole(part, self._evaluate(part))]

    def is_direct(self, expression: cst.BaseExpression) -> bool:
        """Whether `operand` gives the expression's value without a fragment for the whole."""
        match expression:
            case cst.List() | cst.Tuple():
                return self._is_pack(expression)
            case cst.Await(expression=inner):
                return self._driver.calls.at(inner) is not None or is_gather(self._driver, inner)
            case _:
                return self._driver.calls.at(expression) is not None

    def _open(self, part: Part) -> list[Hole]:
        """Take the calls out of the last part that has any."""
        if not isinstance(part.node, cst.BaseExpression) or not part.is_whole:
            return self.take_out(parts_of(part.node), part.node)
        if isinstance(part.node, cst.NamedExpr) and self._binds_local(part.node):
            return [self._hole(part, self._walrus(part.node))]
        call = self._call(part.node)
        if call is not None:
            return [self._hole(part, call)]
        return self.take_out(parts_of(part.node), part.node)

    def _evaluate(self, part: Part) -> Operand:
        holes = self.take_out(parts_of(part.node), part.node)
        return evaluate_part(self._driver, part, holes)

    def _call(self, expression: cst.BaseExpression) -> Operand | None:
        """The value of a call of a definition or a gather of such; None for all else."""
        driver = self._driver
        awaited = isinstance(expression, cst.Await)
        inner = expression.expression if isinstance(expression, cst.Await) else expression
        if site := driver.calls.at(inner):
            if refusal := reasons.unusual_call(site):
                raise refusal
            if awaited != site.gives_coroutine:
                raise reasons.awaited_value(site) if awaited else reasons.coroutine(site)
            return issue(driver, prepare_call(driver, site, self.operand))
        if isinstance(inner, cst.Call) and driver.calls.any_in(inner) and is_gather(driver, inner):
            if not awaited:
                raise reasons.coroutine(driver.calls.within(inner)[0])
            return lower_gather(driver, inner, self.operand)
        return None

    def _variable(self, expression: cst.Name, name: str) -> Operand:
        """A variable's value. One that may be unbound is read by Python first, which may raise."""
        if name not in self._driver.uncertain:
            return self._driver.read(name)
        self._driver.bind(name, self._evaluate(Part(node=expression)))
        return self._driver.read(name)

    def _walrus(self, expression: cst.NamedExpr) -> Operand:
        value = self.operand(expression.value)
        if isinstance(expression.target, cst.Name):
            self._driver.bind(expression.target.value, value)
        return value

    def _pack(self, display: cst.List | cst.Tuple) -> Operand:
        elements = tuple(self.operand(element.value) for element in display.elements)
        kind = PackKind.LIST if isinstance(display, cst.List) else PackKind.TUPLE
        return self._driver.emit(
            lambda node: PackNode(
                id=node,
                kind=kind,
                elements=elements,
                return_exceptions=False,
                type=pack_type(kind, tuple(map(self._driver.type_of, elements))),
                span=self._driver.span(display),
            )
        )

    def _is_pack(self, display: cst.List | cst.Tuple) -> bool:
        """Whether a display is a node of its own: it holds calls, or is made of plain values."""
        if any(isinstance(element, cst.StarredElement) for element in display.elements):
            return False
        return self._driver.calls.any_in(display) or all(
            self._is_atom(element.value) for element in display.elements
        )

    def _is_atom(self, expression: cst.BaseExpression) -> bool:
        if isinstance(expression, cst.Name) and expression.value in self._driver.locals:
            return True
        return constant(expression) is not None

    def _is_busy(self, node: cst.CSTNode) -> bool:
        """Whether something must be taken out of a node: a call, or a walrus."""
        return self._driver.calls.any_in(node) or any(
            isinstance(inner, cst.NamedExpr) and self._binds_local(inner)
            for inner in _evaluated_once(node)
        )

    def _binds_local(self, expression: cst.NamedExpr) -> bool:
        target = expression.target
        return isinstance(target, cst.Name) and target.value in self._driver.locals

    def _can_wait(self, node: cst.CSTNode) -> bool:
        """Whether a node gives the same value, and does nothing, whenever it is evaluated."""
        match node:
            case cst.Name(value=name) if name in self._driver.locals:
                is_certain = name in self._driver.variables and name not in self._driver.uncertain
                return is_certain and name not in self.rebound
            case cst.Name(value=name):
                return self._driver.is_fixed(name) or constant(node) is not None
            case cst.Attribute(value=cst.Name(value=name)):
                return name in self._driver.modules
            case cst.BaseExpression():
                return constant(node) is not None
            case _:
                return False

    def _hole(self, part: Part, operand: Operand) -> Hole:
        start, end = self._driver.offsets(part.node)
        return Hole(start=start, end=end, operand=operand, before=part.before, after=part.after)


def _evaluated_once(node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """A node and the parts of it that are certainly evaluated, at any depth."""
    found, stack = list[cst.CSTNode](), [node]
    while stack:
        found.append(stack.pop())
        stack.extend(part.node for part in parts_of(found[-1]).always)
    return found
