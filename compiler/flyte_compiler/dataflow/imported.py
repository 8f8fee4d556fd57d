"""What a task's container imports: its module does, and the functions that its body calls."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.dataflow.reached import functions_of
from flyte_compiler.dataflow.trees import AnyFunction, ModuleTree, Trees
from flyte_compiler.source.span import Span
from flyte_compiler.syntax.model import Import


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """One import that always runs."""

    name: str
    """The module, as far as the statement names it: `google.cloud.storage`."""
    span: Span


def imported_by(trees: Trees, task: Definition) -> Iterator[Imported]:
    """What running a task imports from outside the program, none of it on a branch or where its
    failure is caught; what its body reaches first."""
    search = _Search(trees)
    for module, function in functions_of(trees, task):
        yield from search.of_function(module, function)
        yield from search.of_module(module.name)


@dataclass(slots=True)
class _Search:
    trees: Trees
    _seen: set[str] = field(default_factory=set)

    def of_module(self, name: str) -> Iterator[Imported]:
        """What loading a module imports, its packages' own files too."""
        parts = name.split(".")
        for length in range(1, len(parts) + 1):
            prefix = ".".join(parts[:length])
            module = self.trees.of(prefix)
            if module is None or prefix in self._seen:
                continue
            self._seen.add(prefix)
            for each in module.index.imports:
                if each.top_level and not each.is_guarded:
                    yield from self._of_import(each, module)

    def of_function(self, module: ModuleTree, function: AnyFunction) -> Iterator[Imported]:
        """What a function's own statements import."""
        for each in module.index.imports:
            is_own = not each.top_level and _holds(module, function, each)
            if is_own and not _may_not_run(each, module, function):
                yield from self._of_import(each, module)

    def _of_import(self, found: Import, module: ModuleTree) -> Iterator[Imported]:
        if _is_inside_with(found, module):
            return
        submodule = f"{found.loads}.{found.attribute}"
        graph = self.trees.graph
        if found.loads in graph.modules or submodule in graph.modules:
            yield from self.of_module(submodule if submodule in graph.modules else found.loads)
        elif not found.loads.startswith("."):
            is_whole = found.attribute in (None, "*")
            yield Imported(name=found.loads if is_whole else submodule, span=found.span)


def _may_not_run(found: Import, module: ModuleTree, function: AnyFunction) -> bool:
    """Whether an import stands on a branch, or in a function inside, which nobody may call."""
    if found.is_guarded:
        return True
    inner = (each for each in ast.walk(function) if isinstance(each, AnyFunction))
    return any(each is not function and _holds(module, each, found) for each in inner)


def _is_inside_with(found: Import, module: ModuleTree) -> bool:
    """A context manager may catch what fails: `with suppress(ImportError):`."""
    statements = (each for each in ast.walk(module.tree) if isinstance(each, ast.With))
    return any(_holds(module, each, found) for each in statements)


def _holds(module: ModuleTree, tree: ast.stmt, found: Import) -> bool:
    span = module.span(tree)
    return span.start <= found.span.start and found.span.end <= span.end
