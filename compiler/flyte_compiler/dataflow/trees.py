"""The standard library's trees of a program, beside the call graph made from libcst's.

A call of one is found in the other by its span. A module that `ast` doesn't read (it may be
stricter than libcst) has an empty tree: nothing is said about it.
"""

from __future__ import annotations

import ast
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeAlias

from flyte_compiler.callgraph.model import CallGraph, CallSite, Definition, Form, Kind, ValueCall
from flyte_compiler.dataflow.names import Names, module_names
from flyte_compiler.source.span import Position, Span
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.model import ModuleIndex

AnyFunction: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Call: TypeAlias = CallSite | ValueCall
_Place: TypeAlias = tuple[Position, Position]


@dataclass(frozen=True, eq=False, kw_only=True)
class ModuleTree:
    """One module's tree, and what its calls are."""

    index: ModuleIndex
    tree: ast.Module
    calls: Mapping[_Place, Call]
    """Of tasks, traces, helpers that reach one, and of values that may be one."""
    acting: tuple[_Place, ...]
    """The calls that may run a task or a trace, in order."""

    @property
    def name(self) -> str:
        """The module's dotted name."""
        return self.index.module

    @property
    def source(self) -> SourceFile:
        """The module's text."""
        return self.index.source

    @cached_property
    def names(self) -> Names:
        """What its global names are."""
        return module_names(self.index, self.tree)

    @cached_property
    def functions(self) -> Mapping[tuple[int, str], AnyFunction]:
        """Its functions at any depth, by the line and the name of their `def`."""
        found = (node for node in ast.walk(self.tree) if isinstance(node, AnyFunction))
        return {(node.lineno, node.name): node for node in found}

    @cached_property
    def top_functions(self) -> Mapping[str, AnyFunction]:
        """The functions that it defines once at its top level, by name."""
        return {
            node.name: node
            for node in self.tree.body
            if isinstance(node, AnyFunction) and node.name in self.names.once
        }

    def span(self, node: ast.expr | ast.stmt | ast.excepthandler | ast.alias) -> Span:
        """The span of a node."""
        start, end = self._place(node)
        return Span(path=self.source.path, start=start, end=end)

    def text(self, node: ast.expr | ast.stmt) -> str:
        """A node as written."""
        return self.source.slice(self.span(node))

    def call_of(self, node: ast.Call) -> Call | None:
        """What the call graph knows about a call."""
        return self.calls.get(self._place(node))

    def acts(self, *nodes: ast.expr | ast.stmt) -> bool:
        """Whether a task or a trace may be called inside nodes."""
        return any(self._acts_between(*self._place(node)) for node in nodes)

    def acts_after(self, node: ast.stmt, function: AnyFunction) -> bool:
        """Whether one may be called between a statement's end and that of the function around."""
        return self._acts_between(self._place(node)[1], self._place(function)[1])

    def _acts_between(self, start: Position, end: Position) -> bool:
        at = bisect_left(self.acting, (start, start))
        return at < len(self.acting) and self.acting[at][0] < end

    def _place(self, node: ast.expr | ast.stmt | ast.excepthandler | ast.alias) -> _Place:
        end_line = node.end_lineno or node.lineno
        end_column = node.end_col_offset if node.end_col_offset is not None else node.col_offset
        return (
            self._position(node.lineno, node.col_offset),
            self._position(end_line, end_column),
        )

    def _position(self, line: int, column: int) -> Position:
        """`ast` counts bytes."""
        text = self.source.line(line)
        if not text.isascii():
            column = len(text.encode()[:column].decode(errors="ignore"))
        return Position(line, column + 1)


@dataclass(frozen=True, eq=False)
class Trees:
    """The trees of a program's modules."""

    graph: CallGraph
    _known: dict[str, ModuleTree] = field(default_factory=dict, repr=False)

    def of(self, module: str) -> ModuleTree | None:
        """A module's tree; None where it isn't first-party, or couldn't be read."""
        if module not in self._known and module in self.graph.modules:
            self._known[module] = self._read(module)
        return self._known.get(module)

    def function_of(self, definition: Definition) -> tuple[ModuleTree, AnyFunction] | None:
        """The tree of a definition's function."""
        module = self.of(definition.module)
        if module is None:
            return None
        function = definition.function
        key = (function.name_span.start.line, function.short_name)
        found = module.functions.get(key)
        return None if found is None else (module, found)

    def helper_named(self, origin: str) -> tuple[ModuleTree, AnyFunction] | None:
        """The first-party function at the top of its module with this dotted name, through
        whatever modules hand it on."""
        for _ in range(_LONGEST):
            module, _, name = origin.rpartition(".")
            found = self.of(module) if module else None
            if found is None:
                return None
            if name in found.top_functions:
                return found, found.top_functions[name]
            handed_on = found.names.imports.get(name)
            if handed_on is None:
                return None
            origin = handed_on
        return None

    def origin(self, dotted: str) -> str:
        """What a dotted name is in the end, through first-party modules that import it."""
        for _ in range(_LONGEST):
            prefix, rest = self._first_party(dotted)
            found = self.of(prefix) if prefix else None
            name, _, after = rest.partition(".")
            handed_on = found.names.imports.get(name) if found is not None else None
            if handed_on is None:
                return dotted
            dotted = f"{handed_on}.{after}" if after else handed_on
        return dotted

    def drivers(self) -> Iterator[Definition]:
        """The tasks that call tasks."""
        for each in self.graph.definitions:
            if each.is_task and self.graph.reaches_task(each):
                yield each

    def _first_party(self, dotted: str) -> tuple[str, str]:
        parts = dotted.split(".")
        for length in range(len(parts) - 1, 0, -1):
            prefix = ".".join(parts[:length])
            if prefix in self.graph.modules:
                return prefix, ".".join(parts[length:])
        return "", dotted

    def _read(self, module: str) -> ModuleTree:
        index = self.graph.modules[module]
        calls = {place_of(each): each for each in self._calls_in(module)}
        acting = sorted(place for place, each in calls.items() if self._acts(each))
        return ModuleTree(
            index=index, tree=_parsed(index.source.text), calls=calls, acting=tuple(acting)
        )

    def _calls_in(self, module: str) -> Iterator[Call]:
        yield from (each for each in self._by_module.get(module, ()))

    @cached_property
    def _by_module(self) -> Mapping[str, list[Call]]:
        found: dict[str, list[Call]] = {}
        calls: Iterable[Call] = (*self.graph.sites, *self.graph.value_calls)
        for each in calls:
            found.setdefault(each.module, []).append(each)
        return found

    def _acts(self, call: Call) -> bool:
        if call.form is Form.RUN:
            return False
        if isinstance(call, ValueCall):
            return call.is_remote or any(map(self._is_action, call.candidates))
        return self._is_action(call.callee)

    def _is_action(self, callee: Definition) -> bool:
        return callee.kind is not Kind.HELPER or self.graph.reaches_task(callee)


_LONGEST = 10
"""How many modules may hand a name on."""


def place_of(call: Call) -> _Place:
    """Where a call stands in its module."""
    return call.span.start, call.span.end


def _parsed(text: str) -> ast.Module:
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ast.Module(body=[], type_ignores=[])
