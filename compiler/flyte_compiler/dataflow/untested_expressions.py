"""Evaluates the expressions of one body: which may be errors, and which must be results."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flyte_compiler.dataflow.names import AnyScope
from flyte_compiler.dataflow.outcomes import (
    Fixed,
    Many,
    Outcome,
    Table,
    Value,
    element_of,
    joined,
    many,
    outcomes_in,
    table,
    tuple_of,
)
from flyte_compiler.dataflow.trees import ModuleTree

if TYPE_CHECKING:
    from flyte_compiler.dataflow.untested import Untested

_ORDERS = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
_OF_ERRORS = frozenset(
    {
        *("args", "add_note", "with_traceback", "code", "message", "errno", "worker"),
        *("__class__", "__traceback__", "__cause__", "__context__"),
    }
)
"""Attributes that errors have: who reads one knows what it is."""
_TAKES_ERRORS = re.compile(r"Exception|Error|\bobject\b|\bAny\b|^(list|dict|tuple|set|Iterable)$")


class Expressions:
    """The expressions of one body, in order."""

    def __init__(self, engine: Untested, module: ModuleTree, given: Mapping[str, Value]) -> None:
        self.engine = engine
        self.module = module
        self.known: dict[str, Value] = dict(given)
        """By variable, also `self.results`."""
        self.local: frozenset[str] = frozenset()
        self.nested: dict[str, AnyScope] = {}
        self.called: set[int] = set()
        self.declared: str | None = None
        """The type of the result, where it must be one."""
        self.is_guarded = False
        self.is_deciding = False
        """Whether what an unknown function says decides what comes next."""

    def of(self, tree: ast.expr) -> Value | None:
        """What an expression may hold."""
        match tree:
            case ast.Name(id=name):
                return self.known.get(name)
            case ast.Await(value=value) | ast.Starred(value=value):
                return self.of(value)
            case ast.Call():
                return self._call(tree)
            case ast.NamedExpr(target=target, value=value):
                found = self.of(value)
                self.bind(target, found)
                return found
            case ast.Attribute():
                return self._attribute(tree)
            case ast.Subscript():
                return self._subscript(tree)
            case ast.BinOp():
                return self._operation(tree)
            case ast.UnaryOp(op=operator, operand=operand):
                found = self.of(operand)
                if not isinstance(operator, ast.Not):
                    self._must_be(found, operand, "an operand")
                return None
            case ast.BoolOp(values=values):
                return self._either(values)
            case ast.Compare():
                self._comparison(tree)
                return None
            case ast.IfExp(test=test, body=body, orelse=orelse):
                self.condition(test)
                return joined(self.of(body), self.of(orelse))
            case _:
                return self._built(tree)

    def _built(self, tree: ast.expr) -> Value | None:
        """Displays, comprehensions, and the rest."""
        match tree:
            case ast.ListComp(elt=element) | ast.SetComp(elt=element):
                return many(self._comprehended(tree.generators, element))
            case ast.GeneratorExp(elt=element, generators=generators):
                return many(self._comprehended(generators, element))
            case ast.DictComp(key=place, value=value, generators=generators):
                return table(self._comprehended(generators, value, place))
            case ast.Tuple(elts=elements) if not any(map(_is_starred, elements)):
                return tuple_of([self.of(each) for each in elements])
            case ast.Tuple(elts=elements) | ast.List(elts=elements) | ast.Set(elts=elements):
                return self._display(elements)
            case ast.Dict(keys=keys, values=values):
                for each in filter(None, keys):
                    self.of(each)
                held = [self.of(value) for value in values]
                return table(next((each for each in held if each is not None), None))
            case ast.FormattedValue(value=value, format_spec=how):
                found = self.of(value)
                if how is not None:
                    self._must_be(found, value, "formatted as a number")
                return None
            case ast.Lambda():
                return None
            case _:
                for child in ast.iter_child_nodes(tree):
                    if isinstance(child, ast.expr):
                        self.of(child)
                return None

    def iterate(self, tree: ast.expr) -> Value | None:
        """What a loop over an expression gives."""
        found = self.of(tree)
        self._must_be(found, tree, "iterated over")
        return element_of(found)

    def condition(self, tree: ast.expr) -> None:
        """An expression that decides a branch."""
        with self.deciding():
            self.of(tree)

    @contextmanager
    def deciding(self) -> Iterator[None]:
        """An unknown function that is asked in here may be a test."""
        before, self.is_deciding = self.is_deciding, True
        yield
        self.is_deciding = before

    def origin(self, tree: ast.expr) -> str:
        """The dotted name of what an expression is."""
        return self.module.names.origin(tree, self.local)

    def use(self, value: Value | None, tree: ast.expr, how: str) -> None:
        """All that a value may hold must be results here."""
        for gathering in outcomes_in(value):
            if self.is_guarded:
                self.engine.test(gathering)
            else:
                self.engine.use(gathering, self.module.span(tree), how)

    def test(self, value: Value | None) -> None:
        """Somebody looks at a value's outcomes."""
        for gathering in outcomes_in(value):
            self.engine.test(gathering)

    def bind(self, target: ast.expr, value: Value | None) -> None:
        """Put a value where it is assigned to."""
        raise NotImplementedError

    def call(self, tree: ast.Call) -> Value | None:
        """What a call gives."""
        raise NotImplementedError

    def _call(self, tree: ast.Call) -> Value | None:
        return self.call(tree)

    def _must_be(self, value: Value | None, tree: ast.expr, how: str) -> None:
        """One outcome that must be a result here."""
        if isinstance(value, Outcome):
            self.use(value, tree, how)

    def _attribute(self, tree: ast.Attribute) -> Value | None:
        known = self.known.get(dotted(tree))
        if known is None and tree.attr not in _OF_ERRORS:
            self._must_be(self.of(tree.value), tree, f"asked for `.{tree.attr}`")
        return known

    def _subscript(self, tree: ast.Subscript) -> Value | None:
        found = self.of(tree.value)
        self.of(tree.slice)
        self._must_be(found, tree, "indexed")
        match found, tree.slice:
            case Many(), ast.Slice():
                return found
            case Fixed(parts=parts), ast.Constant(value=int(place)) if abs(place) < len(parts):
                return parts[place]
            case Table(each=each), _:
                return each
            case _:
                return element_of(found)

    def _operation(self, tree: ast.BinOp) -> Value | None:
        left, right = self.of(tree.left), self.of(tree.right)
        is_text = isinstance(tree.left, ast.Constant | ast.JoinedStr)
        if not (isinstance(tree.op, ast.Mod) and is_text):
            self._must_be(left, tree.left, "an operand")
            self._must_be(right, tree.right, "an operand")
        either = joined(left, right)
        return either if isinstance(either, Many) else None

    def _either(self, values: Sequence[ast.expr]) -> Value | None:
        *tests, last = values
        found: Value | None = None
        for each in tests:
            with self.deciding():
                found = joined(found, self.of(each))
        return joined(found, self.of(last))

    def _comparison(self, tree: ast.Compare) -> None:
        operands = (tree.left, *tree.comparators)
        values = [self.of(each) for each in operands]
        for place, operator in enumerate(tree.ops):
            if isinstance(operator, _ORDERS):
                for side in (place, place + 1):
                    self._must_be(values[side], operands[side], "compared")

    def _comprehended(
        self,
        generators: Sequence[ast.comprehension],
        element: ast.expr,
        key: ast.expr | None = None,
    ) -> Value | None:
        before = dict(self.known)
        for each in generators:
            self.bind(each.target, self.iterate(each.iter))
            for test in each.ifs:
                self.condition(test)
        if key is not None:
            self.of(key)
        found = self.of(element)
        self.known = before
        return found

    def _display(self, elements: Sequence[ast.expr]) -> Value | None:
        found: Value | None = None
        for each in elements:
            value = self.of(each)
            found = joined(found, element_of(value) if _is_starred(each) else value)
        return many(found)


def takes_errors(annotation: str | None) -> bool:
    """Whether a declaration leaves room for errors; one that isn't there does."""
    return annotation is None or _TAKES_ERRORS.search(annotation) is not None


def dotted(tree: ast.expr) -> str:
    """A variable, or an attribute of one, as a dotted name; empty for all else."""
    match tree:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=attribute):
            holder = dotted(value)
            return f"{holder}.{attribute}" if holder else ""
        case _:
            return ""


def _is_starred(tree: ast.expr) -> bool:
    return isinstance(tree, ast.Starred)
