"""What names are, as far as a module's text says: imports, builtins, first-party functions.

A name that a function binds for itself is nothing else there, but for what it imports.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flyte_compiler.ir.rewrites.names import bound_names
from flyte_compiler.syntax.model import ModuleIndex

_BUILTINS = frozenset(dir(builtins))
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
AnyScope = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Names:
    """The global names of a module."""

    module: str
    imports: Mapping[str, str]
    """Imported names, wherever the import stands, by what they are."""
    bound: frozenset[str]
    once: frozenset[str]
    """Bound in one place only."""

    def origin(self, tree: ast.expr, local: frozenset[str] = frozenset()) -> str:
        """The dotted name of what an expression is: `datetime.datetime.now`, `builtins.len`,
        `app.steps.load`; empty where it isn't known. `local` are the names that the functions
        around bind otherwise than by an import."""
        parts: list[str] = []
        while isinstance(tree, ast.Attribute):
            parts.append(tree.attr)
            tree = tree.value
        if not isinstance(tree, ast.Name) or tree.id in local:
            return ""
        head = self._head(tree.id)
        return ".".join((head, *reversed(parts))) if head else ""

    def _head(self, name: str) -> str:
        if name in self.imports:
            return self.imports[name]
        if name in self.bound:
            return f"{self.module}.{name}"
        return f"builtins.{name}" if name in _BUILTINS else ""


def module_names(index: ModuleIndex, tree: ast.Module) -> Names:
    """The names of a module."""
    times = Counter(bound_names(tree))
    imported = frozenset(each.local for each in index.imports)
    imports = {
        each.local: each.module if each.attribute is None else f"{each.module}.{each.attribute}"
        for each in index.imports
        if each.attribute != "*"
    }
    rebound = {name for name in imported if name in _assigned_names(tree)}
    return Names(
        module=index.module,
        imports={name: what for name, what in imports.items() if name not in rebound},
        bound=frozenset(times),
        once=frozenset(name for name, count in times.items() if count == 1),
    )


def local_names(function: AnyScope) -> frozenset[str]:
    """The names that a function binds for itself, otherwise than by an import: parameters too."""
    arguments = function.args
    names = {each.arg for each in _parameters(arguments)}
    body = function.body if isinstance(function.body, list) else [function.body]
    declared: set[str] = set()
    for node in _own_nodes(body):
        match node:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                names.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                names.add(name)
            case ast.ClassDef(name=name) | ast.ExceptHandler(name=str(name)):
                names.add(name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                names.add(name)
            case ast.Global(names=several) | ast.Nonlocal(names=several):
                declared.update(several)
            case _:
                pass
    return frozenset(names - declared)


def own_nodes(function: AnyScope) -> Iterator[ast.AST]:
    """The nodes of a function's body that aren't inside a function of their own."""
    yield from _own_nodes(function.body if isinstance(function.body, list) else [function.body])


def parameter_names(arguments: ast.arguments) -> tuple[str, ...]:
    """In order, the starred ones last."""
    return tuple(each.arg for each in _parameters(arguments))


def _parameters(arguments: ast.arguments) -> Iterator[ast.arg]:
    yield from arguments.posonlyargs
    yield from arguments.args
    yield from arguments.kwonlyargs
    yield from (each for each in (arguments.vararg, arguments.kwarg) if each is not None)


def _own_nodes(body: list[ast.stmt] | list[ast.expr]) -> Iterator[ast.AST]:
    waiting: list[ast.AST] = list(reversed(body))
    while waiting:
        node = waiting.pop()
        yield node
        if not isinstance(node, (*_SCOPES, ast.ClassDef)):
            waiting += reversed(list(ast.iter_child_nodes(node)))


def _assigned_names(tree: ast.Module) -> frozenset[str]:
    """What the module's own statements bind otherwise than by an import."""
    found: set[str] = set()
    for node in _own_nodes(tree.body):
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                found.add(name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                found.add(name)
            case ast.ClassDef(name=name):
                found.add(name)
            case _:
                pass
    return frozenset(found)
