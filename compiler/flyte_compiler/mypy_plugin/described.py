"""From a manifest's types to mypy's."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from types import MappingProxyType

from mypy.nodes import ARG_NAMED, ARG_NAMED_OPT, ARG_OPT, ARG_POS, ArgKind, TypeInfo
from mypy.plugin import CheckerPluginInterface
from mypy.types import (
    AnyType,
    CallableType,
    Instance,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypeOfAny,
    UnionType,
)

from flyte_compiler.mypy_plugin.lookup import find_symbol

_KEYWORD_ONLY = "keyword-only"
_POSITIONAL_ONLY = "positional-only"
_KINDS: Mapping[tuple[bool, bool], ArgKind] = MappingProxyType(
    {
        (False, False): ARG_POS,
        (False, True): ARG_OPT,
        (True, False): ARG_NAMED,
        (True, True): ARG_NAMED_OPT,
    }
)


def signature_of(task: Mapping[str, object], api: CheckerPluginInterface) -> CallableType:
    """A task's parameters and result; `Any` for a class that mypy doesn't find."""
    parameters = task["parameters"]
    assert isinstance(parameters, list)  # as `read_manifest` saw
    return CallableType(
        [type_of(each["type"], api) for each in parameters],
        [
            _KINDS[each["kind"] == _KEYWORD_ONLY, each.get("optional") is True]
            for each in parameters
        ],
        [None if each["kind"] == _POSITIONAL_ONLY else each["name"] for each in parameters],
        type_of(task["result"], api),
        api.named_generic_type("builtins.function", []),
    )


def type_of(described: object, api: CheckerPluginInterface) -> Type:
    """One type."""
    match described:
        case "none":
            return NoneType()
        case {"literal": str(text), "class": str(name)}:
            return _literal(text, _instance(name, [], api))
        case {"class": str(name), **rest}:
            parts = rest.get("of", [])
            assert isinstance(parts, list)
            return _instance(name, [type_of(part, api) for part in parts], api)
        case {"tuple": list(parts)}:
            anything = AnyType(TypeOfAny.special_form)
            fallback = api.named_generic_type("builtins.tuple", [anything])
            return TupleType([type_of(part, api) for part in parts], fallback)
        case {"union": list(parts)}:
            return UnionType.make_union([type_of(part, api) for part in parts])
        case _:
            return AnyType(TypeOfAny.explicit)


def _instance(name: str, arguments: list[Type], api: CheckerPluginInterface) -> Type:
    symbol = find_symbol(name, api)
    info = None if symbol is None else symbol.node
    if not isinstance(info, TypeInfo):
        return AnyType(TypeOfAny.from_error)
    count = len(info.type_vars)
    given = arguments if len(arguments) == count else [AnyType(TypeOfAny.special_form)] * count
    return Instance(info, given)


def _literal(text: str, instance: Type) -> Type:
    """A member of an enum stays the enum: its name says nothing about where it is from."""
    try:
        value = ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return instance
    if isinstance(instance, Instance) and isinstance(value, str | int):
        return LiteralType(value, instance)
    return instance
