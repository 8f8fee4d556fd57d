"""`read`: the normal form of a piece of code, and what it uses, in one pass over its tree.

The form leaves out positions, comments, docstrings and other constants that stand alone, `pass`,
type comments, our own decorators, and the bodies of tasks that are defined inside. Without
recursion: a long chain of operators nests deeper than Python's stack.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterable
from typing import Any

from flyte_plan.closure.bindings import absolute, arguments, captured_names, import_of
from flyte_plan.closure.facts import Import, Use
from flyte_plan.closure.form import fields, joined, meaningful, scalar
from flyte_plan.closure.own import Function, dotted, is_task
from flyte_plan.closure.scopes import Dotted, Scope, uses
from flyte_plan.digest import digest

IsOwn = Callable[[ast.expr], bool]
"""Whether a decorator is ours, and therefore left out."""

Part = str | ast.AST
"""Text of the form as it stands, or code."""

OPEN_MARK = "."
"""Stands before the name of an attribute that leads to code which no name leads to."""

_IMPORTERS = frozenset({("__import__",), ("import_module",), ("importlib", "import_module")})
_OPEN_ATTRIBUTES = frozenset({"__globals__", "f_globals", "f_locals", "__subclasses__"})


def read(
    parts: Iterable[Part], package: str, is_own: IsOwn, *, wholes: frozenset[ast.AST]
) -> tuple[bytes, tuple[Use, ...]]:
    """The digest of the normal form of `parts`, and what they use.

    Tasks in them are their names alone, but for those that are among `wholes`.
    """
    reader = _Reader(package, is_own, wholes)
    reader.run(parts)
    form = "".join(reader.written).encode("utf-8", "surrogatepass")
    called = (Use((name,), name, (), False, line) for name, line in reader.imported.items())
    return digest("form", form), tuple(dict.fromkeys((*uses(reader.scopes), *called)))


class _Reader:
    """Writes each node; what is still to write waits with the scopes it stands in."""

    def __init__(self, package: str, is_own: IsOwn, wholes: frozenset[ast.AST]) -> None:
        self.package = package
        self.is_own = is_own
        self.wholes = wholes
        self.scope = Scope()
        self.scopes = [self.scope]
        self.imported: dict[str, int] = {}
        """Modules that are imported by calling a function, and the first line that does."""
        self.written: list[str] = []
        self.pending: list[Any] = []
        """Nodes, text, and scopes: what comes after a scope stands in it."""
        table: dict[type, Callable[[Any], None]] = {
            str: self.written.append,
            Scope: self._enter,
            type(None): self._none,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Constant: self._constant,
            ast.FunctionDef: self._function,
            ast.AsyncFunctionDef: self._function,
            ast.ClassDef: self._class,
            ast.Lambda: self._lambda,
            ast.ListComp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.DictComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.arg: self._arg,
            ast.AnnAssign: self._annotated,
            ast.AugAssign: self._augmented,
            ast.NamedExpr: self._named,
            ast.Call: self._call,
            ast.JoinedStr: self._joined,
            ast.FormattedValue: self._formatted,
            ast.Global: self._declaration,
            ast.Nonlocal: self._declaration,
            ast.Import: self._import,
            ast.ImportFrom: self._import_from,
            ast.ExceptHandler: self._handler,
            ast.match_case: self._case,
        }
        later: dict[str, Callable[[Any], None]] = {
            "TypeAlias": self._alias,  # Python 3.12
            "TemplateStr": self._joined,  # Python 3.14
            "Interpolation": self._formatted,
        }
        table |= {getattr(ast, name): later[name] for name in later if hasattr(ast, name)}
        self.table = table

    def run(self, parts: Iterable[Part]) -> None:
        """Write all of `parts`."""
        pending, table, any_node = self.pending, self.table, self._any
        pending.extend(reversed([*parts]))
        while pending:
            value = pending.pop()
            table.get(type(value), any_node)(value)

    def _any(self, node: ast.AST) -> None:
        """Opening, each field that isn't empty under its label, closing."""
        kind = type(node)
        self.written.append(f"({kind.__name__}")
        pending = self.pending
        pending.append(")")
        for name, label, is_body in fields(kind):
            value = getattr(node, name, None)
            if value is None:
                continue
            if isinstance(value, ast.AST):
                pending.append(value)
            elif type(value) is list:
                block = meaningful(value) if is_body else value
                if not block:
                    continue
                if type(block[0]) is str:
                    block = [scalar(text) for text in block]
                pending.append("]")
                pending.extend(block[::-1])
                pending.append("[")
            else:
                pending.append(scalar(value))
            pending.append(label)

    def _push(self, *values: object) -> None:
        """Have `values` written next, in their order."""
        self.pending.extend(values[::-1])

    def _enter(self, scope: Scope) -> None:
        self.scope = scope

    def _none(self, _: None) -> None:
        """A hole in a list, as `**` leaves among the keys of a dict."""
        self.written.append("n")

    def _name(self, node: ast.Name) -> None:
        self.written.append(f"(v {node.id})")
        if type(node.ctx) is ast.Load:
            self.scope.read.setdefault((node.id,), node.lineno)
        else:
            self.scope.bound.setdefault(node.id, [])

    def _attribute(self, node: ast.Attribute) -> None:
        """A dotted name is one use of what it begins with, wherever it stands."""
        parts = [node.attr]
        if node.attr in _OPEN_ATTRIBUTES:
            self.scope.read.setdefault((OPEN_MARK + node.attr,), node.lineno)
        base: ast.expr = node.value
        while type(base) is ast.Attribute:
            parts.append(base.attr)
            base = base.value
        if type(base) is not ast.Name:
            self._any(node)
            return
        parts.append(base.id)
        parts.reverse()
        self.written.append(f"(v {'.'.join(parts)})")
        self.scope.read.setdefault(tuple(parts), node.lineno)

    def _constant(self, node: ast.Constant) -> None:
        self.written.append(scalar(node.value))

    def _function(self, node: Function) -> None:
        outer = self.scope
        outer.bind(node.name)
        if node not in self.wholes and is_task(node):
            self.written.append(f"(task {node.name})")
            return
        typed = self._typed(node)
        inner = self._function_scope(typed, node.args)
        _mention(typed, node.returns)
        self.written.append(f"({type(node).__name__} {node.name}[")
        self._push(
            *(*self._decorators(node), "]", typed, *_type_parameters(node), node.args),
            *(".returns ", node.returns, inner, "{", *meaningful(node.body), outer, "})"),
        )

    def _class(self, node: ast.ClassDef) -> None:
        outer = self.scope
        outer.bind(node.name)
        typed = self._typed(node)
        inner = self._inside(Scope(typed.visible(), is_class=True))
        self.written.append(f"(ClassDef {node.name}[")
        self._push(
            *(*self._decorators(node), "]", typed, *_type_parameters(node), *node.bases, "]"),
            *(*node.keywords, inner, "{", *meaningful(node.body), outer, "})"),
        )

    def _lambda(self, node: ast.Lambda) -> None:
        inner = self._function_scope(self.scope, node.args)
        self.written.append("(Lambda")
        self._push(node.args, inner, node.body, self.scope, ")")

    def _alias(self, node: ast.AST) -> None:
        outer, typed = self.scope, self._typed(node)
        name: ast.Name = getattr(node, "name")  # noqa: B009 - Python 3.12
        outer.bind(name.id)
        self.written.append(f"(TypeAlias {name.id}")
        self._push(typed, *_type_parameters(node), getattr(node, "value", None), outer, ")")

    def _comprehension(
        self, node: ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
    ) -> None:
        """The first iterable is evaluated outside."""
        outer = self.scope
        inner = self._inside(Scope(outer.visible(), around=outer))
        first, *others = node.generators
        made = (node.key, node.value) if isinstance(node, ast.DictComp) else (node.elt,)
        self.written.append(f"({type(node).__name__}{first.is_async}")
        self._push(
            *(first.iter, inner, first.target, "[", *first.ifs, "]", *others),
            *(".made ", *made, outer, ")"),
        )

    def _decorators(self, node: Function | ast.ClassDef) -> list[ast.expr]:
        return [decorator for decorator in node.decorator_list if not self.is_own(decorator)]

    def _inside(self, scope: Scope) -> Scope:
        self.scopes.append(scope)
        return scope

    def _typed(self, node: ast.AST) -> Scope:
        """The scope of a definition's type parameters; that around it where it has none."""
        parameters = getattr(node, "type_params", None)  # Python 3.12
        if not parameters:
            return self.scope
        typed = self._inside(Scope(self.scope))
        for parameter in parameters:
            typed.bind(parameter.name)
        return typed

    def _function_scope(self, around: Scope, parameters: ast.arguments) -> Scope:
        inner = self._inside(Scope(around.visible()))
        for parameter in arguments(parameters):
            inner.bind(parameter.arg)
        return inner

    def _arg(self, node: ast.arg) -> None:
        _mention(self.scope, node.annotation)
        self.written.append(f"(arg {node.arg} ")
        self._push(node.annotation, ")")

    def _annotated(self, node: ast.AnnAssign) -> None:
        _mention(self.scope, node.annotation)
        self._any(node)

    def _augmented(self, node: ast.AugAssign) -> None:
        if isinstance(node.target, ast.Name):  # Read too, though its place is a store's.
            self.scope.read.setdefault((node.target.id,), node.lineno)
        self._any(node)

    def _named(self, node: ast.NamedExpr) -> None:
        self.scope.binder().bind(node.target.id)
        self.written.append(f"(NamedExpr {node.target.id} ")
        self._push(node.value, ")")

    def _call(self, node: ast.Call) -> None:
        """An import by a function, where its argument can be read."""
        if node.args and isinstance(node.args[0], ast.Constant) and dotted(node.func) in _IMPORTERS:
            module = node.args[0].value
            if isinstance(module, str):
                self.imported.setdefault(module, node.lineno)
        self._any(node)

    def _joined(self, node: ast.JoinedStr) -> None:
        self.written.append(f"({type(node).__name__}[")
        self._push(*joined(node.values), "])")

    def _formatted(self, node: ast.FormattedValue) -> None:
        """A format that is empty is none; in a template, the expression's text counts too."""
        text = getattr(node, "str", "")
        self.written.append(f"({type(node).__name__}{node.conversion}{scalar(text)}")
        form = node.format_spec
        has_form = isinstance(form, ast.JoinedStr) and joined(form.values)
        self._push(node.value, *((form,) if has_form else ()), ")")

    def _declaration(self, node: ast.Global | ast.Nonlocal) -> None:
        is_global = isinstance(node, ast.Global)
        scope = self.scope
        (scope.declared_global if is_global else scope.declared_nonlocal).update(node.names)
        self._any(node)

    def _import(self, node: ast.Import) -> None:
        for alias in node.names:
            local, target = import_of(alias)
            self.scope.bound.setdefault(local, []).append(target)
        self._any(node)

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = absolute(node, self.package)
        for alias in node.names:
            target = Import(module, alias.name)
            self.scope.bound.setdefault(alias.asname or alias.name, []).append(target)
        self._any(node)

    def _handler(self, node: ast.ExceptHandler) -> None:
        if node.name is not None:
            self.scope.bind(node.name)
        self._any(node)

    def _case(self, node: ast.match_case) -> None:
        for name in captured_names(node.pattern):
            self.scope.bind(name)
        self._any(node)


def _type_parameters(node: ast.AST) -> tuple[Any, ...]:
    return ("<", *getattr(node, "type_params", ()), ">")  # Python 3.12


def _mention(scope: Scope, annotation: ast.expr | None) -> None:
    """Note the names in an annotation's texts, which are read as Python if they can be."""
    if annotation is None or isinstance(annotation, ast.Name | ast.Attribute):
        return
    pending: list[ast.AST] = [annotation]
    while pending:
        part = pending.pop()
        if isinstance(part, ast.Constant) and isinstance(part.value, str):
            for name in _names_in(part.value):
                scope.mentioned.setdefault(name, part.lineno)
        elif not (isinstance(part, ast.Subscript) and dotted(part.value)[-1:] == ("Literal",)):
            pending.extend(ast.iter_child_nodes(part))


def _names_in(text: str) -> Iterable[Dotted]:
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return
    for part in ast.walk(tree):
        if isinstance(part, ast.Name | ast.Attribute) and dotted(part):
            yield dotted(part)
