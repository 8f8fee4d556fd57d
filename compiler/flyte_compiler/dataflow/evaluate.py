"""What an expression depends on, and which calls of tasks that decides."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from typing import TYPE_CHECKING

from flyte_compiler.dataflow import calls
from flyte_compiler.dataflow.names import AnyScope
from flyte_compiler.dataflow.places import Places, place_of
from flyte_compiler.dataflow.sources import (
    ENVIRONMENT,
    LATENT,
    UNORDERED,
    Source,
    SourceKind,
)
from flyte_compiler.dataflow.taints import (
    NONE,
    Sink,
    SinkKind,
    Taints,
    begun,
    difference,
    gone_through,
    only,
    through,
    union,
    without,
)
from flyte_compiler.dataflow.trees import ModuleTree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flyte_compiler.dataflow.engine import Engine

_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SHORT = 40


class Evaluator:
    """Evaluates the expressions of one body, in order."""

    def __init__(self, engine: Engine, module: ModuleTree, local: frozenset[str]) -> None:
        self.engine = engine
        self.module = module
        self.local = local
        self.places = Places()
        self.nested: dict[str, AnyScope] = {}
        self.called: set[int] = set()
        """The nested functions that were called by name."""
        self.control: Taints = NONE
        """What decides that this code runs."""
        self.order_matters = True
        self.texts: frozenset[str] = frozenset()
        """Parameters that are texts."""

    def of(self, tree: ast.expr | None) -> Taints:
        """What an expression's value depends on."""
        match tree:
            case None | ast.Constant():
                return NONE
            case ast.Name() | ast.Attribute():
                return self._named(tree)
            case ast.Call():
                return calls.call_taints(self, tree)
            case ast.BinOp(left=left, op=ast.Sub(), right=right):
                return difference(self.of(left), self.of(right))
            case ast.Compare():
                return self._compared(tree)
            case ast.BoolOp(values=[first, *others]):
                return self._chosen(first, others)
            case ast.IfExp(test=test, body=body, orelse=orelse):
                return self._chosen(test, (body, orelse))
            case ast.NamedExpr(target=target, value=value):
                return self.bind(target, self.of(value))
            case ast.Set():
                return union(self._of_all(tree.elts), self.source(tree, SourceKind.SET))
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                return self._comprehension(tree)
            case ast.Subscript(value=value, slice=index):
                part = self.places.read(place_of(tree)) if place_of(tree) else self.of(value)
                return union(part if place_of(value) else self.of(value), self.of(index))
            case ast.Lambda(body=body):
                return self.of(body) if self.module.acts(body) else NONE
            case ast.Starred(value=value):
                return gone_through(self.of(value))
            case ast.Dict(keys=keys, values=values):
                return self._of_all([each for each in (*keys, *values) if each is not None])
            case _:
                return self._of_all(
                    [each for each in ast.iter_child_nodes(tree) if isinstance(each, ast.expr)]
                )

    def origin(self, tree: ast.expr) -> str:
        """The dotted name of what an expression is; empty where it isn't known."""
        found = self.module.names.origin(tree, self.local)
        return self.engine.trees.origin(found) if found else ""

    def source(self, tree: ast.expr, kind: SourceKind) -> Taints:
        """What depends on a source that stands here."""
        text = " ".join(self.module.text(tree).split())
        short = text if len(text) <= _SHORT else f"{text[: _SHORT - 1]}…"
        return begun(Source(kind=kind, text=short, span=self.module.span(tree)))

    def reach(self, taints: Taints, kind: SinkKind, text: str, tree: ast.expr) -> None:
        """Remember what reaches a place where it does harm."""
        if taints:
            sink = Sink(kind=kind, text=text, span=self.module.span(tree))
            self.engine.record(without(taints, LATENT), sink)

    def decides(self, test: ast.expr, taints: Taints, what: str) -> None:
        """Remember that a test decides whether a task is called."""
        self.reach(without(taints, UNORDERED), SinkKind.CONDITION, what, test)

    def bind(self, target: ast.expr, taints: Taints) -> Taints:
        """Assign a value to a target."""
        taints = union(taints, self.control)
        match target:
            case ast.Name(id=name):
                kept = through(taints, f"kept in `{name}`", self.module.span(target))
                self.places.write(name, kept)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                for part in parts:
                    self.bind(part, taints)
            case ast.Starred(value=value):
                self.bind(value, taints)
            case ast.Attribute() | ast.Subscript():
                self._put(target, taints)
            case _:
                pass
        return taints

    def unpack(self, target: ast.expr, value: ast.expr) -> None:
        """Assign, element by element where both sides show them."""
        match target, value:
            case (
                (ast.Tuple(elts=left) | ast.List(elts=left)),
                (ast.Tuple(elts=right) | ast.List(elts=right)),
            ) if len(left) == len(right) and not _are_starred((*left, *right)):
                found = [self.of(each) for each in right]
                for part, taints in zip(left, found, strict=True):
                    self.bind(part, taints)
            case _:
                self.bind(target, self.of(value))

    @contextmanager
    def decided_by(self, taints: Taints) -> Iterator[None]:
        """Inside, what is assigned depends on these too."""
        before = self.control
        if not self.engine.follows_choices:
            taints = NONE
        self.control = union(before, without(taints, UNORDERED | LATENT))
        yield
        self.control = before

    @contextmanager
    def in_any_order(self) -> Iterator[None]:
        """Inside, the order of calls is nobody's business."""
        before, self.order_matters = self.order_matters, False
        yield
        self.order_matters = before

    def goes_through(self, iterable: ast.expr, acting: Callable[[], bool]) -> Taints:
        """What an element depends on. Where tasks are called in the loop, an unordered iterable
        is the fault, and each element is innocent."""
        taints = gone_through(self.of(iterable))
        if not acting():
            return taints
        order = only(taints, UNORDERED)
        if self.order_matters:
            self.reach(order, SinkKind.ORDER, "the calls in this loop", iterable)
        others = without(taints, UNORDERED)
        self.reach(others, SinkKind.COUNT, "which calls this loop makes", iterable)
        return others

    def _named(self, tree: ast.Name | ast.Attribute) -> Taints:
        place = place_of(tree)
        head = place.partition(".")[0].partition("[")[0]
        if place and (head in self.local or self.places.read(place)):
            return self.places.read(place)
        origin = self.origin(tree)
        if origin == ENVIRONMENT:
            return self.source(tree, SourceKind.ENVIRONMENT)
        if origin:
            return self.engine.global_taints(origin)
        return self.of(tree.value) if isinstance(tree, ast.Attribute) else NONE

    def _compared(self, tree: ast.Compare) -> Taints:
        """That something is None, or is in a set, depends on no clock and no order."""
        taints = self._of_all([tree.left, *tree.comparators])
        if all(isinstance(op, ast.Is | ast.IsNot) for op in tree.ops):
            return only(taints, {SourceKind.ENVIRONMENT})
        return without(taints, UNORDERED)

    def _chosen(self, test: ast.expr, arms: Iterable[ast.expr]) -> Taints:
        taints, arms = self.of(test), tuple(arms)
        if any(map(self.module.acts, arms)):
            self.decides(test, taints, "whether a task is called")
        with self.decided_by(taints):
            return union(without(taints, UNORDERED), *map(self.of, arms))

    def _of_all(self, trees: Iterable[ast.expr]) -> Taints:
        return union(*[self.of(each) for each in trees])

    def _comprehension(
        self, tree: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> Taints:
        elements = (tree.key, tree.value) if isinstance(tree, ast.DictComp) else (tree.elt,)
        is_list = isinstance(tree, ast.ListComp | ast.GeneratorExp)
        local, matters = self.local, self.order_matters
        self.order_matters = matters and is_list
        order: Taints = NONE
        for loop in tree.generators:
            found = self.goes_through(loop.iter, lambda: self.module.acts(*elements))
            order = union(order, only(found, UNORDERED))
            self.local |= _names_of(loop.target)
            self.bind(loop.target, without(found, UNORDERED))
            for test in loop.ifs:
                taints = self.of(test)
                if self.module.acts(*elements):
                    self.decides(test, taints, "for which elements a task is called")
                order = union(order, without(taints, UNORDERED))
        made = union(order if is_list else without(order, UNORDERED), self._of_all(elements))
        self.local, self.order_matters = local, matters
        if isinstance(tree, ast.SetComp):
            return union(made, self.source(tree, SourceKind.SET))
        return made

    def _put(self, target: ast.Attribute | ast.Subscript, taints: Taints) -> None:
        place = place_of(target)
        if place:
            span = self.module.span(target)
            self.places.write(place, through(taints, f"kept in `{place}`", span))
            return
        if isinstance(target, ast.Subscript):
            taints = without(union(taints, self.of(target.slice)), UNORDERED)
        self.places.add(calls.receiver(target), taints)


def _names_of(target: ast.expr) -> frozenset[str]:
    return frozenset(node.id for node in ast.walk(target) if isinstance(node, ast.Name))


def _are_starred(trees: Iterable[ast.expr]) -> bool:
    return any(isinstance(each, ast.Starred) for each in trees)
