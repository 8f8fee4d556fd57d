"""What calls give: of definitions, plain functions, classes, and a few of the standard library."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from flyte_compiler.callgraph.model import CallSite, Form
from flyte_compiler.typecheck.annotations.declared import UNKNOWN, outside_class, union
from flyte_compiler.typecheck.annotations.iterate import awaited, element_of
from flyte_compiler.typecheck.annotations.known import FLOAT, INT, known_class
from flyte_compiler.typecheck.annotations.library import METHODS, RESULTS
from flyte_compiler.typecheck.annotations.names import Bound, Outside
from flyte_compiler.typecheck.annotations.trees import ModuleTree
from flyte_compiler.typecheck.model import AnyType, ClassType, TupleType, Type

if TYPE_CHECKING:
    from flyte_compiler.typecheck.annotations.infer import Inference

_FUTURE = "asyncio.futures.Future"
_SERIES = {
    "builtins.list": "builtins.list",
    "builtins.sorted": "builtins.list",
    "builtins.set": "builtins.set",
    "builtins.frozenset": "builtins.frozenset",
    "builtins.tuple": "builtins.tuple",
    "builtins.reversed": "typing.Iterator",
    "builtins.iter": "typing.Iterator",
}
"""What makes a container of the elements of its one argument."""


def infer_call(self: Inference, node: ast.Call, tree: ModuleTree, depth: int) -> Type:
    """Of a call."""
    span = tree.span(node)
    site = self.site_at(span)
    if site is not None:
        return _of_site(self, site, node)
    if self.is_value_call(span):
        return UNKNOWN
    match self.names.meaning(node.func, tree.scope_of(node), tree):
        case Bound(node=ast.ClassDef() as kind, tree=home):
            return _constructed(self, kind, home)
        case Bound(node=ast.FunctionDef() | ast.AsyncFunctionDef() as function, tree=home):
            is_method = isinstance(home.scope_of(function), ast.ClassDef)
            return UNKNOWN if is_method else self.result_of(function, home)
        case Outside(name=name):
            return _of_library(self, name, node, tree, depth)
        case _:
            return _of_method(self, node, tree, depth)


def _constructed(self: Inference, kind: ast.ClassDef, tree: ModuleTree) -> Type:
    info = self.classes.info(kind, tree)
    is_generic = bool(getattr(kind, "type_params", ())) or any(
        isinstance(base, ast.Subscript) for base in kind.bases
    )
    if info is None or not info.is_whole or is_generic or "__new__" in self.names.bound_in(kind):
        return UNKNOWN
    return self.declared.instance_of(kind, tree)


def _of_site(self: Inference, site: CallSite, node: ast.Call) -> Type:
    result = self.declared_result(site.callee)
    match site.form:
        case Form.RUN:
            return UNKNOWN
        case Form.MAP:
            return _mapped(result, node)
        case Form.CALL | Form.FORWARD | Form.AIO:
            if site.is_bound or len(site.callee.function.decorators) > 1:
                return UNKNOWN
            if not site.gives_coroutine:
                return result
            return outside_class("typing.Coroutine", (UNKNOWN, UNKNOWN, result))


def _mapped(result: Type, node: ast.Call) -> Type:
    """Without a word on exceptions, elements are results: the usual idiom is not to test."""
    wanted = [each.value for each in node.keywords if each.arg == "return_exceptions"]
    is_async = isinstance(node.func, ast.Attribute) and node.func.attr == "aio"
    match wanted:
        case [] | [ast.Constant(value=False)]:
            element = result
        case _:
            element = union([result, known_class("builtins.Exception")])
    return known_class("typing.AsyncIterator" if is_async else "flyte._map.MapResults", element)


def _of_library(self: Inference, name: str, node: ast.Call, tree: ModuleTree, depth: int) -> Type:
    if name in RESULTS:
        return RESULTS[name]
    if any(isinstance(each, ast.Starred) for each in node.args) and name != "asyncio.gather":
        return UNKNOWN
    given = [self.type_of(each, tree, depth) for each in node.args]
    if name in _SERIES:
        element = element_of(given[0]) if len(given) == 1 else None
        return known_class(_SERIES[name], element or UNKNOWN)
    match name, given:
        case "asyncio.gather", _:
            return _gathered(self, node, tree, depth)
        case (("asyncio.create_task" | "asyncio.ensure_future"), [value]):
            return known_class("asyncio.tasks.Task", awaited(value) or UNKNOWN)
        case "asyncio.wait_for", [value, *_]:
            return outside_class("typing.Coroutine", (UNKNOWN, UNKNOWN, awaited(value) or UNKNOWN))
        case "builtins.enumerate", [value, *_]:
            pair = TupleType(items=(INT, element_of(value) or UNKNOWN))
            return known_class("typing.Iterator", pair)
        case "builtins.zip", [_, *_]:
            parts = tuple(element_of(value) or UNKNOWN for value in given)
            return known_class("typing.Iterator", TupleType(items=parts))
        case "builtins.sum", [value]:
            element = element_of(value)
            return element if element == INT else UNKNOWN
        case "builtins.abs", [value]:
            return value if value in (INT, FLOAT) else UNKNOWN
        case "builtins.round", [value, *rest]:
            known = value in (INT, FLOAT)
            return UNKNOWN if not known else value if rest else INT
        case _:
            return UNKNOWN


def _gathered(self: Inference, node: ast.Call, tree: ModuleTree, depth: int) -> Type:
    """Of so many awaitables a tuple, as type checkers have it, although it is a list."""
    if node.keywords:
        return UNKNOWN
    match node.args:
        case [ast.Starred(value=value)]:
            element = element_of(self.type_of(value, tree, depth))
            result = UNKNOWN if element is None else awaited(element)
            return known_class(_FUTURE, known_class("builtins.list", result or UNKNOWN))
        case parts if any(isinstance(each, ast.Starred) for each in parts):
            return UNKNOWN
        case parts:
            types = [awaited(self.type_of(each, tree, depth)) or UNKNOWN for each in parts]
            return known_class(_FUTURE, TupleType(items=tuple(types)))


def _of_method(self: Inference, node: ast.Call, tree: ModuleTree, depth: int) -> Type:
    if not isinstance(node.func, ast.Attribute):
        return UNKNOWN
    owner = self.type_of(node.func.value, tree, depth)
    if isinstance(owner, AnyType) or not isinstance(owner, ClassType):
        return UNKNOWN
    method = node.func.attr
    known = METHODS.get((owner.name, method))
    if known is not None:
        return known
    match owner, method:
        case ClassType(name="builtins.dict", arguments=(key, value)), _:
            kinds = {"keys": key, "values": value, "items": TupleType(items=(key, value))}
            found = kinds.get(method)
            return UNKNOWN if found is None else known_class("typing.Iterable", found)
        case ClassType(name="builtins.list" | "builtins.set"), "copy":
            return owner
        case _:
            return UNKNOWN
