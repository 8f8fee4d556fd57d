"""`try` statements around calls of tasks: what they catch, and which tasks they guard."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from flyte_compiler.callgraph.model import CallSite
from flyte_compiler.dataflow.names import local_names, own_nodes
from flyte_compiler.dataflow.trees import ModuleTree, Trees
from flyte_compiler.source.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """One exception that a `try` around tasks catches."""

    caught: str
    """Its dotted name: `builtins.MemoryError`."""
    span: Span
    others: frozenset[str]
    """What else the statement catches."""
    tasks: tuple[CallSite, ...]
    calls: frozenset[str]
    """The dotted names of what is called around the tasks; empty ones aren't known."""
    only_tasks: bool
    """Whether each statement that is guarded calls a task."""


def guards(trees: Trees) -> Iterator[Guard]:
    """Of every function that calls tasks."""
    for definition in trees.graph.definitions:
        found = trees.function_of(definition) if trees.graph.reaches_task(definition) else None
        if found is None:
            continue
        module, function = found
        local = local_names(function)
        for node in own_nodes(function):
            if isinstance(node, ast.Try):
                yield from _guards(node, module, local)


def _guards(tree: ast.Try, module: ModuleTree, local: frozenset[str]) -> Iterator[Guard]:
    inside = [each for part in tree.body for each in ast.walk(part) if isinstance(each, ast.Call)]
    known = [module.call_of(each) for each in inside]
    tasks = tuple(each for each in known if isinstance(each, CallSite) and each.callee.is_task)
    if not tasks:
        return
    caught = [
        (module.names.origin(each, local), module.span(each))
        for handler in tree.handlers
        for each in _types(handler)
    ]
    calls = frozenset(module.names.origin(each.func, local) for each in inside)
    for name, span in caught:
        yield Guard(
            caught=name,
            span=span,
            others=frozenset(other for other, place in caught if place != span),
            tasks=tasks,
            calls=calls,
            only_tasks=all(module.acts(part) for part in tree.body),
        )


def _types(handler: ast.ExceptHandler) -> list[ast.expr]:
    match handler.type:
        case None:
            return []
        case ast.Tuple(elts=parts):
            return parts
        case only:
            return [only]
