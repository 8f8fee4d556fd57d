"""The functions that run in a task's own process: its body, and the first-party ones it uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from flyte_compiler.callgraph.model import CallSite, Definition, Form, Kind
from flyte_compiler.dataflow.names import AnyScope, local_names, own_nodes
from flyte_compiler.dataflow.trees import AnyFunction, ModuleTree, Trees


class Reaching:
    """What the tasks of one program run; each function is looked at once."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees
        self._used: dict[int, tuple[tuple[ModuleTree, AnyFunction], ...]] = {}
        definitions = trees.graph.definitions
        self._tasks = {(each.module, each.function.name) for each in definitions if each.is_task}

    def by_task(self, task: Definition) -> Iterator[tuple[ModuleTree, AnyFunction]]:
        """The task's function, then each function that it uses, by a call or as a value, others
        between them; each once. What another task does runs elsewhere."""
        found = self._trees.function_of(task)
        waiting = [] if found is None else [found]
        seen = {id(function) for _, function in waiting}
        for module, function in waiting:  # grows while it is read
            yield module, function
            for used in self._used_by(module, function):
                if id(used[1]) not in seen:
                    seen.add(id(used[1]))
                    waiting.append(used)

    def _used_by(
        self, module: ModuleTree, function: AnyFunction
    ) -> tuple[tuple[ModuleTree, AnyFunction], ...]:
        if id(function) not in self._used:
            self._used[id(function)] = tuple(
                each
                for each in _used(self._trees, module, function)
                if (each[0].name, each[1].name) not in self._tasks
            )
        return self._used[id(function)]


def scoped_nodes(
    function: AnyScope, around: frozenset[str] = frozenset()
) -> Iterator[tuple[ast.AST, frozenset[str]]]:
    """The nodes of a body, and of functions inside, each with the names that are local there."""
    local = around | local_names(function)
    for node in own_nodes(function):
        yield node, local
        if isinstance(node, AnyScope):
            yield from scoped_nodes(node, local)


def _used(
    trees: Trees, module: ModuleTree, function: AnyFunction
) -> Iterator[tuple[ModuleTree, AnyFunction]]:
    for node, local in scoped_nodes(function):
        if isinstance(node, ast.Call):
            known = module.call_of(node)
            if isinstance(known, CallSite) and _runs_here(known):
                called = trees.function_of(known.callee)
                if called is not None:
                    yield called
        elif isinstance(node, ast.Name | ast.Attribute):
            origin = module.names.origin(node, local)
            used = trees.helper_named(origin) if origin else None
            if used is not None:
                yield used


def _runs_here(site: CallSite) -> bool:
    return site.callee.kind in (Kind.HELPER, Kind.TRACE) or site.form is Form.FORWARD
