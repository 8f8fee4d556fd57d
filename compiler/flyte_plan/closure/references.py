"""Which names a piece of code uses that it doesn't bind itself.

Python's scopes, nothing resolved: what a name means is for `reach`. A dotted name is one
reference, since only the whole tells which part of an imported module is used.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

from flyte_plan.closure.bindings import (
    Argument,
    Block,
    Imported,
    class_block,
    function_block,
    stored_names,
)
from flyte_plan.closure.form import IsOwn
from flyte_plan.closure.own import Function, dotted, is_task


@dataclass(frozen=True, slots=True, order=True)
class Reference:
    """A dotted name, free in the code."""

    name: tuple[str, ...]
    optional: bool
    """Whether it may have no binding outside: a name that a class binds too, or one in an
    annotation that is text."""


@dataclass(frozen=True, slots=True, order=True)
class LocalImport:
    """A use of what the code itself imports: `attributes` of a module; `local` is what it calls
    the import."""

    local: str
    module: str
    attributes: tuple[str, ...]


Use = Reference | LocalImport

_IMPORTERS = frozenset({("__import__",), ("import_module",), ("importlib", "import_module")})


@dataclass(frozen=True, slots=True)
class _Scope:
    names: Block
    is_class: bool = False


_Scopes = tuple[_Scope, ...]


def uses(
    nodes: Iterable[ast.AST], package: str, is_own: IsOwn, *, root: ast.AST | None = None
) -> frozenset[Use]:
    """What `nodes` use; tasks defined in them are left out, but for the one that is `root`."""
    collector = _Collector(package, is_own, root)
    collector.pending = [(node, ()) for node in nodes]
    collector.run()
    return frozenset(collector.found)


class _Collector:
    """Visits each node with the scopes it stands in; without recursion, as `form`."""

    def __init__(self, package: str, is_own: IsOwn, root: ast.AST | None) -> None:
        self.package = package
        self.is_own = is_own
        self.root = root
        self.pending: list[tuple[ast.AST, _Scopes]] = []
        self.found: set[Use] = set()

    def run(self) -> None:
        while self.pending:
            node, scopes = self.pending.pop()
            self._visit(node, scopes)

    def _visit(self, node: ast.AST, scopes: _Scopes) -> None:
        match node:
            case ast.Name():
                if isinstance(node.ctx, ast.Load):
                    self._use((node.id,), scopes)
            case ast.AugAssign(target=ast.Name(id=read)):  # Though its context is a store.
                self._use((read,), scopes)
                self._push(scopes, node.value)
            case ast.Attribute():
                name = dotted(node)
                if name:
                    self._use(name, scopes)
                else:
                    self._push(scopes, node.value)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                if node is self.root or not is_task(node):
                    self._function(node, scopes)
            case ast.Lambda():
                self._push(scopes, node.args)
                self._push(self._inside(scopes, function_block(node, self.package)), node.body)
            case ast.ClassDef():
                self._class(node, scopes)
            case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
                self._comprehension(node, scopes)
            case ast.arg():
                self._annotation(node.annotation, scopes)
            case ast.AnnAssign():
                self._annotation(node.annotation, scopes)
                self._push(scopes, node.target, node.value)
            case ast.Call():
                self._call(node, scopes)
                self._push(scopes, *ast.iter_child_nodes(node))
            case _:
                self._push(scopes, *ast.iter_child_nodes(node))

    def _push(self, scopes: _Scopes, *nodes: ast.AST | None) -> None:
        self.pending.extend((node, scopes) for node in nodes if node is not None)

    def _inside(self, scopes: _Scopes, names: Block) -> _Scopes:
        """The scopes in a function; the names of a class it stands in can't be seen there."""
        return (*(scope for scope in scopes if not scope.is_class), _Scope(names))

    def _function(self, node: Function, scopes: _Scopes) -> None:
        self._push(scopes, *(each for each in node.decorator_list if not self.is_own(each)))
        scopes = self._type_parameters(node, scopes)
        self._push(scopes, node.args)
        self._annotation(node.returns, scopes)
        self._push(self._inside(scopes, function_block(node, self.package)), *node.body)

    def _class(self, node: ast.ClassDef, scopes: _Scopes) -> None:
        self._push(scopes, *(each for each in node.decorator_list if not self.is_own(each)))
        scopes = self._type_parameters(node, scopes)
        self._push(scopes, *node.bases, *node.keywords)
        inner = (*scopes, _Scope(class_block(node, self.package), is_class=True))
        self._push(inner, *node.body)

    def _type_parameters(self, node: Function | ast.ClassDef, scopes: _Scopes) -> _Scopes:
        parameters: list[ast.AST] = getattr(node, "type_params", [])  # Python 3.12
        if not parameters:
            return scopes
        names = {str(getattr(each, "name", "")): (Argument(),) for each in parameters}
        scopes = (*scopes, _Scope(names))
        self._push(scopes, *parameters)
        return scopes

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp, scopes: _Scopes
    ) -> None:
        first, *others = node.generators
        names = {
            name: (Argument(),) for each in node.generators for name in stored_names(each.target)
        }
        inner = self._inside(scopes, names)
        self._push(scopes, first.iter)
        self._push(inner, first.target, *first.ifs, *others)
        if isinstance(node, ast.DictComp):
            self._push(inner, node.key, node.value)
        else:
            self._push(inner, node.elt)

    def _annotation(self, node: ast.expr | None, scopes: _Scopes) -> None:
        """An annotation; text in it is read as Python, if it can be."""
        self._push(scopes, node)
        for part in ast.walk(node) if node is not None else ():
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                for name in _names_in(part.value):
                    self._use(name, scopes, optional=True)

    def _call(self, node: ast.Call, scopes: _Scopes) -> None:
        """An import by a function, where its argument can be read."""
        if dotted(node.func) in _IMPORTERS and node.args:
            module = node.args[0]
            if isinstance(module, ast.Constant) and isinstance(module.value, str):
                self.found.add(LocalImport(module.value, module.value, ()))

    def _use(self, name: tuple[str, ...], scopes: _Scopes, *, optional: bool = False) -> None:
        for scope in reversed(scopes):
            bindings = scope.names.get(name[0])
            if bindings is None:
                continue
            for binding in bindings:
                if isinstance(binding, Imported):
                    first = (binding.attribute,) if binding.attribute else ()
                    self.found.add(LocalImport(name[0], binding.module, (*first, *name[1:])))
            if scope.is_class:  # It may be read before the class binds it.
                optional = True
                continue
            if bindings:
                return
            break  # Declared `global`.
        self.found.add(Reference(name, optional))


def _names_in(text: str) -> Iterable[tuple[str, ...]]:
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for part in ast.walk(tree):
        if isinstance(part, ast.Name | ast.Attribute) and dotted(part):
            yield dotted(part)
