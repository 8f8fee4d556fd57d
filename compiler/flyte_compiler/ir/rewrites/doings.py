"""What one fragment does: which objects it reads and changes, whether it prints, and the first
thing that makes it an effect."""

from __future__ import annotations

import ast
from collections.abc import Iterable

from flyte_compiler.ir.rewrites.forms import UNKNOWN, Form, Value, value
from flyte_compiler.ir.rewrites.heap import Heap

_SHOWN = 40
"""Longer expressions are cut, in a reason."""


class Doings:
    """A record of one fragment, filled while it is gone through."""

    def __init__(self, heap: Heap, site: str) -> None:
        self.heap = heap
        self.reads: set[str] = set()
        self.changes: set[str] = set()
        self.prints = False
        self.reason: str | None = None
        self._site = site

    def new(self, tree: ast.AST, form: Form, members: Iterable[Value] = ()) -> Value:
        """An object made here, with what is kept in it. The form doesn't speak of members that
        others may change: those are anything."""
        made = value(form, frozenset({self._place(tree)}))
        for member in members:
            self.heap.keep(made, member)
        return made

    def read(self, what: Value, tree: ast.AST) -> None:
        """Look at objects."""
        if self._is_ours(what, tree):
            self.reads |= what.groups

    def change(self, what: Value, tree: ast.AST) -> None:
        """Change objects."""
        if self._is_ours(what, tree):
            self.changes |= what.groups
            self.heap.change(what.groups)

    def anything(self, reason: str, values: Iterable[Value] = ()) -> Value:
        """Do what isn't known, with these at hand."""
        if self.reason is None:
            self.reason = reason
        for each in values:
            self.heap.give_away(each.groups)
        return UNKNOWN

    def _is_ours(self, what: Value, tree: ast.AST) -> bool:
        if self.heap.is_ours(what.groups):
            return True
        self.anything(f"uses `{shown(tree)}`, which other code may change", (what,))
        return False

    def _place(self, tree: ast.AST) -> str:
        line, column = getattr(tree, "lineno", 0), getattr(tree, "col_offset", 0)
        return f"{self._site}:{line}:{column}:{type(tree).__name__}"


def shown(tree: ast.AST) -> str:
    """An expression in a reason, on one line."""
    text = " ".join(ast.unparse(tree).split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
