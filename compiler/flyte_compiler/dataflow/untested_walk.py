"""Goes through one body and knows which variables may hold errors in place of results."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from flyte_compiler.dataflow.names import AnyScope, local_names
from flyte_compiler.dataflow.outcomes import (
    Fixed,
    Many,
    Outcome,
    Table,
    Value,
    element_of,
    joined,
    many,
    table,
)
from flyte_compiler.dataflow.untested_calls import Calls
from flyte_compiler.dataflow.untested_expressions import dotted, takes_errors

_TURNS = 2
"""What a turn of a loop learns, the next one uses."""


class Walk(Calls):
    """One body, gone through once."""

    returned: Value | None = None

    def run(self, function: AnyScope, *, crosses: bool) -> Value | None:
        """What the function gives; of a task or a trace, that it must be results."""
        self.local |= local_names(function)
        if isinstance(function, ast.Lambda):
            return self.of(function.body)
        if crosses and function.returns is not None:
            self.declared = ast.unparse(function.returns)
        self.statements(function.body)
        for nested in list(self.nested.values()):
            if id(nested) not in self.called:
                self.call_nested(nested, {})
        return self.returned

    def statements(self, body: Sequence[ast.stmt]) -> None:
        """Go through statements in order."""
        for statement in body:
            self.statement(statement)

    def statement(self, tree: ast.stmt) -> None:
        """Go through one."""
        match tree:
            case ast.Assign(targets=targets, value=value):
                found = self.of(value)
                for target in targets:
                    self.bind(target, found)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self.bind(target, self.of(value))
            case ast.AugAssign():
                self._augment(tree)
            case ast.Return(value=ast.expr() as value):
                self._give(self.of(value), value)
            case ast.For(target=target, iter=iterated) | ast.AsyncFor(target=target, iter=iterated):
                each = self.iterate(iterated)
                for _ in range(_TURNS):
                    self.bind(target, each)
                    self.statements(tree.body)
                self.statements(tree.orelse)
            case ast.While(test=test):
                for _ in range(_TURNS):
                    self.condition(test)
                    self.statements(tree.body)
                self.statements(tree.orelse)
            case ast.If(test=test):
                self.condition(test)
                self.statements(tree.body)
                self.statements(tree.orelse)
            case ast.Try() | ast.TryStar():
                self._try(tree)
            case ast.With(items=items) | ast.AsyncWith(items=items):
                self._with(tree, items)
            case ast.Match(subject=subject, cases=cases):
                self.test(self.of(subject))
                for case in cases:
                    self.statements(case.body)
            case ast.Raise(exc=ast.expr() as raised):
                self.test(self.of(raised))
            case ast.Expr(value=value):
                self._expression(value)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                self.nested[name] = tree
            case ast.ClassDef():
                pass
            case _:
                for child in ast.iter_child_nodes(tree):
                    if isinstance(child, ast.expr):
                        self.of(child)

    def bind(self, target: ast.expr, value: Value | None) -> None:
        """Put a value where it is assigned to."""
        match target:
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                self._unpack(targets, value)
            case ast.Starred(value=inner):
                self.bind(inner, many(value))
            case ast.Subscript(value=holder):
                known = self.known.get(dotted(holder))
                held = many(value) if isinstance(known, Many) else table(value)
                self.put(dotted(holder), joined(known, held))
            case _:
                self.put(dotted(target), value)

    def _unpack(self, targets: Sequence[ast.expr], value: Value | None) -> None:
        if isinstance(value, Outcome):
            self.use(value, targets[0], "unpacked")
        if isinstance(value, Fixed) and len(value.parts) == len(targets):
            for target, part in zip(targets, value.parts, strict=True):
                self.bind(target, part)
            return
        for target in targets:
            self.bind(target, element_of(value))

    def _augment(self, tree: ast.AugAssign) -> None:
        value, place = self.of(tree.value), dotted(tree.target)
        if isinstance(value, Outcome):
            self.use(value, tree.value, "added up")
        elif isinstance(value, Many | Table):
            self.put(place, joined(self.known.get(place), value))
        if isinstance(self.known.get(place), Outcome):
            self.use(self.known.get(place), tree.target, "an operand")

    def _give(self, value: Value | None, tree: ast.expr) -> None:
        self.returned = joined(self.returned, value)
        is_collected = isinstance(value, Many) and value.is_lazy
        if not is_collected and not takes_errors(self.declared):
            self.use(value, tree, f"returned as `{self.declared}`")

    def _expression(self, value: ast.expr) -> None:
        match value:
            case ast.Yield(value=ast.expr() as inner):
                self.returned = joined(self.returned, many(self.of(inner)))
            case ast.YieldFrom(value=inner):
                self.returned = joined(self.returned, self.of(inner))
            case ast.Call() | ast.Await(value=ast.Call()):
                with self.deciding():
                    self.of(value)
            case _:
                self.of(value)

    def _try(self, tree: ast.Try | ast.TryStar) -> None:
        with self._guarded(bool(tree.handlers)):
            self.statements(tree.body)
        for handler in tree.handlers:
            self.statements(handler.body)
        self.statements(tree.orelse)
        self.statements(tree.finalbody)

    def _with(self, tree: ast.With | ast.AsyncWith, items: Sequence[ast.withitem]) -> None:
        managers = [item.context_expr for item in items]
        for manager in managers:
            self.of(manager)
        suppressed = any(
            isinstance(each, ast.Call) and self.origin(each.func) == "contextlib.suppress"
            for each in managers
        )
        with self._guarded(suppressed):
            self.statements(tree.body)

    @contextmanager
    def _guarded(self, catches: bool) -> Iterator[None]:
        """What fails in here is caught."""
        before = self.is_guarded
        self.is_guarded = before or catches
        yield
        self.is_guarded = before

    def put(self, place: str, value: Value | None) -> None:
        """What a variable holds from here on."""
        if not place:
            return
        if value is None:
            self.known.pop(place, None)
        else:
            self.known[place] = value

    def call_nested(self, function: AnyScope, given: Mapping[str, Value]) -> Value | None:
        """A function inside this one, which sees its variables."""
        return self.engine.result_of(self.module, function, {**self.known, **given})
