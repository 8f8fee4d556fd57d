"""First-party modules: found under the roots, read once each, parsed when something needs it.

A module that can't be read as Python is still a module: it is known by its bytes alone.
"""

from __future__ import annotations

import ast
import re
import warnings
from functools import cached_property
from pathlib import Path

from flyte_plan.closure.bindings import Bindings, Block
from flyte_plan.closure.cache import FactsCache
from flyte_plan.closure.effects import bind_effects
from flyte_plan.closure.facts import Facts, Name, Outline, Unit
from flyte_plan.closure.outline import outline_of
from flyte_plan.closure.own import called, is_task_decorator
from flyte_plan.closure.places import Place, find
from flyte_plan.closure.reader import read
from flyte_plan.closure.units import name_of, unit_of
from flyte_plan.modules import find_module

WHOLE = "*"
"""The name that stands for all of a module."""

_GLOBAL = re.compile(rb"(^|[:;])\s*global\b", re.MULTILINE)
"""Finds every `global` statement, in a file of any encoding that Python reads, and some text."""

_UNREADABLE = (OSError, SyntaxError, ValueError, RecursionError, MemoryError)


class ModuleSource:
    """One module's code: facts, and the tree that those which are still wanted are read from."""

    def __init__(self, name: str, package: str, content: bytes, facts: Facts) -> None:
        self.name = name
        self.package = package
        """What its relative imports start from."""
        self.content = content
        self.facts = facts
        self.has_news = False
        """Whether there are facts that weren't handed in."""

    @cached_property
    def tree(self) -> ast.Module:
        """Empty where there is a fault."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # The program's own escapes are for its importer.
                return ast.parse(self.content)
        except _UNREADABLE as error:
            self.facts.fault = f"it can't be read as Python ({type(error).__name__}: {error})"
            self.has_news = isinstance(error, SyntaxError)  # The others are this process's limits.
            return ast.Module([], [])

    def parse(self) -> None:
        """Learn whether there is a fault."""
        _ = self.tree

    @property
    def fault(self) -> str | None:
        """Why it can't be read as Python; None where it can."""
        return self.facts.fault

    @property
    def outline(self) -> Outline:
        """What the module binds."""
        if self.facts.outline is None:
            self.has_news = True
            self.facts.outline = outline_of(self._bindings, self._block)
        return self.facts.outline

    @cached_property
    def _bindings(self) -> Bindings:
        bindings = Bindings(self.package)
        bindings.statements(self.tree.body)
        has_globals = _GLOBAL.search(self.content) is not None
        bind_effects(bindings, self.tree.body, has_globals=has_globals)
        return bindings

    @cached_property
    def _block(self) -> Block:
        return self._bindings.block()

    def place(self, qualname: str) -> Place:
        """Where a qualified name stands."""
        return find(self._block, self.package, qualname)

    def has(self, qualname: str) -> bool:
        """Whether anything binds a qualified name."""
        known = qualname in self.outline.names or qualname in self.facts.units
        return known or ("." in qualname and bool(self.place(qualname).bindings))

    def name_of(self, qualname: str) -> Name:
        """What the module says of a qualified name."""
        known = self.outline.names.get(qualname)
        return name_of(self.place(qualname).bindings) if known is None else known

    def unit(self, qualname: str) -> Unit:
        """The code behind a qualified name; `*` is that of the whole module."""
        known = self.facts.units.get(qualname)
        if known is None:
            self.has_news = True
            known = self.facts.units[qualname] = self._read(qualname)
        return known

    def _read(self, qualname: str) -> Unit:
        if qualname != WHOLE:
            return unit_of(self.place(qualname), self.package, self.is_own)
        form, uses = read([self.tree], self.package, self.is_own, wholes=frozenset())
        return Unit(form, uses, (), is_function=False, owner=None)

    def is_own(self, decorator: ast.expr) -> bool:
        """Whether a decorator is ours: `@x.task`, `@x.compiled_task`, `flyte`'s `trace`."""
        return is_task_decorator(decorator) or self._is_trace(called(decorator))

    def _is_trace(self, name: tuple[str, ...]) -> bool:
        known = self.outline.names.get(name[0]) if 0 < len(name) < 3 else None
        return known is not None and any(
            (target.module, *target.attributes, *name[1:]) == ("flyte", "trace")
            for target in known.imports
        )


class Sources:
    """The first-party modules under `roots`. What was read once isn't read again.

    `cache` is a folder to keep facts in from process to process: safe to delete at any time, and
    passed over where it can't be written.
    """

    def __init__(self, *, roots: tuple[Path, ...], cache: Path | None = None) -> None:
        self.roots = roots
        self._cache = None if cache is None else FactsCache(cache)
        self._modules: dict[str, ModuleSource | None] = {}

    def module(self, name: str) -> ModuleSource | None:
        """The module `name`; None where no root has it."""
        if name not in self._modules:
            file = find_module(name, self.roots)
            self._modules[name] = None if file is None else self._read(name, file)
        return self._modules[name]

    def is_folder(self, name: str) -> bool:
        """Whether `name` is a folder without `__init__.py`, which modules can lie in."""
        return any(root.joinpath(*name.split(".")).is_dir() for root in self.roots)

    def keep(self) -> None:
        """Write what was learnt to the cache."""
        for source in self._modules.values() if self._cache is not None else ():
            if source is not None and source.has_news and self._cache is not None:
                source.has_news = False
                self._cache.write(source.content, source.package, source.facts)

    def _read(self, name: str, file: Path) -> ModuleSource:
        package = name if file.name == "__init__.py" else name.rpartition(".")[0]
        try:
            content = file.read_bytes()
        except OSError as error:
            fault = f"it can't be read as Python ({type(error).__name__}: {error})"
            return ModuleSource(name, package, b"", Facts(fault=fault))
        facts = None if self._cache is None else self._cache.read(content, package)
        source = ModuleSource(name, package, content, Facts() if facts is None else facts)
        if facts is None:
            source.parse()
        return source
