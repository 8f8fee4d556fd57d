"""The type that an annotation declares."""

from __future__ import annotations

import ast
from collections.abc import Callable, Sequence

from flyte_compiler.typecheck.annotations.classes import Classes
from flyte_compiler.typecheck.annotations.known import ALIASES, ARITY, bases_of, class_of_constant
from flyte_compiler.typecheck.annotations.names import Bound, Names, Outside
from flyte_compiler.typecheck.annotations.trees import ModuleTree, ScopeTree
from flyte_compiler.typecheck.model import (
    AnyType,
    CallableType,
    ClassType,
    LiteralType,
    NeverType,
    NoneType,
    TupleType,
    Type,
    TypedDictType,
    TypeVariable,
    UnionType,
)

UNKNOWN = AnyType()
_DEEPEST = 20
_WRAPPERS = frozenset(
    {
        *("typing.Annotated", "typing.Final", "typing.ClassVar", "typing.Required"),
        *("typing.NotRequired", "typing.ReadOnly", "typing_extensions.Annotated"),
        *("typing_extensions.Required", "typing_extensions.NotRequired"),
    }
)
_TYPE_VARIABLES = frozenset({"typing.TypeVar", "typing_extensions.TypeVar"})


class Declared:
    """Reads annotations."""

    def __init__(self, names: Names, classes: Classes) -> None:
        self._names = names
        self._classes = classes
        classes.declared = self

    def type_of(self, annotation: ast.expr, scope: ScopeTree, tree: ModuleTree) -> Type:
        """What an annotation declares; `AnyType` where it can't be told."""
        return self._type(annotation, scope, tree, 0)

    def instance_of(self, node: ast.ClassDef, tree: ModuleTree) -> Type:
        """An instance of a class of the program, as its plain name says."""
        return self._instance(node, tree, ())

    def _type(self, node: ast.expr, scope: ScopeTree, tree: ModuleTree, depth: int) -> Type:
        if depth > _DEEPEST:
            return UNKNOWN
        match node:
            case ast.Constant(value=None):
                return NoneType()
            case ast.Constant(value=str(text)):
                return self._quoted(text, scope, tree, depth)
            case ast.BinOp(op=ast.BitOr(), left=left, right=right):
                both = [self._type(each, scope, tree, depth + 1) for each in (left, right)]
                return union(both)
            case ast.Subscript(value=generic, slice=inner):
                arguments = inner.elts if isinstance(inner, ast.Tuple) else [inner]
                return self._generic(generic, arguments, scope, tree, depth)
            case ast.Name() | ast.Attribute():
                return self._named(node, scope, tree, depth)
            case _:
                return UNKNOWN

    def _quoted(self, text: str, scope: ScopeTree, tree: ModuleTree, depth: int) -> Type:
        try:
            inner = ast.parse(text.strip(), mode="eval").body
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return UNKNOWN  # Not an annotation that we could say anything about.
        return self._type(inner, scope, tree, depth + 1)

    def _named(self, node: ast.expr, scope: ScopeTree, tree: ModuleTree, depth: int) -> Type:
        match self._names.meaning(node, scope, tree):
            case Outside(name=name):
                return outside_class(name, ())
            case Bound(node=ast.ClassDef() as found, tree=home):
                return self._instance(found, home, ())
            case Bound(node=ast.Name() as target, scope=where, tree=home):
                return self._alias(target, where, home, depth)
            case _:
                return UNKNOWN

    def _alias(self, target: ast.Name, scope: ScopeTree, tree: ModuleTree, depth: int) -> Type:
        """`Rows = list[Row]`, `Rows: TypeAlias = ...`, `T = TypeVar("T")`."""
        match tree.parents[id(target)]:
            case ast.Assign(value=ast.Call(func=func), targets=[_]):
                made = self._names.meaning(func, scope, tree)
                is_variable = isinstance(made, Outside) and made.name in _TYPE_VARIABLES
                return TypeVariable(name=target.id) if is_variable else UNKNOWN
            case ast.Assign(value=value, targets=[_]) | ast.AnnAssign(value=ast.expr() as value):
                return self._type(value, scope, tree, depth + 1)
            case statement if type(statement).__name__ == "TypeAlias":  # since Python 3.12
                return self._type(statement.value, scope, tree, depth + 1)  # type: ignore[attr-defined]  # as said
            case _:
                return UNKNOWN

    def _instance(self, node: ast.ClassDef, tree: ModuleTree, arguments: Sequence[Type]) -> Type:
        info = self._classes.info(node, tree)
        if info is None:
            return UNKNOWN
        if info.is_typed_dict:
            return self._typed_dict(info.name)
        return ClassType(
            name=info.name, arguments=tuple(arguments), bases=info.bases, form=info.form
        )

    def _typed_dict(self, name: str) -> Type:
        # Fields of their own type would never end: they are looked at one level deep.
        info = self._classes.named(name)
        if info is None:
            return UNKNOWN
        fields = tuple((field, UNKNOWN) for each in info.ancestors[::-1] for field in each.fields)
        own = tuple((field, UNKNOWN) for field in info.fields)
        return TypedDictType(name=name, fields=(*fields, *own), required=frozenset())

    def _generic(
        self,
        generic: ast.expr,
        arguments: Sequence[ast.expr],
        scope: ScopeTree,
        tree: ModuleTree,
        depth: int,
    ) -> Type:
        def each(node: ast.expr) -> Type:
            return self._type(node, scope, tree, depth + 1)

        match self._names.meaning(generic, scope, tree):
            case Outside(name="typing.Optional"):
                return union([each(arguments[0]), NoneType()])
            case Outside(name="typing.Union"):
                return union([each(node) for node in arguments])
            case Outside(name="typing.Literal" | "typing_extensions.Literal"):
                return union([self._literal(node, scope, tree) for node in arguments])
            case Outside(name=name) if name in _WRAPPERS:
                return each(arguments[0])
            case Outside(name="builtins.tuple" | "typing.Tuple"):
                return _tuple(arguments, each)
            case Outside(name="typing.Callable" | "collections.abc.Callable"):
                return CallableType(text=ast.unparse(generic))
            case Outside(name=name):
                return outside_class(name, [each(node) for node in arguments])
            case Bound(node=ast.ClassDef() as found, tree=home):
                return self._instance(found, home, [each(node) for node in arguments])
            case _:
                return UNKNOWN

    def _literal(self, node: ast.expr, scope: ScopeTree, tree: ModuleTree) -> Type:
        match node:
            case ast.Constant(value=None):
                return NoneType()
            case ast.Constant(value=value):
                of = class_of_constant(node)
                return UNKNOWN if of is None else LiteralType(value=repr(value), of=of)
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(value)) as inner):
                of = class_of_constant(inner)
                return UNKNOWN if of is None else LiteralType(value=repr(-value), of=of)
            case _:
                return UNKNOWN


def outside_class(name: str, arguments: Sequence[Type]) -> Type:
    """An instance of a class outside the program, where it is known at all."""
    name = ALIASES.get(name, name)
    if name in ("typing.Any", "typing_extensions.Any"):
        return AnyType(is_declared=True)
    if name in ("typing.NoReturn", "typing.Never"):
        return NeverType()
    if name == "typing.Callable":
        return CallableType(text="Callable")
    bases = bases_of(name)
    if bases is None:
        return UNKNOWN
    wanted = ARITY.get(name, 0)
    given = tuple(arguments) if len(arguments) == wanted else (UNKNOWN,) * wanted
    if name == "typing.Generator" and len(arguments) == 1:
        given = (arguments[0], NoneType(), NoneType())
    return ClassType(name=name, arguments=given, bases=bases)


def _tuple(arguments: Sequence[ast.expr], each: Callable[[ast.expr], Type]) -> Type:
    match arguments:
        case [element, ast.Constant(value=value)] if value is ...:
            return outside_class("builtins.tuple", [each(element)])
        case [ast.Tuple(elts=[])]:
            return TupleType(items=())
        case _ if any(isinstance(node, ast.Starred) for node in arguments):
            return UNKNOWN
        case _:
            return TupleType(items=tuple(each(node) for node in arguments))


def union(members: Sequence[Type]) -> Type:
    """One of several; of one that isn't known, nothing is."""
    flat: dict[Type, None] = {}
    for member in members:
        flat.update(dict.fromkeys(member.members if isinstance(member, UnionType) else (member,)))
    if any(isinstance(each, AnyType) for each in flat):
        return UNKNOWN
    return next(iter(flat)) if len(flat) == 1 else UnionType(members=tuple(flat))
