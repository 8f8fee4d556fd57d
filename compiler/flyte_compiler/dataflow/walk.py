"""Goes through the statements of one body, in order, and knows what each variable depends on.

A loop is gone through until nothing new is learnt. What decides a branch, where it isn't the same
each time, is in whatever the branch assigns.
"""

from __future__ import annotations

import ast
from collections.abc import Sequence
from contextlib import ExitStack

from flyte_compiler.dataflow.evaluate import Evaluator
from flyte_compiler.dataflow.names import AnyScope, local_names
from flyte_compiler.dataflow.places import Places, holder_of
from flyte_compiler.dataflow.sources import LATENT, UNORDERED
from flyte_compiler.dataflow.taints import NONE, Taints, union, without

_TURNS = 3
"""A variable that hands its taint on to another each turn is rarer than deep."""
_LEAVING = (ast.Return, ast.Break, ast.Continue)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


class Walk(Evaluator):
    """One body, gone through once."""

    returned: Taints = NONE
    """What its results depend on."""
    function: AnyScope | None = None
    loops: tuple[ast.stmt, ...] = ()
    """The loops around."""

    def run(self, function: AnyScope) -> Taints:
        """What the result of a function depends on. Its parameters are in `places` already."""
        self.function = function
        self.local = self.local | local_names(function)
        self.texts = _texts(function)
        if isinstance(function, ast.Lambda):
            return self.of(function.body)
        self.statements(function.body)
        for nested in list(self.nested.values()):
            if id(nested) not in self.called:
                self.engine.call_nested(self, nested, {})
        return self.returned

    def statements(self, body: Sequence[ast.stmt]) -> None:
        """Go through statements. What follows one that may have left depends on what decided it."""
        with ExitStack() as stack:
            for statement in body:
                taints = self.statement(statement)
                if taints:
                    stack.enter_context(self.decided_by(taints))

    def statement(self, tree: ast.stmt) -> Taints:
        """Go through one; gives what decides whether the next one runs."""
        match tree:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self.unpack(target, value)
            case ast.AnnAssign(target=target, value=value):
                if value is not None:
                    self.unpack(target, value)
            case ast.AugAssign(target=target, value=value):
                self._augment(target, value)
            case ast.Return(value=value):
                self.returned = union(self.returned, self.of(value), self.control)
            case ast.If() | ast.Match():
                return self._branch(tree)
            case ast.For() | ast.AsyncFor() | ast.While():
                self._loop(tree)
            case ast.Try() | ast.TryStar():
                self._try(tree)
            case ast.With() | ast.AsyncWith():
                self._with(tree)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                self.nested[name] = tree
            case ast.ClassDef():
                pass
            case ast.Expr(value=value):
                self._expression(value)
            case _:
                for child in ast.iter_child_nodes(tree):
                    if isinstance(child, ast.expr):
                        self.of(child)
        return NONE

    def _expression(self, value: ast.expr) -> None:
        """What is dropped has no order: `await asyncio.gather(*calls)`."""
        match value:
            case ast.Yield(value=inner) | ast.YieldFrom(value=ast.expr() as inner):
                self.returned = union(self.returned, self.of(inner), self.control)
            case ast.Await(value=ast.Call(func=function)) if (
                self.origin(function) == "asyncio.gather"
            ):
                with self.in_any_order():
                    self.of(value)
            case _:
                self.of(value)

    def _augment(self, target: ast.expr, value: ast.expr) -> None:
        """A sum doesn't depend on the order of what was added, a list does."""
        taints = self.of(value)
        if not isinstance(value, ast.List | ast.ListComp):
            taints = without(taints, UNORDERED)
        self.places.add(holder_of(target), union(taints, self.control))

    def _branch(self, tree: ast.If | ast.Match) -> Taints:
        if isinstance(tree, ast.If):
            test, arms = tree.test, [tree.body, tree.orelse]
        else:
            test, arms = tree.subject, [case.body for case in tree.cases] + [[]]
        taints = without(self.of(test), UNORDERED | LATENT)
        inside = [statement for arm in arms for statement in arm]
        leaves = [each for each in _leaving(inside) if self._matters_to_leave(each, tree)]
        if taints and (self.module.acts(*inside) or leaves):
            is_inside = self.module.acts(*inside)
            what = "which task is called" if is_inside else "whether later tasks are called"
            self.decides(test, taints, what)
        with self.decided_by(taints):
            self._arms(arms)
        return taints if leaves else NONE

    def _arms(self, arms: Sequence[Sequence[ast.stmt]]) -> None:
        before, ends = self.places, list[Places]()
        for arm in arms:
            self.places = before.copy()
            self.statements(arm)
            if not (arm and isinstance(arm[-1], ast.Return | ast.Raise)):
                ends.append(self.places)
        self.places = before.copy()
        self.places.replace(ends or [before])

    def _matters_to_leave(self, leave: ast.stmt, branch: ast.stmt) -> bool:
        """Whether tasks would be called if a branch didn't leave."""
        if self.loops and self.module.acts(self.loops[-1]):
            return True
        is_return = isinstance(leave, ast.Return)
        return (
            is_return
            and isinstance(self.function, ast.FunctionDef | ast.AsyncFunctionDef)
            and self.module.acts_after(branch, self.function)
        )

    def _loop(self, tree: ast.For | ast.AsyncFor | ast.While) -> None:
        self.loops = (*self.loops, tree)
        for _ in range(_TURNS):
            before = self.places.key
            start = self.places.copy()
            self._turn(tree)
            self.places.merge([start])
            if self.places.key == before:
                break
        self.loops = self.loops[:-1]
        self.statements(tree.orelse)

    def _turn(self, tree: ast.For | ast.AsyncFor | ast.While) -> None:
        if isinstance(tree, ast.While):
            taints = without(self.of(tree.test), UNORDERED | LATENT)
            if self.module.acts(*tree.body):
                self.decides(tree.test, taints, "how often this loop calls tasks")
        else:
            found = self.goes_through(tree.iter, lambda: self.module.acts(*tree.body))
            self.bind(tree.target, found)
            taints = without(found, UNORDERED | LATENT) if _is_count(tree.iter) else NONE
        with self.decided_by(taints):
            self.statements(tree.body)

    def _try(self, tree: ast.Try | ast.TryStar) -> None:
        before = self.places.copy()
        self.statements([*tree.body, *tree.orelse])
        ends = [self.places]
        for handler in tree.handlers:
            self.places = before.copy()
            self.places.merge(ends[:1])
            self.statements(handler.body)
            ends.append(self.places)
        self.places = before
        self.places.replace(ends)
        self.statements(tree.finalbody)

    def _with(self, tree: ast.With | ast.AsyncWith) -> None:
        for each in tree.items:
            taints = self.of(each.context_expr)
            if each.optional_vars is not None:
                self.bind(each.optional_vars, taints)
        self.statements(tree.body)


def _leaving(body: Sequence[ast.stmt]) -> list[ast.stmt]:
    """The statements inside that leave a turn or the function; to raise is to report a fault."""
    found: list[ast.stmt] = []
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, _LEAVING):
            found.append(node)
        elif isinstance(node, ast.stmt | ast.excepthandler | ast.match_case) and not isinstance(
            node, _FUNCTIONS
        ):
            waiting += ast.iter_child_nodes(node)
    return found


def _is_count(tree: ast.expr) -> bool:
    match tree:
        case ast.Call(func=ast.Name(id="range")):
            return True
        case _:
            return False


def _texts(function: AnyScope) -> frozenset[str]:
    arguments = function.args
    return frozenset(
        each.arg
        for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        if isinstance(each.annotation, ast.Name) and each.annotation.id == "str"
    )
