"""The program's own classes: what they inherit from, and the fields of their instances."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from flyte_compiler.typecheck.annotations.known import bases_of
from flyte_compiler.typecheck.annotations.names import Bound, Names, Outside
from flyte_compiler.typecheck.annotations.trees import FunctionTree, ModuleTree, ScopeTree, Trees
from flyte_compiler.typecheck.model import ClassForm, Type

if TYPE_CHECKING:
    from flyte_compiler.typecheck.annotations.declared import Declared

_ENUMS = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum", "enum.Flag", "enum.IntFlag"})
_PROTOCOLS = frozenset({"typing.Protocol", "typing_extensions.Protocol"})
_TYPED_DICTS = frozenset({"typing.TypedDict", "typing_extensions.TypedDict"})
_NAMED_TUPLES = frozenset({"typing.NamedTuple"})
_MODELS = frozenset({"pydantic.BaseModel", "pydantic.RootModel", "pydantic_settings.BaseSettings"})
_DATACLASSES = frozenset({"dataclasses.dataclass", "pydantic.dataclasses.dataclass"})
_GENERIC = frozenset({"typing.Generic", "abc.ABC", "builtins.object"})
"""Bases that say nothing about what an instance is."""
_ENUM_BASES: Mapping[str, tuple[str, ...]] = {
    "enum.IntEnum": ("builtins.int", "enum.Enum"),
    "enum.StrEnum": ("builtins.str", "enum.Enum"),
    "enum.Flag": ("enum.Enum",),
    "enum.IntFlag": ("builtins.int", "enum.Flag", "enum.Enum"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassInfo:
    """One class."""

    name: str
    """Where it is defined, and its name."""
    node: ast.ClassDef = field(repr=False)
    tree: ModuleTree = field(repr=False)
    bases: tuple[str, ...]
    """Full names, nearest first."""
    form: ClassForm
    is_typed_dict: bool
    is_whole: bool
    """Whether every base is known."""
    fields: Mapping[str, ast.expr] = field(repr=False)
    """The annotations in the class's own body."""
    ancestors: tuple[ClassInfo, ...] = field(repr=False)
    """Those of the program, nearest first."""


class Classes:
    """The classes of a program, found as they are asked for."""

    def __init__(self, trees: Trees, names: Names) -> None:
        self.names = names
        self._infos: dict[int, ClassInfo | None] = {}
        self._by_name: dict[str, list[tuple[ast.ClassDef, ModuleTree]]] = {}
        for tree in trees.of_module.values():
            for node in ast.walk(tree.tree):
                if isinstance(node, ast.ClassDef):
                    self._by_name.setdefault(_full_name(node, tree), []).append((node, tree))
        self.declared: Declared | None = None
        """Set by the one that reads annotations, which needs the classes itself."""

    def info(self, node: ast.ClassDef, tree: ModuleTree) -> ClassInfo | None:
        """What a class is; None of one that is a base of itself, while that is looked at."""
        if id(node) not in self._infos:
            self._infos[id(node)] = None
            self._infos[id(node)] = self._made(node, tree)
        return self._infos[id(node)]

    def named(self, name: str) -> ClassInfo | None:
        """The class of a full name; None where there is none, or are several."""
        found = self._by_name.get(name, ())
        return self.info(*found[0]) if len(found) == 1 else None

    def fields_of(self, name: str) -> Mapping[str, Type] | None:
        """The annotated fields of a class's instances, those of its bases first; None where the
        class isn't the program's own."""
        info = self.named(name)
        if info is None or self.declared is None:
            return None
        return {
            field_name: self.declared.type_of(annotation, each.node, each.tree)
            for each in (*reversed(info.ancestors), info)
            for field_name, annotation in each.fields.items()
        }

    def _made(self, node: ast.ClassDef, tree: ModuleTree) -> ClassInfo:
        scope = tree.scope_of(node)
        bases, ancestors, is_whole = self._bases(node, scope, tree)
        form = self._form(node, scope, tree, bases, ancestors)
        return ClassInfo(
            name=_full_name(node, tree),
            node=node,
            tree=tree,
            bases=tuple(each for each in bases if each not in _GENERIC),
            form=form,
            is_typed_dict=any(each in _TYPED_DICTS for each in bases),
            is_whole=is_whole,
            fields=_fields(node),
            ancestors=ancestors,
        )

    def _bases(
        self, node: ast.ClassDef, scope: ScopeTree, tree: ModuleTree
    ) -> tuple[tuple[str, ...], tuple[ClassInfo, ...], bool]:
        bases: dict[str, None] = {}
        ancestors: dict[str, ClassInfo] = {}
        is_whole = not any(each.arg != "metaclass" and each.arg is None for each in node.keywords)
        for base in node.bases:
            generic = base.value if isinstance(base, ast.Subscript) else base
            match self.names.meaning(generic, scope, tree):
                case Bound(node=ast.ClassDef() as parent, tree=home) if id(parent) != id(node):
                    info = self.info(parent, home)
                    if info is None:
                        is_whole = False
                        continue
                    bases.update(dict.fromkeys((info.name, *info.bases)))
                    ancestors.update({each.name: each for each in (info, *info.ancestors)})
                    is_whole = is_whole and info.is_whole
                case Outside(name=name):
                    known = _ENUM_BASES.get(name, bases_of(name))
                    bases.update(dict.fromkeys((name, *(known or ()))))
                    is_whole = is_whole and (known is not None or name in _KNOWN_BASES)
                case _:
                    is_whole = False
        return tuple(bases), tuple(ancestors.values()), is_whole

    def _form(
        self,
        node: ast.ClassDef,
        scope: ScopeTree,
        tree: ModuleTree,
        bases: Sequence[str],
        ancestors: Sequence[ClassInfo],
    ) -> ClassForm:
        if _is_local(node, tree):
            return ClassForm.LOCAL
        if any(self._is_protocol(base, scope, tree) for base in node.bases):
            return ClassForm.PROTOCOL
        for known, form in _FORMS:
            if not known.isdisjoint(bases):
                return form
        if any(self._is_dataclass(each, scope, tree) for each in node.decorator_list):
            return ClassForm.DATACLASS
        if any(each.form is ClassForm.DATACLASS for each in ancestors):
            return ClassForm.DATACLASS
        return ClassForm.PLAIN

    def _is_protocol(self, base: ast.expr, scope: ScopeTree, tree: ModuleTree) -> bool:
        meaning = self.names.meaning(_unsubscripted(base), scope, tree)
        return isinstance(meaning, Outside) and meaning.name in _PROTOCOLS

    def _is_dataclass(self, decorator: ast.expr, scope: ScopeTree, tree: ModuleTree) -> bool:
        named = decorator.func if isinstance(decorator, ast.Call) else decorator
        meaning = self.names.meaning(named, scope, tree)
        return isinstance(meaning, Outside) and meaning.name in _DATACLASSES


_FORMS = (
    (_ENUMS, ClassForm.ENUM),
    (_NAMED_TUPLES, ClassForm.NAMED_TUPLE),
    (_MODELS, ClassForm.PYDANTIC),
)
_KNOWN_BASES = _ENUMS | _PROTOCOLS | _TYPED_DICTS | _NAMED_TUPLES | _MODELS | _GENERIC


def _unsubscripted(node: ast.expr) -> ast.expr:
    return node.value if isinstance(node, ast.Subscript) else node


def _full_name(node: ast.ClassDef, tree: ModuleTree) -> str:
    parts = [node.name]
    scope = tree.scope_of(node)
    while not isinstance(scope, ast.Module):
        parts.insert(0, scope.name if not isinstance(scope, ast.Lambda) else "<lambda>")
        scope = tree.scope_of(scope)
    return ".".join([tree.source.module, *parts])


def _is_local(node: ast.ClassDef, tree: ModuleTree) -> bool:
    scope = tree.scope_of(node)
    while isinstance(scope, ast.ClassDef):
        scope = tree.scope_of(scope)
    return isinstance(scope, FunctionTree | ast.Lambda)


def _fields(node: ast.ClassDef) -> dict[str, ast.expr]:
    return dict(_annotated(node))


def _annotated(node: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    for statement in node.body:
        match statement:
            case ast.AnnAssign(target=ast.Name(id=name), annotation=annotation):
                if not _is_class_variable(annotation):
                    yield name, annotation
            case _:
                pass


def _is_class_variable(annotation: ast.expr) -> bool:
    named = _unsubscripted(annotation)
    name = named.attr if isinstance(named, ast.Attribute) else getattr(named, "id", "")
    return name == "ClassVar"
