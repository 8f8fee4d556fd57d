"""What names and attributes hold, by the one place that binds them."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flyte_compiler.typecheck.annotations.declared import UNKNOWN
from flyte_compiler.typecheck.annotations.iterate import element_of
from flyte_compiler.typecheck.annotations.known import is_scalar
from flyte_compiler.typecheck.annotations.names import Bound
from flyte_compiler.typecheck.annotations.narrowed import narrowed_names
from flyte_compiler.typecheck.annotations.trees import FunctionTree, ModuleTree, ScopeTree
from flyte_compiler.typecheck.model import (
    CallableType,
    ClassForm,
    ClassType,
    NoneType,
    TupleType,
    Type,
)

if TYPE_CHECKING:
    from flyte_compiler.typecheck.annotations.infer import Inference


def infer_attribute(self: Inference, node: ast.Attribute, tree: ModuleTree, depth: int) -> Type:
    """Of an attribute: a module's name, an enum's member, a field."""
    scope = tree.scope_of(node)
    match self.names.meaning(node, scope, tree):
        case Bound(node=ast.Name() as target, scope=ast.ClassDef() as kind, tree=home):
            info = self.classes.info(kind, home)
            is_member = info is not None and info.form is ClassForm.ENUM
            instance = self.declared.instance_of(kind, home) if is_member else None
            return instance or _bound(self, target, kind, home, depth)
        case Bound(node=ast.Name() as target, scope=where, tree=home):
            return _bound(self, target, where, home, depth)
        case _:
            owner = self.type_of(node.value, tree, depth)
    found = _field(self, owner, node.attr)
    return UNKNOWN if node.attr in narrowed_names(scope) and _may_narrow(found) else found


def _field(self: Inference, owner: Type, name: str) -> Type:
    if not isinstance(owner, ClassType) or owner.arguments:
        return UNKNOWN
    fields = self.classes.fields_of(owner.name)
    return UNKNOWN if fields is None else fields.get(name, UNKNOWN)


def _may_narrow(found: Type) -> bool:
    """Whether a test may tell more than what is declared."""
    return not (is_scalar(found) or isinstance(found, NoneType | TupleType))


def infer_name(self: Inference, node: ast.Name, tree: ModuleTree, depth: int) -> Type:
    """Of a name, by the one place that binds it."""
    loop = _loop_around(node, tree)
    scope = tree.scope_of(node)
    if loop is not None:
        found = _bound(self, loop, scope, tree, depth)
        return UNKNOWN if node.id in narrowed_names(scope) and _may_narrow(found) else found
    match self.names.meaning(node, scope, tree):
        case Bound(node=ast.Name() | ast.arg() as target, scope=where, tree=home):
            found = _bound(self, target, where, home, depth)
            is_narrowed = node.id in narrowed_names(scope) and _may_narrow(found)
            return UNKNOWN if is_narrowed else found
        case Bound(node=ast.FunctionDef() | ast.AsyncFunctionDef() as function, tree=home):
            plain = not function.decorator_list and not isinstance(
                home.scope_of(function), ast.ClassDef
            )
            return CallableType(text=f"def {function.name}") if plain else UNKNOWN
        case _:
            return _of_several(self, node, scope, tree, depth)


def _of_several(
    self: Inference, node: ast.Name, scope: ScopeTree, tree: ModuleTree, depth: int
) -> Type:
    """Of a name that several places bind to values of one type."""
    places = self.names.bound_in(scope).get(node.id, [])
    targets = [each for each in places if isinstance(each, ast.Name | ast.arg)]
    if len(targets) < max(2, len(places)):
        return UNKNOWN
    found = {_bound(self, each, scope, tree, depth) for each in targets}
    only = found.pop()
    is_narrowed = node.id in narrowed_names(scope) and _may_narrow(only)
    return UNKNOWN if found or is_narrowed else only


def _loop_around(node: ast.Name, tree: ModuleTree) -> ast.Name | None:
    """The target in a comprehension around a name that binds it."""
    inner: ast.AST = node
    while not isinstance(inner, ast.stmt):
        inner = tree.parents[id(inner)]
        if isinstance(inner, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
            for generator in reversed(inner.generators):
                for target in ast.walk(generator.target):
                    if isinstance(target, ast.Name) and target.id == node.id:
                        return target if target is not node else None
    return None


def _bound(
    self: Inference, target: ast.Name | ast.arg, scope: ScopeTree, tree: ModuleTree, depth: int
) -> Type:
    """The type of what a target or parameter is bound to."""
    if isinstance(target, ast.arg):
        return _parameter(self, target, scope, tree)
    path: list[int] = []
    inner: ast.AST = target
    while isinstance(outer := tree.parents[id(inner)], ast.Tuple | ast.List):
        if any(isinstance(each, ast.Starred) for each in outer.elts):
            return UNKNOWN
        path.insert(0, next(n for n, each in enumerate(outer.elts) if each is inner))
        inner = outer
    found = _beside(self, outer, scope, tree, depth)
    for place in path:
        found = _part(found, place)
    return found


def _parameter(self: Inference, target: ast.arg, scope: ScopeTree, tree: ModuleTree) -> Type:
    if isinstance(scope, ast.Lambda) or not isinstance(scope, FunctionTree):
        return UNKNOWN
    if target.annotation is None:
        return UNKNOWN
    if target in (scope.args.vararg, scope.args.kwarg):
        return UNKNOWN
    return self.declared.type_of(target.annotation, tree.scope_of(scope), tree)


def _beside(
    self: Inference, outer: ast.AST, scope: ScopeTree, tree: ModuleTree, depth: int
) -> Type:
    match outer:
        case ast.AnnAssign(annotation=annotation):
            return self.declared.type_of(annotation, scope, tree)
        case ast.Assign(value=value) | ast.NamedExpr(value=value):
            return self.type_of(value, tree, depth)
        case (
            ast.For(iter=iterable) | ast.AsyncFor(iter=iterable) | ast.comprehension(iter=iterable)
        ):
            return element_of(self.type_of(iterable, tree, depth)) or UNKNOWN
        case _:
            return UNKNOWN


def _part(whole: Type, place: int) -> Type:
    match whole:
        case TupleType(items=items):
            return items[place] if place < len(items) else UNKNOWN
        case _:
            return element_of(whole) or UNKNOWN
