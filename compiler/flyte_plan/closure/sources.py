"""First-party modules: found under the roots, read and parsed once each.

A module that can't be read as Python is still a module: it is known by its bytes alone.
"""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from flyte_plan.closure.bindings import Bindings, Block, Imported, Rebound
from flyte_plan.closure.own import called, is_task_decorator
from flyte_plan.closure.references import Use
from flyte_plan.modules import find_module


@dataclass(eq=False)
class ModuleSource:
    """One module's code."""

    name: str
    package: str
    """What its relative imports start from."""
    content: bytes = field(repr=False)
    tree: ast.Module = field(repr=False)
    """Empty where there is a fault."""
    fault: str | None
    """Why it can't be read as Python; None where it can."""
    contents: dict[tuple[str, bool], tuple[bytes, frozenset[Use]]] = field(default_factory=dict)
    """What was learnt about its names, and whether as the root: digest and uses."""

    @cached_property
    def _bindings(self) -> Bindings:
        bindings = Bindings(self.package)
        bindings.statements(self.tree.body, ())
        for node in self.tree.body:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                for name in _globals_of(node):
                    bindings.bind(name, Rebound(node.name))
        return bindings

    @cached_property
    def names(self) -> Block:
        """What the module binds."""
        return self._bindings.block()

    @property
    def stars(self) -> tuple[str, ...]:
        """The modules that it imports everything from."""
        return tuple(self._bindings.stars)

    def is_own(self, decorator: ast.expr) -> bool:
        """Whether a decorator is ours: `@x.task`, `@x.compiled_task`, `flyte`'s `trace`."""
        return is_task_decorator(decorator) or self._is_trace(called(decorator))

    def _is_trace(self, name: tuple[str, ...]) -> bool:
        if not name or len(name) > 2:
            return False
        for binding in self.names.get(name[0], ()):
            if isinstance(binding, Imported):
                attribute = (binding.attribute,) if binding.attribute else ()
                if (binding.module, *attribute, *name[1:]) == ("flyte", "trace"):
                    return True
        return False


class Sources:
    """The first-party modules under `roots`. What was read once isn't read again."""

    def __init__(self, *, roots: tuple[Path, ...]) -> None:
        self.roots = roots
        self._modules: dict[str, ModuleSource | None] = {}

    def module(self, name: str) -> ModuleSource | None:
        """The module `name`; None where no root has it."""
        if name not in self._modules:
            file = find_module(name, self.roots)
            self._modules[name] = None if file is None else _read(name, file)
        return self._modules[name]

    def is_folder(self, name: str) -> bool:
        """Whether `name` is a folder without `__init__.py`, which modules can lie in."""
        return any(root.joinpath(*name.split(".")).is_dir() for root in self.roots)


def _globals_of(node: ast.AST) -> Iterator[str]:
    for part in ast.walk(node):
        if isinstance(part, ast.Global):
            yield from part.names


def _read(name: str, file: Path) -> ModuleSource:
    package = name if file.name == "__init__.py" else name.rpartition(".")[0]
    content, tree, fault = b"", ast.Module([], []), None
    try:
        content = file.read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # The program's own escapes are for its importer.
            tree = ast.parse(content)
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError) as error:
        fault = f"it can't be read as Python ({type(error).__name__}: {error})"
    return ModuleSource(name, package, content, tree, fault)
