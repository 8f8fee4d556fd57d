"""The type of an expression, as far as the source around it says.

A name that is bound in several places, or that a test may have narrowed, has no known type here.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping

from flyte_compiler.callgraph.model import CallGraph, CallSite, Definition
from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.annotations.classes import Classes
from flyte_compiler.typecheck.annotations.declared import UNKNOWN, Declared, outside_class
from flyte_compiler.typecheck.annotations.expressions import HANDLERS
from flyte_compiler.typecheck.annotations.names import Names
from flyte_compiler.typecheck.annotations.trees import FunctionTree, ModuleTree, Trees, own_nodes
from flyte_compiler.typecheck.model import Type

_DEEPEST = 60
"""Expressions that depend on one another."""


class Inference:
    """Infers types in one program, each once."""

    def __init__(
        self, graph: CallGraph, trees: Trees, names: Names, declared: Declared, classes: Classes
    ) -> None:
        self.names = names
        self.declared = declared
        self.classes = classes
        self._trees = trees
        self._sites: Mapping[Span, CallSite] = {site.span: site for site in graph.sites}
        self._value_calls = frozenset(call.span for call in graph.value_calls)
        self._known: dict[int, Type] = {}

    def type_of(self, node: ast.expr, tree: ModuleTree, depth: int = 0) -> Type:
        """The type of an expression; `AnyType` where it can't be told."""
        if id(node) in self._known:
            return self._known[id(node)]
        if depth > _DEEPEST:
            return UNKNOWN
        self._known[id(node)] = UNKNOWN  # What depends on itself isn't known.
        handler = HANDLERS.get(type(node))
        found = UNKNOWN if handler is None else handler(self, node, tree, depth + 1)
        self._known[id(node)] = found
        return found

    def site_at(self, span: Span) -> CallSite | None:
        """The call of a definition that an expression is."""
        return self._sites.get(span)

    def is_value_call(self, span: Span) -> bool:
        """Whether a call is of a value that may be one of several definitions."""
        return span in self._value_calls

    def declared_result(self, definition: Definition) -> Type:
        """What a definition's call gives once it is awaited, as declared."""
        tree = self._trees.of_module.get(definition.module)
        function = self._trees.function_of(definition)
        if tree is None or function is None or function.returns is None:
            return UNKNOWN
        return self.declared.type_of(function.returns, tree.scope_of(function), tree)

    def result_of(self, function: FunctionTree, tree: ModuleTree) -> Type:
        """What calling a plain function gives, before it is awaited."""
        if function.returns is None or function.decorator_list:
            return UNKNOWN
        declared = self.declared.type_of(function.returns, tree.scope_of(function), tree)
        if isinstance(function, ast.AsyncFunctionDef) and not yields(function):
            return coroutine_of(declared)
        return declared


def coroutine_of(result: Type) -> Type:
    """What a call of an async function gives."""
    return outside_class("typing.Coroutine", (UNKNOWN, UNKNOWN, result))


def yields(function: FunctionTree) -> bool:
    """Whether a function is a generator."""
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own_nodes(function))
