"""Each module's tree as the standard `ast` has it, with spans that meet those of `Positions`.

A module that this Python can't parse has no tree, and nothing is known about it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TypeAlias

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.source.span import Position, Span
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.model import ModuleIndex

FunctionTree: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
ScopeTree: TypeAlias = ast.Module | ast.ClassDef | FunctionTree | ast.Lambda
_SCOPES = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_WITHOUT_PARENTHESES = (ast.Tuple, ast.GeneratorExp)
"""Nodes whose parentheses `ast` counts in, and `Positions` doesn't."""


class ModuleTree:
    """One module's tree, and where everything in it stands."""

    def __init__(self, source: SourceFile, tree: ast.Module) -> None:
        self.source = source
        self.tree = tree
        self.is_ascii = source.text.isascii()

    def span(self, node: ast.expr | ast.stmt | ast.arg) -> Span:
        """Where a node stands, without the parentheses around it."""
        start = self._position(node.lineno, node.col_offset)
        end = self._position(node.end_lineno or node.lineno, node.end_col_offset or 0)
        span = Span(path=self.source.path, start=start, end=end)
        return self._inside(span, node) if isinstance(node, _WITHOUT_PARENTHESES) else span

    @cached_property
    def expressions(self) -> Mapping[tuple[Position, Position], ast.expr]:
        """Every expression by its place; of two at one place the outer one."""
        found: dict[tuple[Position, Position], ast.expr] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, ast.expr):
                span = self.span(node)
                found.setdefault((span.start, span.end), node)
        return found

    @cached_property
    def parents(self) -> Mapping[int, ast.AST]:
        """What each node stands in, by identity."""
        return {
            id(inner): outer
            for outer in ast.walk(self.tree)
            for inner in ast.iter_child_nodes(outer)
        }

    @cached_property
    def functions(self) -> Mapping[int, FunctionTree]:
        """Functions by the line of their `def`; two on one line are none."""
        found: dict[int, FunctionTree | None] = {}
        for node in ast.walk(self.tree):
            if isinstance(node, FunctionTree):
                found[node.lineno] = None if node.lineno in found else node
        return {line: node for line, node in found.items() if node is not None}

    def expression_at(self, span: Span) -> ast.expr | None:
        """The expression that fills a span."""
        return self.expressions.get((span.start, span.end))

    def scope_of(self, node: ast.AST) -> ScopeTree:
        """The innermost scope that a node stands in. What stands in a function's head (defaults,
        annotations, decorators) stands in the scope around it."""
        inner, outer = node, self.parents[id(node)]
        while not (isinstance(outer, _SCOPES) and _is_body(inner, outer)):
            inner, outer = outer, self.parents[id(outer)]
        return outer

    def _position(self, line: int, column: int) -> Position:
        if self.is_ascii:
            return Position(line, column + 1)
        text = self.source.line(line)
        if text.isascii():
            return Position(line, column + 1)
        return Position(line, len(text.encode()[:column].decode(errors="replace")) + 1)

    def _inside(self, span: Span, node: ast.expr) -> Span:
        start, end = self.source.offset(span.start), self.source.offset(span.end)
        text = self.source.text
        if not (text[start] == "(" and text[end - 1] == ")"):
            return span
        if isinstance(node, ast.Tuple) and node.elts and self._is_element(start, node.elts[0]):
            return span
        start, end = start + 1, end - 1
        while start < end and text[start].isspace():
            start += 1
        while start < end and text[end - 1].isspace():
            end -= 1
        return self.source.span(start, end)

    def _is_element(self, start: int, first: ast.expr) -> bool:
        """Whether a tuple's first parenthesis is that of its first element: `(a), (b)`."""
        inner = self.span(first)
        opened = self.source.text[start : self.source.offset(inner.start)].count("(")
        rest = self.source.text[self.source.offset(inner.end) :]
        closing = rest[: len(rest) - len(rest.lstrip(") \t\r\n"))]
        return 0 < opened <= closing.count(")")


def _is_body(inner: ast.AST, outer: ast.AST) -> bool:
    match outer:
        case ast.FunctionDef(body=body) | ast.AsyncFunctionDef(body=body) | ast.ClassDef(body=body):
            return any(each is inner for each in body)
        case ast.Lambda(body=expression):
            return expression is inner
        case _:
            return True


class Trees:
    """The trees of a program's modules."""

    def __init__(self, modules: Mapping[str, ModuleIndex]) -> None:
        self.of_module: dict[str, ModuleTree] = {}
        for name, index in modules.items():
            parsed = parsed_text(index.source.text)
            if parsed is not None:
                self.of_module[name] = ModuleTree(index.source, parsed)
        self._by_path = {each.source.path: each for each in self.of_module.values()}

    def holding(self, span: Span) -> ModuleTree | None:
        """The tree of the module that a span lies in."""
        return self._by_path.get(span.path)

    def module_at(self, span: Span) -> str | None:
        """The name of the module that a span lies in."""
        tree = self.holding(span)
        return None if tree is None else tree.source.module

    def expression_at(self, span: Span) -> ast.expr | None:
        """The expression that fills a span."""
        tree = self.holding(span)
        return None if tree is None else tree.expression_at(span)

    def function_of(self, definition: Definition) -> FunctionTree | None:
        """The tree of a definition's function."""
        tree = self.of_module.get(definition.module)
        if tree is None:
            return None
        found = tree.functions.get(definition.function.name_span.start.line)
        return found if found is not None and _is_named(found, definition) else None


def _is_named(tree: FunctionTree, definition: Definition) -> bool:
    return tree.name == definition.function.short_name


def parsed_text(text: str) -> ast.Module | None:
    """The tree of a module's text; None where this Python has none."""
    try:
        return ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None  # What libcst reads, and this Python doesn't.


def own_nodes(function: ast.AST) -> Iterator[ast.AST]:
    """What stands in a function's body, and not in a function or class inside it."""
    waiting: list[ast.AST] = list(reversed(getattr(function, "body", [])))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef | ast.Lambda):
            waiting.extend(reversed(list(ast.iter_child_nodes(node))))
