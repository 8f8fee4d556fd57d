"""What a name means where it stands, across the program's modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from flyte_compiler.syntax.model import ModuleIndex
from flyte_compiler.typecheck.annotations.known import is_builtin
from flyte_compiler.typecheck.annotations.trees import (
    FunctionTree,
    ModuleTree,
    ScopeTree,
    Trees,
    own_nodes,
)

_DEEPEST = 20
"""Imports of imports that are followed."""


@dataclass(frozen=True, slots=True)
class Outside:
    """Something outside the program, by its full name: `builtins.int`, `asyncio.gather`."""

    name: str


@dataclass(frozen=True, slots=True)
class ModuleMeaning:
    """A module of the program."""

    name: str


@dataclass(frozen=True, slots=True)
class Bound:
    """What is bound once in a scope of the program, by the node that binds it."""

    node: ast.AST
    """A function, a class, a parameter, an assignment's target."""
    scope: ScopeTree
    tree: ModuleTree = field(repr=False)


Meaning: TypeAlias = Outside | ModuleMeaning | Bound


class Names:
    """The names of a program."""

    def __init__(self, trees: Trees, modules: Mapping[str, ModuleIndex]) -> None:
        self.trees = trees
        self._modules = modules
        self._bindings: dict[int, Mapping[str, list[ast.AST]]] = {}

    def meaning(self, node: ast.expr, scope: ScopeTree, tree: ModuleTree) -> Meaning | None:
        """What a dotted name means; None for all else, and where it is bound more than once."""
        match node:
            case ast.Name(id=name):
                return self._in_scopes(name, scope, tree)
            case ast.Attribute(value=value, attr=attribute):
                owner = self.meaning(value, scope, tree)
                return None if owner is None else self._member(owner, attribute, 0)
            case _:
                return None

    def bound_in(self, scope: ScopeTree) -> Mapping[str, list[ast.AST]]:
        """The names that a scope binds, each with the nodes that bind it."""
        if id(scope) not in self._bindings:
            found: dict[str, list[ast.AST]] = {}
            for name, node in _bindings(scope):
                found.setdefault(name, []).append(node)
            self._bindings[id(scope)] = found
        return self._bindings[id(scope)]

    def _in_scopes(self, name: str, scope: ScopeTree, tree: ModuleTree) -> Meaning | None:
        innermost = scope
        while True:
            found = self.bound_in(scope).get(name)
            is_hidden = isinstance(scope, ast.ClassDef) and scope is not innermost
            if found is not None and not is_hidden:
                return self._of_bindings(found, scope, tree, 0)
            if isinstance(scope, ast.Module):
                break
            scope = tree.scope_of(scope)
        if self._modules[tree.source.module].is_open or not is_builtin(name):
            return None
        return Outside(f"builtins.{name}")

    def _of_bindings(
        self, found: list[ast.AST], scope: ScopeTree, tree: ModuleTree, depth: int
    ) -> Meaning | None:
        if len(found) != 1:
            return None
        node = found[0]
        if not isinstance(node, ast.alias):
            return Bound(node, scope, tree)
        statement = tree.parents[id(node)]
        if isinstance(statement, ast.ImportFrom):
            module = _imported_module(statement, tree)
            return self._of_module(module, node.name, depth)
        name = node.name if node.asname else node.name.partition(".")[0]
        return self._module(name)

    def _of_module(self, module: str, name: str, depth: int) -> Meaning | None:
        if module not in self.trees.of_module:
            if module in self._modules:
                return None
            return self._module(f"{module}.{name}")
        tree = self.trees.of_module[module]
        found = self.bound_in(tree.tree).get(name)
        if found is None:
            submodule = f"{module}.{name}"
            return ModuleMeaning(submodule) if submodule in self._modules else None
        if depth > _DEEPEST:
            return None
        return self._of_bindings(found, tree.tree, tree, depth + 1)

    def _module(self, name: str) -> Meaning:
        is_ours = name in self._modules or any(
            module.startswith(f"{name}.") for module in self._modules
        )
        return ModuleMeaning(name) if is_ours else Outside(name)

    def _member(self, owner: Meaning, name: str, depth: int) -> Meaning | None:
        match owner:
            case Outside(name=outside):
                return Outside(f"{outside}.{name}")
            case ModuleMeaning(name=module):
                if module in self._modules:
                    return self._of_module(module, name, depth)
                return self._module(f"{module}.{name}")
            case Bound(node=ast.ClassDef() as node, tree=tree):
                found = self.bound_in(node).get(name)
                return None if found is None else self._of_bindings(found, node, tree, depth)
            case Bound():
                return None


def _imported_module(statement: ast.ImportFrom, tree: ModuleTree) -> str:
    if not statement.level:
        return statement.module or ""
    package = tree.source.module.split(".")
    dropped = statement.level - (tree.source.path.name == "__init__.py")
    kept = package[: len(package) - dropped] if dropped else package
    return ".".join([*kept, *([statement.module] if statement.module else [])])


def _bindings(scope: ScopeTree) -> Iterator[tuple[str, ast.AST]]:
    if isinstance(scope, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
        yield from ((each.arg, each) for each in parameters_of(scope))
    nodes = own_nodes(scope) if not isinstance(scope, ast.Lambda) else ast.walk(scope.body)
    elsewhere: set[str] = set()
    hidden: set[int] = set()
    for node in nodes:
        match node:
            case ast.comprehension(target=target):
                hidden.update(id(each) for each in ast.walk(target))
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()) if id(node) not in hidden:
                yield name, node
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name, node
            case ast.ClassDef(name=name):
                yield name, node
            case ast.alias() if node.name != "*":
                yield node.asname or node.name.partition(".")[0], node
            case ast.ExceptHandler(name=str(name)):
                yield name, node
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name, node
            case ast.MatchMapping(rest=str(name)):
                yield name, node
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                elsewhere.update(names)
            case _:
                pass
    for name in elsewhere:  # Bound elsewhere, and nobody knows how often.
        yield name, scope
        yield name, scope


def parameters_of(function: FunctionTree | ast.Lambda) -> Iterator[ast.arg]:
    """A function's parameters, in order."""
    arguments = function.args
    yield from (*arguments.posonlyargs, *arguments.args)
    if arguments.vararg is not None:
        yield arguments.vararg
    yield from arguments.kwonlyargs
    if arguments.kwarg is not None:
        yield arguments.kwarg
