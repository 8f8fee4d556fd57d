"""Going through a fragment's statements, and through whole fragments."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence
from functools import lru_cache, reduce

from flyte_compiler.ir.leaves import FragmentForm, PythonNode
from flyte_compiler.ir.rewrites.annotated import annotated_form
from flyte_compiler.ir.rewrites.doings import shown
from flyte_compiler.ir.rewrites.expressions import Expressions, Variables
from flyte_compiler.ir.rewrites.forms import (
    A_SCALAR,
    SCALAR,
    UNKNOWN,
    Value,
    is_builtin,
    join_values,
    value,
)
from flyte_compiler.ir.rewrites.known import Looks

Body = Sequence[ast.stmt]


class Statements:
    """Executes statements; `expressions` holds the variables."""

    def __init__(self, expressions: Expressions) -> None:
        self.inside = expressions
        self.doings = expressions.doings

    def run(self, body: Body) -> None:
        for statement in body:
            self._run(statement)

    def _run(self, statement: ast.stmt) -> None:
        match statement:
            case ast.Expr(value=inner):
                self.inside.of(inner)
            case ast.Assign(targets=targets, value=inner):
                bound = self.inside.of(inner)
                for target in targets:
                    self.inside.assign(target, bound)
            case ast.AnnAssign():
                self._annotated(statement)
            case ast.AugAssign():
                self._augmented(statement)
            case ast.If(test=test, body=body, orelse=orelse):
                self.inside.asked(test)
                self._either((lambda: self.run(body), lambda: self.run(orelse)))
            case ast.For() | ast.While() | ast.Try():
                self._compound(statement)
            case ast.Assert(test=test, msg=message):
                self.inside.asked(test)
                if message is not None:
                    self.inside.of(message)
            case ast.Raise(exc=raised, cause=cause):
                self._raise([each for each in (raised, cause) if each is not None])
            case ast.Delete(targets=targets):
                for target in targets:
                    self._delete(target)
            case ast.Pass() | ast.Break() | ast.Continue():
                return
            case _:
                self.inside.escaping(statement, _reason(statement))

    def _annotated(self, statement: ast.AnnAssign) -> None:
        if statement.value is None:
            return
        bound = self.inside.of(statement.value)
        declared = ast.unparse(statement.annotation)
        if annotated_form(declared, self.inside.names) == SCALAR:
            bound = A_SCALAR
        self.inside.assign(statement.target, bound)

    def _augmented(self, statement: ast.AugAssign) -> None:
        """`a += b` changes what `a` names where that can be changed, and binds `a`."""
        target, right = statement.target, self.inside.of(statement.value)
        if isinstance(target, ast.Name):
            left = self.inside.of(ast.copy_location(ast.Name(target.id, ast.Load()), target))
        elif isinstance(target, ast.Subscript):
            load = ast.Subscript(target.value, target.slice, ast.Load())
            left = self.inside.of(ast.copy_location(load, target))
        else:
            left = UNKNOWN
        result = self.inside.combined(left, statement.op, right, statement)
        if left.groups and is_builtin(left.form):
            self.doings.change(left, target)
            self.inside.heap.store(left, value(self.inside.heap.element(right), right.groups))
            result = join_values(left, result)
        self.inside.assign(target, result)

    def _raise(self, parts: Sequence[ast.expr]) -> None:
        for part in parts:
            raised = self.inside.of(part)
            # Whoever catches it has what it holds.
            self.inside.heap.give_away(raised.groups)

    def _delete(self, target: ast.expr) -> None:
        match target:
            case ast.Name(id=name):
                if name in self.inside.places:
                    self.doings.anything(f"deletes `{name}`, which functions share")
            case ast.Tuple(elts=targets) | ast.List(elts=targets):
                for each in targets:
                    self._delete(each)
            case ast.Subscript(value=holder, slice=key):
                held = self.inside.of(holder)
                looked = self.inside.look(self.inside.of(key), Looks.THROUGH, key)
                if looked and self.inside.look(held, Looks.THROUGH, holder):
                    self.doings.change(held, holder)
            case _:
                self.inside.escaping(target, f"deletes `{shown(target)}`")

    def _compound(self, statement: ast.For | ast.While | ast.Try) -> None:
        outer, self.inside.is_weak = self.inside.is_weak, True
        match statement:
            case ast.For(iter=iterable, target=target, body=body):
                over = self.inside.of(iterable)

                def turn() -> None:
                    self.inside.assign(target, self.inside.element(over, iterable))
                    self.run(body)

                self._until_stable(turn)
                self.run(statement.orelse)
            case ast.While(test=test, body=body):

                def tested() -> None:
                    self.inside.asked(test)
                    self.run(body)

                self._until_stable(tested)
                self.run(statement.orelse)
            case ast.Try():
                self._try(statement)
        self.inside.is_weak = outer

    def _try(self, statement: ast.Try) -> None:
        self.run(statement.body)
        for handler in statement.handlers:
            if handler.type is not None:
                self.inside.of(handler.type)
            if handler.name is not None:
                self.inside.bind(handler.name, UNKNOWN)
            self.run(handler.body)
        self.run(statement.orelse)
        self.run(statement.finalbody)

    def _until_stable(self, turn: Callable[[], None]) -> None:
        before: tuple[Variables, int] | None = None
        while before != (self.inside.variables, self.inside.heap.version):
            before = (dict(self.inside.variables), self.inside.heap.version)
            turn()

    def _either(self, ways: Sequence[Callable[[], None]]) -> None:
        start, ends = self.inside.variables, []
        for way in ways:
            self.inside.variables = dict(start)
            way()
            ends.append(self.inside.variables)
        for end in ends:
            for name, held in end.items():
                others = (other[name] for other in ends if name in other)
                start[name] = reduce(join_values, others, held)
        self.inside.variables = start


def go_through(node: PythonNode, expressions: Expressions) -> Value:
    """Go through a fragment; its value, where it is an expression.

    What variables hold then is in `expressions`.
    """
    tree = _parsed(node.form, node.source, node.indent)
    match tree:
        case None:
            held = tuple(expressions.variables.values())
            return expressions.doings.anything("can't be read", held)
        case ast.Expression(body=body):
            return expressions.of(body)
        case _:
            Statements(expressions).run(tree.body)
            return UNKNOWN


@lru_cache(maxsize=4096)  # A fragment in a loop is gone through more than once.
def _parsed(
    form: FragmentForm, source: str, indent: str
) -> ast.Expression | ast.AsyncFunctionDef | None:
    try:
        if form is FragmentForm.EXPRESSION:
            return ast.parse(f"(\n{source}\n)", mode="eval")
        whole = ast.parse(f"async def fragment():\n{indent or ' '}{source}\n").body[0]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    return whole if isinstance(whole, ast.AsyncFunctionDef) else None


def _reason(statement: ast.stmt) -> str:
    match statement:
        case ast.Import() | ast.ImportFrom():
            return f"imports: `{shown(statement)}`"
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            return f"makes the function `{name}`"
        case ast.ClassDef(name=name):
            return f"makes the class `{name}`"
        case ast.With(items=[first, *_]) | ast.AsyncWith(items=[first, *_]):
            return f"enters `{shown(first.context_expr)}`, which may do anything"
        case _:
            word = type(statement).__name__.lower()
            return f"holds a statement that isn't followed: `{word}`"
