"""What an environment's image installs, where its source says all of it.

`Image.from_debian_base()` and `Image.from_uv_script(...)`, with layers of packages, requirements
files and uv projects, through variables, modules, clones and functions that only return one.
Anything else (commands, a Dockerfile, another base) may install whatever it likes.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import MappingProxyType

from flyte_compiler.dataflow.distributions import brought_by
from flyte_compiler.dataflow.names import local_names
from flyte_compiler.dataflow.requirements import (
    NOTHING,
    Asked,
    of_file,
    of_project,
    of_requirements,
    of_script,
    text_of,
)
from flyte_compiler.dataflow.trees import ModuleTree, Trees
from flyte_compiler.source.span import Span

_FLYTE = ("flyte", False)
_DEBIAN, _SCRIPT = "flyte.Image.from_debian_base", "flyte.Image.from_uv_script"
_NEUTRAL = frozenset(
    {
        *("with_env_vars", "with_source_file", "with_source_folder", "with_code_bundle"),
        *("with_dockerignore", "with_workdir"),
    }
)
"""Layers that install nothing."""
_HARMLESS = frozenset({"registry", "registry_secret", "name", "platform", "python_version"})
"""Options of `clone` that change nothing of what is installed."""
_OPENING = frozenset({"extra_args", "project_install_mode"})
"""Options by which a layer may install more than it names."""
_DEEPEST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """An image of which every layer is known."""

    span: Span
    """What was written last of it."""
    module: str
    asked: Asked

    def installed(self) -> frozenset[str] | None:
        """Every distribution there; None where one may bring anything."""
        if self.asked.is_complete:
            names = frozenset(name for name, _ in self.asked.named)
            base = brought_by([_FLYTE])
            return None if base is None else names | base
        return brought_by([_FLYTE, *self.asked.named])


def image_of(trees: Trees, module: ModuleTree, written: ast.expr) -> Image | None:
    """The image that an expression at the top of a module gives; None where it isn't known."""
    return _Reader(trees).read(written, module, frozenset(), 0)


def expression_at(module: ModuleTree, span: Span) -> ast.expr | None:
    """The expression that stands at a span of a module."""
    found = (node for node in ast.walk(module.tree) if isinstance(node, ast.expr))
    return next((node for node in found if module.span(node) == span), None)


@dataclass(frozen=True, slots=True)
class _Reader:
    trees: Trees

    def read(
        self, tree: ast.expr, module: ModuleTree, local: frozenset[str], depth: int
    ) -> Image | None:
        if depth > _DEEPEST:
            return None
        if isinstance(tree, ast.Call):
            return self._of_call(tree, module, local, depth)
        origin = self.trees.origin(module.names.origin(tree, local))
        found = _assigned(self.trees, origin)
        return None if found is None else self.read(found[1], found[0], frozenset(), depth + 1)

    def _of_call(
        self, call: ast.Call, module: ModuleTree, local: frozenset[str], depth: int
    ) -> Image | None:
        origin = self.trees.origin(module.names.origin(call.func, local))
        span = module.span(call)
        if origin == _DEBIAN:
            return Image(span=span, module=module.name, asked=NOTHING)
        if origin == _SCRIPT:
            asked = None if _may_open(call) else _script(call, module)
            return None if asked is None else Image(span=span, module=module.name, asked=asked)
        helper = self.trees.helper_named(origin) if origin else None
        if helper is not None:
            return self._of_helper(*helper, depth)
        if not isinstance(call.func, ast.Attribute):
            return None
        base = self.read(call.func.value, module, local, depth + 1)
        if base is None:
            return None
        asked = _layer(call, call.func.attr, _Text(self.trees, module, local))
        if asked is None:
            return None
        return replace(base, span=span, module=module.name, asked=base.asked + asked)

    def _of_helper(
        self, module: ModuleTree, function: ast.FunctionDef | ast.AsyncFunctionDef, depth: int
    ) -> Image | None:
        match [each for each in function.body if not _is_docstring(each)]:
            case [ast.Return(value=ast.expr() as value)] if not function.decorator_list:
                return self.read(value, module, local_names(function), depth + 1)
            case _:
                return None


@dataclass(frozen=True, slots=True)
class _Text:
    """Strings as a module writes them."""

    trees: Trees
    module: ModuleTree
    local: frozenset[str]

    def all_of(self, trees: Sequence[ast.expr]) -> list[str] | None:
        """The strings that arguments are; None where one isn't known."""
        found: list[str] = []
        for tree in trees:
            given = self._of(tree)
            if given is None:
                return None
            found += given
        return found

    def file(self, tree: ast.expr) -> tuple[Path, ...]:
        """The places that a path may mean: beside the module, or where the command runs."""
        match tree:
            case ast.BinOp(left=_, op=ast.Div(), right=ast.Constant(value=str(name))) if (
                "__file__" in ast.unparse(tree.left) and ast.unparse(tree.left).count("parent") == 1
            ):
                return (self.module.source.path.parent / name,)
            case ast.Call(args=[only], keywords=[]) if (
                self.module.names.origin(tree.func, self.local) == "pathlib.Path"
            ):
                return self.file(only)
            case _:
                match self._of(tree):
                    case [name]:
                        return tuple({self.module.source.path.parent / name, Path(name)})
                    case _:
                        return ()

    def _of(self, tree: ast.expr) -> list[str] | None:
        match tree:
            case ast.Constant(value=str(text)):
                return [text]
            case ast.Starred(value=ast.List(elts=parts) | ast.Tuple(elts=parts)):
                return self.all_of(parts)
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return self.all_of(parts)
            case ast.Starred(value=inner) | (ast.Name() | ast.Attribute() as inner):
                origin = self.trees.origin(self.module.names.origin(inner, self.local))
                found = _assigned(self.trees, origin)
                if found is None or _is_changed(found[0], origin.rpartition(".")[2]):
                    return None
                return _Text(self.trees, found[0], frozenset())._of(found[1])
            case _:
                return None


def _packages(call: ast.Call, text: _Text) -> Asked | None:
    given = text.all_of(call.args)
    return None if given is None else of_requirements(given)


def _requirements(call: ast.Call, text: _Text) -> Asked | None:
    places = text.file(call.args[0]) if call.args else ()
    read = [found for place in places if (found := text_of(place)) is not None]
    return of_file(read[0]) if len(set(read)) == 1 else None


def _project(call: ast.Call, text: _Text) -> Asked | None:
    if len(call.args) != 1 or any(each.arg == "uvlock" for each in call.keywords):
        return None
    places = [place for place in text.file(call.args[0]) if place.is_file()]
    return of_project(places[0], None) if len({each.resolve() for each in places}) == 1 else None


def _apt(call: ast.Call, text: _Text) -> Asked | None:
    """Debian has packages of Python's own."""
    given = text.all_of(call.args)
    return None if given is None or any("python" in each for each in given) else NOTHING


_LAYERS: Mapping[str, Callable[[ast.Call, _Text], Asked | None]] = MappingProxyType(
    {
        "with_pip_packages": _packages,
        "with_requirements": _requirements,
        "with_uv_project": _project,
        "with_apt_packages": _apt,
    }
)


def _layer(call: ast.Call, method: str, text: _Text) -> Asked | None:
    if method in _NEUTRAL:
        return NOTHING
    if method == "clone":
        return NOTHING if {each.arg for each in call.keywords} <= _HARMLESS else None
    read = _LAYERS.get(method)
    return None if read is None or _may_open(call) else read(call, text)


def _may_open(call: ast.Call) -> bool:
    return any(each.arg is None or each.arg in _OPENING for each in call.keywords)


def _script(call: ast.Call, module: ModuleTree) -> Asked | None:
    match call.args:
        case [ast.Name(id="__file__")]:
            return of_script(module.source.text)
        case _:
            return None


def _assigned(trees: Trees, origin: str) -> tuple[ModuleTree, ast.expr] | None:
    """What a first-party module assigns to a name, if it does so once."""
    name = origin.rpartition(".")[2]
    module = trees.of(origin.rpartition(".")[0]) if "." in origin else None
    if module is None or name not in module.names.once:
        return None
    return next(((module, value) for value in _values(module.tree, name)), None)


def _values(tree: ast.Module, name: str) -> Iterator[ast.expr]:
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=target)], value=value) if target == name:
                yield value
            case ast.AnnAssign(target=ast.Name(id=target), value=ast.expr() as value) if (
                target == name
            ):
                yield value
            case _:
                pass


def _is_changed(module: ModuleTree, name: str) -> bool:
    """Whether a list is more than read: `PACKAGES.append(...)`, `PACKAGES[0] = …`."""
    for node in ast.walk(module.tree):
        match node:
            case ast.Attribute(value=ast.Name(id=of)) if of == name:
                return True
            case ast.Subscript(value=ast.Name(id=of), ctx=ast.Store() | ast.Del()) if of == name:
                return True
            case _:
                pass
    return False


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
