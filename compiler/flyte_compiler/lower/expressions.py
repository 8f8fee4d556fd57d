"""Expressions: calls are taken out of them in the order in which Python makes them.

What Python evaluates *before* a call that is taken out must be evaluated before it here too: it
becomes a fragment of its own, unless nothing that happens in between can change it. What is
evaluated after the last call stays where it is. Expressions with a structure of their own
(`a if b else c`, comprehensions, gathers, …) are in the modules beside.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

import libcst as cst

from flyte_compiler.callgraph.model import CallSite, Form, Kind, ValueCall
from flyte_compiler.ir.edges import pack_type
from flyte_compiler.ir.leaves import AwaitNode, PackKind, PackNode, Start, YieldNode
from flyte_compiler.ir.values import Literal, Operand, Output
from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import Body
from flyte_compiler.lower.called import is_helper_here
from flyte_compiler.lower.calls import lower_call, lower_value_call
from flyte_compiler.lower.comprehensions import (
    is_eager_generator,
    lower_comprehension,
    lower_eager,
)
from flyte_compiler.lower.conditions import lower_condition
from flyte_compiler.lower.constants import constant
from flyte_compiler.lower.containers import METHODS
from flyte_compiler.lower.evaluation import Part, Parts, parts_of, unpacked_part
from flyte_compiler.lower.fragments import Hole, evaluate_part
from flyte_compiler.lower.functions import lower_handed, lower_lambda
from flyte_compiler.lower.gather import lower_gather
from flyte_compiler.lower.libraries import GATHER, RUN, library_name
from flyte_compiler.lower.maps import lower_map, lower_value_map
from flyte_compiler.lower.places import is_held
from flyte_compiler.syntax.tree import nodes_of


class Expressions:
    """Lowers the expressions of one statement."""

    def __init__(self, body: Body, statement: cst.CSTNode) -> None:
        self.body = body
        self._statement = statement

    @cached_property
    def rebound(self) -> frozenset[str]:
        """Variables that a walrus binds somewhere in the statement."""
        return frozenset(
            node.target.value
            for node in nodes_of(cst.NamedExpr, self._statement)
            if isinstance(node.target, cst.Name)
        )

    # Values ----------------------------------------------------------------------------------

    def operand(self, expression: cst.BaseExpression) -> Operand:
        """Evaluate an expression here, and say where its value comes from.

        A variable is read where its value is used: see `settled`.

        Raises:
            NotLowered: it makes a call in a way that isn't lowered.
        """
        if literal := constant(expression):
            return literal
        match expression:
            case cst.Name(value=name) if self.body.is_variable(name):
                return self.body.read(name)
            case cst.NamedExpr() if self._binds_value(expression):
                return self._walrus(expression)
            case cst.List() | cst.Tuple() if self._is_pack(expression):
                return self._pack(expression)
            case cst.Dict() if self._is_dict_pack(expression):
                return self._dict_pack(expression)
            case _:
                found = self._structured(expression)
                return self._evaluate(Part(node=expression)) if found is None else found

    def settled(self, expression: cst.BaseExpression) -> Operand:
        """Evaluate an expression to a value that nothing changes any more, here and now."""
        match expression:
            case cst.Name(value=name) if self.body.is_variable(name):
                if not self.body.is_settled(name):
                    return self._evaluate(Part(node=expression))
            case _:
                pass
        return self.operand(expression)

    def operands(self, expressions: Sequence[cst.BaseExpression]) -> list[Operand]:
        """Evaluate expressions one after the other.

        A variable that something after it may change is read before that.
        """
        acting = [i for i, expression in enumerate(expressions) if not self._is_still(expression)]
        last = acting[-1] if acting else 0
        return [
            self.settled(expression) if index < last else self.operand(expression)
            for index, expression in enumerate(expressions)
        ]

    def unpacked(self, element: cst.Arg | cst.StarredElement) -> Operand:
        """Iterate over `*xs` here and now: a list of its elements."""
        return self._evaluate(unpacked_part(element))

    # Fragments with holes --------------------------------------------------------------------

    def take_out(self, parts: Parts, owner: cst.CSTNode) -> list[Hole]:
        """Evaluate up to the last call among the parts; the holes that this leaves in the text."""
        if self.body.places.any_in(*parts.sometimes):
            raise reasons.inside_expression(owner, self.body.places.names_within(*parts.sometimes))
        if not self.body.places.any_in(*(part.node for part in parts.always)):
            return []  # what a walrus binds, the fragment binds
        busy = [index for index, part in enumerate(parts.always) if self.is_busy(part.node)]
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
            return [self._hole(part, self.settled(part.node))]
        return [self._hole(part, self._evaluate(part))]

    def is_direct(self, expression: cst.BaseExpression) -> bool:
        """Whether `operand` gives the expression's value without a fragment for the whole."""
        match expression:
            case cst.List() | cst.Tuple():
                return self._is_pack(expression)
            case cst.Dict():
                return self._is_dict_pack(expression)
            case _:
                return self._lowering_of(expression) is not None

    def is_busy(self, node: cst.CSTNode) -> bool:
        """Whether something must be taken out of a node: a call, or a walrus."""
        return self.body.places.any_in(node) or any(
            isinstance(inner, cst.NamedExpr) and self._binds_value(inner)
            for inner in _evaluated_once(node)
        )

    def _open(self, part: Part) -> list[Hole]:
        """Take the calls out of the last part that has any."""
        node = part.node
        if not isinstance(node, cst.BaseExpression) or not part.is_whole:
            return self.take_out(parts_of(node), node)
        if isinstance(node, cst.NamedExpr) and self._binds_value(node):
            return [self._hole(part, self._walrus(node))]
        found = self._structured(node)
        if found is not None:
            return [self._hole(part, found)]
        return self.take_out(parts_of(node), node)

    def _evaluate(self, part: Part) -> Operand:
        holes = self.take_out(parts_of(part.node), part.node)
        return evaluate_part(self.body, part, holes)

    # Expressions with a structure ------------------------------------------------------------

    def _structured(self, expression: cst.BaseExpression) -> Operand | None:
        """The value of an expression that is nodes of its own; None for all else."""
        lower = self._lowering_of(expression)
        return None if lower is None else lower()

    def _lowering_of(self, expression: cst.BaseExpression) -> Callable[[], Operand] | None:
        """How an expression becomes nodes of its own; None where it stays a fragment."""
        if not self.body.places.any_in(expression):
            return None
        match expression:
            case cst.Await():
                return self._lowering_of_await(expression)
            case cst.Call():
                return self._lowering_of_call(expression, awaited=False)
            case cst.IfExp() | cst.BooleanOperation():
                return lambda: lower_condition(self, expression)
            case cst.ListComp() | cst.SetComp() | cst.DictComp():
                return lambda: lower_comprehension(self, expression)
            case cst.Name() | cst.Attribute() if mention := self.body.places.handed_at(expression):
                return lambda: lower_handed(self.body, expression, mention)
            case cst.Yield() if self.body.places.is_yield(expression):
                return lambda: self._yield(expression)
            case cst.Lambda():
                return lambda: lower_lambda(self.body, expression, self.operands)
            case _:
                return None

    def _lowering_of_await(self, expression: cst.Await) -> Callable[[], Operand] | None:
        inner = expression.expression
        if isinstance(inner, cst.Call) and (lower := self._lowering_of_call(inner, awaited=True)):
            return lower
        if is_held(inner):
            return lambda: self._await(expression, inner)
        return None

    def _lowering_of_call(self, call: cst.Call, *, awaited: bool) -> Callable[[], Operand] | None:
        body = self.body
        if site := body.places.at(call):
            return self._lowering_of_site(site, awaited=awaited)
        if value := body.places.value_at(call):
            return self._lowering_of_value(value, awaited=awaited)
        if library_name(body.scope, call) == GATHER:
            start = Start.IN_PLACE if awaited else Start.DEFERRED
            return lambda: lower_gather(self, call, start)
        if library_name(body.scope, call) == RUN and len(call.args) == 1 and not awaited:
            return lambda: self._await(call, call.args[0].value)
        if is_eager_generator(body, call) and not body.places.any_in(call.func):
            return lambda: lower_eager(self, call)
        return None

    def _lowering_of_site(self, site: CallSite, *, awaited: bool) -> Callable[[], Operand] | None:
        body = self.body
        if site.form is Form.MAP:
            return lambda: lower_map(self, site)
        if site.callee.kind is Kind.HELPER and not is_helper_here(body.scope, site):
            return None
        if awaited and not site.gives_coroutine:
            return None
        deferred = site.gives_coroutine and not awaited
        start = Start.DEFERRED if deferred else Start.IN_PLACE
        return lambda: lower_call(body, site, start, self.operands)

    def _lowering_of_value(
        self, value: ValueCall, *, awaited: bool
    ) -> Callable[[], Operand] | None:
        if value.form is Form.MAP:
            return lambda: lower_value_map(self, value)
        if awaited and not value.gives_coroutine:
            return None
        deferred = value.gives_coroutine and not awaited
        start = Start.DEFERRED if deferred else Start.IN_PLACE
        return lambda: lower_value_call(self.body, value, start, self.operands)

    def _await(self, whole: cst.BaseExpression, inner: cst.BaseExpression) -> Operand:
        awaited = self.operand(inner)
        return self.body.emit(
            lambda node: AwaitNode(
                id=node,
                awaited=awaited,
                type=self._declared(awaited),
                span=self.body.span(whole),
            )
        )

    def _yield(self, expression: cst.Yield) -> Operand:
        match expression.value:
            case cst.From(item=item):
                value = self.settled(item)
            case None:
                value = Literal(None)
            case cst.BaseExpression() as given:
                value = self.settled(given)
        return self.body.emit(
            lambda node: YieldNode(
                id=node,
                value=value,
                is_from=isinstance(expression.value, cst.From),
                span=self.body.span(expression),
            )
        )

    def _declared(self, awaited: Operand) -> str | None:
        """What a deferred call gives when it is awaited."""
        if not isinstance(awaited, Output) or awaited.path:
            return None
        node = self.body.graph.scope[awaited.node]
        return getattr(node, "type", None)

    # Variables and displays ------------------------------------------------------------------

    def _walrus(self, expression: cst.NamedExpr) -> Operand:
        value = self.settled(expression.value)
        if isinstance(expression.target, cst.Name):
            self.body.bind(expression.target.value, value)
        return value

    def _binds_value(self, expression: cst.NamedExpr) -> bool:
        target = expression.target
        return isinstance(target, cst.Name) and self.body.is_value(target.value)

    def _pack(self, display: cst.List | cst.Tuple) -> Operand:
        kind = PackKind.LIST if isinstance(display, cst.List) else PackKind.TUPLE
        return self._emit_pack(display, kind, [element.value for element in display.elements])

    def _dict_pack(self, display: cst.Dict) -> Operand:
        elements = [e for e in display.elements if isinstance(e, cst.DictElement)]
        parts = [part for element in elements for part in (element.key, element.value)]
        return self._emit_pack(display, PackKind.DICT, parts)

    def _emit_pack(
        self, display: cst.BaseExpression, kind: PackKind, parts: Sequence[cst.BaseExpression]
    ) -> Operand:
        elements = tuple(self.operands(parts))
        types = tuple(map(self.body.type_of, elements))
        return self.body.emit(
            lambda node: PackNode(
                id=node,
                kind=kind,
                elements=elements,
                unpacked=(),
                return_exceptions=Literal(False),
                start=Start.IN_PLACE,
                type=pack_type(kind, types),
                span=self.body.span(display),
            )
        )

    def _is_pack(self, display: cst.List | cst.Tuple) -> bool:
        """Whether a display is a node of its own: it holds calls, or is made of plain values."""
        if any(isinstance(element, cst.StarredElement) for element in display.elements):
            return False
        return self.body.places.any_in(display) or all(
            self._is_atom(element.value) for element in display.elements
        )

    def _is_dict_pack(self, display: cst.Dict) -> bool:
        """Whether a dict display is a node of its own: it holds calls and unpacks nothing."""
        return self.body.places.any_in(display) and all(
            isinstance(element, cst.DictElement) for element in display.elements
        )

    def _is_atom(self, expression: cst.BaseExpression) -> bool:
        if isinstance(expression, cst.Name) and self.body.is_variable(expression.value):
            return True
        return constant(expression) is not None

    def _can_wait(self, node: cst.CSTNode) -> bool:
        """Whether a node gives the same value, and does nothing, whenever it is evaluated."""
        match node:
            case cst.Name(value=name) if self.body.is_variable(name):
                return self.body.is_settled(name) and name not in self.rebound
            case cst.Name(value=name):
                return self.body.scope.is_fixed(name) or constant(node) is not None
            case cst.Attribute(value=cst.Name(value=name), attr=cst.Name(value=method)):
                return name in self.body.scope.modules or self._is_method(name, method)
            case cst.BaseExpression():
                return constant(node) is not None
            case _:
                return False

    def _is_still(self, expression: cst.BaseExpression) -> bool:
        """Whether to evaluate an expression changes nothing: it is a name or a literal."""
        return isinstance(expression, cst.Name) or constant(expression) is not None

    def _is_method(self, name: str, method: str) -> bool:
        """Whether `xs.append` is the method of a list, dict or set, whenever it is looked up."""
        kind = self.body.scope.containers.get(name)
        if kind is None or name in self.body.hidden or not self.body.is_settled(name):
            return False
        return name not in self.rebound and method in METHODS[kind]

    def _hole(self, part: Part, operand: Operand) -> Hole:
        start, end = self.body.offsets(part.node)
        return Hole(start=start, end=end, operand=operand, before=part.before, after=part.after)


def _evaluated_once(node: cst.CSTNode) -> Sequence[cst.CSTNode]:
    """A node and the parts of it that are certainly evaluated, at any depth."""
    found, stack = list[cst.CSTNode](), [node]
    while stack:
        found.append(stack.pop())
        stack.extend(part.node for part in parts_of(found[-1]).always)
    return found
