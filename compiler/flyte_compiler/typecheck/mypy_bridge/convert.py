"""From mypy's types to the compiler's.

Unions are flat, aliases are expanded, and what mypy only remembers about a value (that the `int`
is `3`) is forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from mypy import types as of
from mypy.nodes import TypeInfo
from mypy.types import get_proper_type

from flyte_compiler.typecheck.model import (
    AnyType,
    CallableType,
    ClassForm,
    ClassType,
    LiteralType,
    NeverType,
    NoneType,
    OtherType,
    TupleType,
    Type,
    TypedDictType,
    TypeVariable,
    UnionType,
)
from flyte_compiler.typecheck.mypy_bridge.origin import Origin
from flyte_compiler.typecheck.mypy_bridge.sources import PRIVATE

_LOCAL_LINE = re.compile(r"@\d+")
_MODULE = re.compile(r"\b(?:[A-Za-z_]\w*\.)+(?=[A-Za-z_])")
_PYDANTIC = "pydantic.main.BaseModel"
_MODULE_TYPE = "types.ModuleType"


class Converter:
    """Converts the types of one build."""

    def __init__(self, build: object, names: Mapping[str, str]) -> None:
        """`names` are modules' own names, by the private ones that mypy knows them by."""
        self._build = build
        self._names = names
        self._expanding: list[of.TypeAliasType] = []
        self._table: Mapping[type[of.ProperType], Callable[[of.ProperType], Type]] = {
            of.AnyType: self._any,
            of.NoneType: self._none,
            of.UninhabitedType: self._never,
            of.Instance: self._instance,
            of.TupleType: self._tuple,
            of.TypedDictType: self._typed_dict,
            of.LiteralType: self._literal,
            of.UnionType: self._union,
            of.CallableType: self._callable,
            of.Overloaded: self._callable,
            of.TypeVarType: self._variable,
            of.ParamSpecType: self._variable,
            of.TypeVarTupleType: self._variable,
            of.ErasedType: self._unknown,
            of.PartialType: self._unknown,
            of.DeletedType: self._unknown,
            of.UnboundType: self._unknown,
        }

    def convert(self, type_: of.Type) -> Type:
        """The compiler's type for one of mypy's."""
        if isinstance(type_, of.TypeAliasType):
            return self._alias(type_)
        proper = get_proper_type(type_)
        return self._table.get(type(proper), self._other)(proper)

    def name(self, full_name: str) -> str:
        """A class's full name as the program has it."""
        if full_name.startswith(PRIVATE):
            for private, own in self._names.items():
                if full_name.startswith(f"{private}."):
                    full_name = own + full_name[len(private) :]
                    break
        return _LOCAL_LINE.sub("", full_name)

    def text(self, type_: of.Type) -> str:
        """A type as mypy writes it, without the modules that names come from."""
        return _MODULE.sub("", _LOCAL_LINE.sub("", str(type_)))

    def _origin(self, type_: of.Type) -> Origin:
        return Origin(type=type_, build=self._build)

    def _alias(self, alias: of.TypeAliasType) -> Type:
        if alias in self._expanding:
            name = alias.alias.name if alias.alias is not None else str(alias)
            return OtherType(text=name, origin=self._origin(alias))
        self._expanding.append(alias)
        try:
            return self.convert(get_proper_type(alias))
        finally:
            self._expanding.pop()

    def _any(self, type_: of.ProperType) -> Type:
        return AnyType(is_declared=is_declared(type_), origin=self._origin(type_))

    def _unknown(self, type_: of.ProperType) -> Type:
        return AnyType(origin=self._origin(of.AnyType(of.TypeOfAny.special_form)))

    def _none(self, type_: of.ProperType) -> Type:
        return NoneType(origin=self._origin(type_))

    def _never(self, type_: of.ProperType) -> Type:
        return NeverType(origin=self._origin(type_))

    def _instance(self, type_: of.ProperType) -> Type:
        assert isinstance(type_, of.Instance)
        if type_.type.fullname == _MODULE_TYPE:
            return OtherType(text="module", origin=self._origin(type_))
        if type_.type.is_newtype:  # another name for the same values
            return self.convert(type_.type.bases[0])
        return self._class(type_.type, type_.args, type_)

    def _class(self, info: TypeInfo, arguments: tuple[of.Type, ...], type_: of.Type) -> ClassType:
        return ClassType(
            name=self.name(info.fullname),
            arguments=tuple(map(self.convert, arguments)),
            bases=tuple(
                self.name(each.fullname)
                for each in info.mro[1:]
                if each.fullname != "builtins.object"
            ),
            form=_form(info),
            origin=self._origin(type_),
        )

    def _tuple(self, type_: of.ProperType) -> Type:
        assert isinstance(type_, of.TupleType)
        fallback = type_.partial_fallback
        if fallback.type.fullname != "builtins.tuple" and not fallback.type.is_newtype:
            return self._class(fallback.type, (), type_)
        if any(isinstance(get_proper_type(each), of.UnpackType) for each in type_.items):
            return self._class(fallback.type, fallback.args, type_)
        return TupleType(items=tuple(map(self.convert, type_.items)), origin=self._origin(type_))

    def _typed_dict(self, type_: of.ProperType) -> Type:
        assert isinstance(type_, of.TypedDictType)
        name = "" if type_.is_anonymous() else type_.fallback.type.fullname
        return TypedDictType(
            name=self.name(name),
            fields=tuple((key, self.convert(value)) for key, value in type_.items.items()),
            required=frozenset(type_.required_keys),
            origin=self._origin(type_),
        )

    def _literal(self, type_: of.ProperType) -> Type:
        assert isinstance(type_, of.LiteralType)
        info = type_.fallback.type
        value = f"{info.name}.{type_.value}" if type_.is_enum_literal() else type_.value_repr()
        whole = self._class(info, type_.fallback.args, type_.fallback)
        return LiteralType(value=value, of=whole, origin=self._origin(type_))

    def _union(self, type_: of.ProperType) -> Type:
        assert isinstance(type_, of.UnionType)
        members: dict[Type, None] = {}
        for each in map(self.convert, type_.items):
            members.update(dict.fromkeys(each.members if isinstance(each, UnionType) else (each,)))
        if len(members) == 1:
            return next(iter(members))
        return UnionType(members=tuple(members), origin=self._origin(type_))

    def _callable(self, type_: of.ProperType) -> Type:
        return CallableType(text=self.text(type_), origin=self._origin(type_))

    def _variable(self, type_: of.ProperType) -> Type:
        assert isinstance(type_, of.TypeVarLikeType)
        return TypeVariable(name=type_.name, origin=self._origin(type_))

    def _other(self, type_: of.ProperType) -> Type:
        return OtherType(text=self.text(type_), origin=self._origin(type_))


def is_declared(type_: of.Type) -> bool:
    """Whether an `Any` stands in somebody's annotation."""
    proper = get_proper_type(type_)
    while isinstance(proper, of.AnyType) and proper.source_any is not None:
        proper = proper.source_any
    return isinstance(proper, of.AnyType) and proper.type_of_any == of.TypeOfAny.explicit


def _form(info: TypeInfo) -> ClassForm:
    if _LOCAL_LINE.search(info.fullname):
        return ClassForm.LOCAL
    if info.is_protocol:
        return ClassForm.PROTOCOL
    if info.is_enum:
        return ClassForm.ENUM
    if any(each.fullname == _PYDANTIC for each in info.mro):
        return ClassForm.PYDANTIC
    if info.is_named_tuple:
        return ClassForm.NAMED_TUPLE
    if "dataclass" in info.metadata:
        return ClassForm.DATACLASS
    return ClassForm.PLAIN
