"""How each kind of expression gets its type: a table. A kind that isn't there has none."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from flyte_compiler.typecheck.annotations.bindings import infer_attribute, infer_name
from flyte_compiler.typecheck.annotations.calls import infer_call
from flyte_compiler.typecheck.annotations.declared import UNKNOWN, union
from flyte_compiler.typecheck.annotations.iterate import awaited, element_of
from flyte_compiler.typecheck.annotations.known import (
    BOOL,
    BYTES,
    FLOAT,
    INT,
    STR,
    class_of_constant,
    is_scalar,
    known_class,
)
from flyte_compiler.typecheck.annotations.trees import ModuleTree
from flyte_compiler.typecheck.model import CallableType, ClassType, NoneType, TupleType, Type

if TYPE_CHECKING:
    from flyte_compiler.typecheck.annotations.infer import Inference

Handler: TypeAlias = "Callable[[Inference, Any, ModuleTree, int], Type]"


def _constant(self: Inference, node: ast.Constant, tree: ModuleTree, depth: int) -> Type:
    del self, tree, depth
    if node.value is None:
        return NoneType()
    return class_of_constant(node) or UNKNOWN


def _string(self: Inference, node: ast.expr, tree: ModuleTree, depth: int) -> Type:
    del self, node, tree, depth
    return STR


def _comparison(self: Inference, node: ast.Compare, tree: ModuleTree, depth: int) -> Type:
    sides = [self.type_of(each, tree, depth) for each in (node.left, *node.comparators)]
    identity = (ast.Is, ast.IsNot, ast.In, ast.NotIn)
    plain = all(isinstance(each, identity) for each in node.ops) or all(map(is_scalar, sides))
    return BOOL if plain else UNKNOWN


def _unary(self: Inference, node: ast.UnaryOp, tree: ModuleTree, depth: int) -> Type:
    if isinstance(node.op, ast.Not):
        return BOOL
    operand = self.type_of(node.operand, tree, depth)
    if operand == BOOL:
        return INT
    return operand if operand in (INT, FLOAT) else UNKNOWN


def _arithmetic(self: Inference, node: ast.BinOp, tree: ModuleTree, depth: int) -> Type:
    left = self.type_of(node.left, tree, depth)
    right = self.type_of(node.right, tree, depth)
    numbers = (BOOL, INT, FLOAT)
    if left in numbers and right in numbers:
        return _number(left, right, node.op)
    match node.op:
        case ast.Add() if left == right and (left in (STR, BYTES) or _is_list(left)):
            return left
        case ast.Mod() if left == STR:
            return STR
        case ast.Mult() if left == STR and right == INT:
            return STR
        case ast.Mult() if _is_list(left) and right == INT:
            return left
        case ast.Div() if _is_path(left) and (right == STR or _is_path(right)):
            return left
        case _:
            return UNKNOWN


def _number(left: Type, right: Type, operator: ast.operator) -> Type:
    match operator:
        case ast.Add() | ast.Sub() | ast.Mult() | ast.FloorDiv() | ast.Mod():
            return FLOAT if FLOAT in (left, right) else INT
        case ast.Div():
            return FLOAT
        case ast.BitAnd() | ast.BitOr() | ast.BitXor() | ast.LShift() | ast.RShift():
            return UNKNOWN if FLOAT in (left, right) or left == right == BOOL else INT
        case _:
            return UNKNOWN


def _is_list(tested: Type) -> bool:
    return isinstance(tested, ClassType) and tested.name == "builtins.list"


def _is_path(tested: Type) -> bool:
    return isinstance(tested, ClassType) and tested.name == "pathlib.Path"


def _either(self: Inference, node: ast.BoolOp, tree: ModuleTree, depth: int) -> Type:
    return _agreed([self.type_of(each, tree, depth) for each in node.values])


def _choice(self: Inference, node: ast.IfExp, tree: ModuleTree, depth: int) -> Type:
    return union([self.type_of(each, tree, depth) for each in (node.body, node.orelse)])


def _agreed(types: Sequence[Type]) -> Type:
    """What all are, if they are one; nothing is known of none."""
    if not types or any(each != types[0] for each in types):
        return UNKNOWN
    return types[0]


def _walrus(self: Inference, node: ast.NamedExpr, tree: ModuleTree, depth: int) -> Type:
    return self.type_of(node.value, tree, depth)


def _await(self: Inference, node: ast.Await, tree: ModuleTree, depth: int) -> Type:
    return awaited(self.type_of(node.value, tree, depth)) or UNKNOWN


def _display(name: str) -> Handler:
    def infer(self: Inference, node: ast.expr, tree: ModuleTree, depth: int) -> Type:
        assert isinstance(node, ast.List | ast.Set)
        elements = [_element(self, each, tree, depth) for each in node.elts]
        return known_class(name, _agreed(elements))

    return infer


def _element(self: Inference, node: ast.expr, tree: ModuleTree, depth: int) -> Type:
    if isinstance(node, ast.Starred):
        return element_of(self.type_of(node.value, tree, depth)) or UNKNOWN
    return self.type_of(node, tree, depth)


def _tuple(self: Inference, node: ast.Tuple, tree: ModuleTree, depth: int) -> Type:
    elements = [_element(self, each, tree, depth) for each in node.elts]
    if any(isinstance(each, ast.Starred) for each in node.elts):
        return known_class("builtins.tuple", _agreed(elements))
    return TupleType(items=tuple(elements))


def _dict(self: Inference, node: ast.Dict, tree: ModuleTree, depth: int) -> Type:
    if None in node.keys:
        return known_class("builtins.dict", UNKNOWN, UNKNOWN)
    keys = [self.type_of(each, tree, depth) for each in node.keys if each is not None]
    values = [self.type_of(each, tree, depth) for each in node.values]
    return known_class("builtins.dict", _agreed(keys), _agreed(values))


def _comprehension(name: str) -> Handler:
    def infer(self: Inference, node: ast.expr, tree: ModuleTree, depth: int) -> Type:
        assert isinstance(node, ast.ListComp | ast.SetComp)
        return known_class(name, self.type_of(node.elt, tree, depth))

    return infer


def _generator(self: Inference, node: ast.GeneratorExp, tree: ModuleTree, depth: int) -> Type:
    element = self.type_of(node.elt, tree, depth)
    is_async = any(each.is_async for each in node.generators)
    if is_async:
        return known_class("typing.AsyncGenerator", element, NoneType())
    return known_class("typing.Generator", element, NoneType(), NoneType())


def _dict_comprehension(self: Inference, node: ast.DictComp, tree: ModuleTree, depth: int) -> Type:
    key, value = (self.type_of(each, tree, depth) for each in (node.key, node.value))
    return known_class("builtins.dict", key, value)


def _lambda(self: Inference, node: ast.Lambda, tree: ModuleTree, depth: int) -> Type:
    del self, node, tree, depth
    return CallableType(text="lambda")


def _subscript(self: Inference, node: ast.Subscript, tree: ModuleTree, depth: int) -> Type:
    value = self.type_of(node.value, tree, depth)
    if isinstance(node.slice, ast.Slice):
        return value if _is_list(value) or value in (STR, BYTES) else UNKNOWN
    match value:
        case TupleType(items=items):
            place = _place(node.slice)
            known = place is not None and -len(items) <= place < len(items)
            return items[place] if known and place is not None else UNKNOWN
        case ClassType(name="builtins.str"):
            return STR
        case ClassType(name="builtins.list" | "builtins.tuple", arguments=(element,)):
            return element if self.type_of(node.slice, tree, depth) == INT else UNKNOWN
        case ClassType(name="builtins.dict" | "typing.Mapping", arguments=(_, element)):
            return element
        case _:
            return UNKNOWN


def _place(index: ast.expr) -> int | None:
    match index:
        case ast.Constant(value=int(place)):
            return place
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(place))):
            return -place
        case _:
            return None


HANDLERS: Mapping[type[ast.expr], Handler] = MappingProxyType(
    {
        ast.Attribute: infer_attribute,
        ast.Await: _await,
        ast.BinOp: _arithmetic,
        ast.BoolOp: _either,
        ast.Call: infer_call,
        ast.Compare: _comparison,
        ast.Constant: _constant,
        ast.Dict: _dict,
        ast.DictComp: _dict_comprehension,
        ast.GeneratorExp: _generator,
        ast.IfExp: _choice,
        ast.JoinedStr: _string,
        ast.Lambda: _lambda,
        ast.List: _display("builtins.list"),
        ast.ListComp: _comprehension("builtins.list"),
        ast.Name: infer_name,
        ast.NamedExpr: _walrus,
        ast.Set: _display("builtins.set"),
        ast.SetComp: _comprehension("builtins.set"),
        ast.Subscript: _subscript,
        ast.Tuple: _tuple,
        ast.UnaryOp: _unary,
    }
)
