"""A type as a user would write it: `int`, `list[str]`, `Row | None`, `def (int) -> str`."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import assert_never

from flyte_compiler.typecheck.model import (
    AnyType,
    CallableType,
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

Named = Callable[[str], str]

_DOTTED = re.compile(r"(?:\w+\.)+(?=\w)")
_ODD_NAMES = {
    "builtins.ellipsis": "EllipsisType",
    "asyncio.tasks.Task": "asyncio.Task",
    "asyncio.futures.Future": "asyncio.Future",
    "_asyncio.Task": "asyncio.Task",
    "_asyncio.Future": "asyncio.Future",
    "pandas.core.frame.DataFrame": "pandas.DataFrame",
}
"""Classes that users know under another name."""


def show(shown: Type) -> str:
    """A type by its short names."""
    return _text(shown, _short)


def show_apart(*types: Type) -> tuple[str, ...]:
    """Some types as `show` has them; those of different types that would look alike are qualified
    by their modules."""
    texts = [show(each) for each in types]
    return tuple(
        _text(each, str) if _looks_like_another(place, types, texts) else text
        for place, (each, text) in enumerate(zip(types, texts, strict=True))
    )


def _looks_like_another(place: int, types: Sequence[Type], texts: Sequence[str]) -> bool:
    return any(
        texts[place] == text and types[place] != other
        for text, other in zip(texts, types, strict=True)
    )


def _short(name: str) -> str:
    return _ODD_NAMES.get(name, name.rpartition(".")[2])


def _text(shown: Type, named: Named) -> str:
    match shown:
        case AnyType():
            return "Any"
        case NoneType():
            return "None"
        case NeverType():
            return "Never"
        case ClassType():
            return _class_text(shown, named)
        case TupleType(items=items):
            return f"tuple[{_listed(items, named) or '()'}]"
        case TypedDictType(name=name, fields=fields):
            inner = ", ".join(f"{key!r}: {_text(each, named)}" for key, each in fields)
            return named(name) if name else f"TypedDict({{{inner}}})"
        case LiteralType(value=value):
            return f"Literal[{value}]"
        case UnionType(members=members):
            return _union_text(members, named)
        case CallableType(text=text):
            return text if named is str else _DOTTED.sub("", text)
        case TypeVariable(name=name):
            return name
        case OtherType(text=text):
            return text
        case _:
            assert_never(shown)


def _class_text(shown: ClassType, named: Named) -> str:
    name = named(shown.name).removeprefix("builtins.")
    if not shown.arguments:
        return name
    if shown.name == "builtins.tuple":
        return f"{name}[{_text(shown.arguments[0], named)}, ...]"
    return f"{name}[{_listed(shown.arguments, named)}]"


def _union_text(members: Sequence[Type], named: Named) -> str:
    """`None` last, literals of one kind together."""
    literals = [each for each in members if isinstance(each, LiteralType)]
    texts: list[str] = []
    for each in sorted(members, key=lambda member: isinstance(member, NoneType)):
        if isinstance(each, LiteralType):
            if each is literals[0]:
                texts.append(f"Literal[{', '.join(literal.value for literal in literals)}]")
        else:
            texts.append(_text(each, named))
    return " | ".join(dict.fromkeys(texts))


def _listed(types: Sequence[Type], named: Named) -> str:
    return ", ".join(_text(each, named) for each in types)
