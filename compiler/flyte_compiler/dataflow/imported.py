"""What a task's container imports: its module does, and the functions that its body uses."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.dataflow.names import own_nodes
from flyte_compiler.dataflow.reached import Reaching
from flyte_compiler.dataflow.trees import AnyFunction, ModuleTree, Trees
from flyte_compiler.source.span import Span
from flyte_compiler.syntax.model import Import


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One import that always runs."""

    name: str
    """The module, as far as the statement names it: `google.cloud.storage`."""
    span: Span


class Importing:
    """What one program imports."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees
        self._reaching = Reaching(trees)
        self._own: dict[int, tuple[Import, ...]] = {}
        self._certain: dict[str, tuple[Import, ...]] = {}

    def by_task(self, task: Definition) -> Iterator[Imported]:
        """What running a task imports from outside the program, none of it on a branch or where
        its failure is caught; what its body reaches first."""
        seen: set[str] = set()
        for module, function in self._reaching.by_task(task):
            yield from self._by_function(module, function, seen)
            yield from self._by_module(module.name, seen)

    def _by_module(self, name: str, seen: set[str]) -> Iterator[Imported]:
        """What loading a module imports, its packages' own files too."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            prefix = ".".join(parts[:length])
            module = self._trees.of(prefix)
            if module is None or prefix in seen:
                continue
            seen.add(prefix)
            for each in self._certain_in(module):
                if each.top_level:
                    yield from self._by_import(each, seen)

    def _by_function(
        self, module: ModuleTree, function: AnyFunction, seen: set[str]
    ) -> Iterator[Imported]:
        """What a function's own statements import; those inside may never be called."""
        if id(function) not in self._own:
            self._own[id(function)] = tuple(self._own_of(module, function))
        for each in self._own[id(function)]:
            yield from self._by_import(each, seen)

    def _own_of(self, module: ModuleTree, function: AnyFunction) -> Iterator[Import]:
        nodes = list(own_nodes(function))
        if not any(isinstance(each, ast.Import | ast.ImportFrom) for each in nodes):
            return
        nested = [each for each in nodes if isinstance(each, AnyFunction)]
        for each in self._certain_in(module):
            is_inside = not each.top_level and _holds(module, function, each)
            if is_inside and not any(_holds(module, inner, each) for inner in nested):
                yield each

    def _by_import(self, found: Import, seen: set[str]) -> Iterator[Imported]:
        submodule = f"{found.loads}.{found.attribute}"
        modules = self._trees.graph.modules
        if found.loads in modules or submodule in modules:
            yield from self._by_module(submodule if submodule in modules else found.loads, seen)
        elif not found.loads.startswith("."):
            is_whole = found.attribute in (None, "*")
            yield Imported(name=found.loads if is_whole else submodule, span=found.span)

    def _certain_in(self, module: ModuleTree) -> tuple[Import, ...]:
        """The imports that stand on no branch, and in no `with`: a context manager may catch what
        fails."""
        if module.name not in self._certain:
            blocks = [each for each in ast.walk(module.tree) if isinstance(each, ast.With)]
            self._certain[module.name] = tuple(
                each
                for each in module.index.imports
                if not each.is_guarded and not any(_holds(module, block, each) for block in blocks)
            )
        return self._certain[module.name]


def _holds(module: ModuleTree, tree: ast.stmt, found: Import) -> bool:
    span = module.span(tree)
    return span.start <= found.span.start and found.span.end <= span.end
