"""What a block of statements binds: each name with everything that gives it a value.

A block is the body of a module, a function or a class. A name may be bound many times; which
binding counts is for the program to decide, so all of them do.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flyte_plan.closure.own import Function, dotted

Block = Mapping[str, tuple["Binding", ...]]
"""Names and their bindings. A name without any is declared `global`."""


@dataclass(frozen=True, slots=True)
class Defined:
    """A function or class, with the headers of the statements that it stands in."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    headers: tuple[ast.AST, ...]


@dataclass(frozen=True, slots=True)
class Assigned:
    """A statement that gives or changes the value, with the headers of those around it."""

    node: ast.AST
    headers: tuple[ast.AST, ...]


@dataclass(frozen=True, slots=True)
class Imported:
    """`attribute` of `module`, or the module itself."""

    module: str
    attribute: str | None


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of the function whose block it is."""


@dataclass(frozen=True, slots=True)
class Rebound:
    """A `global` declaration in the function or class `name` of the module."""

    name: str


Binding = Defined | Assigned | Imported | Argument | Rebound


@dataclass(slots=True)
class Bindings:
    """The names of one block, as they are collected."""

    package: str
    """What a relative import starts from."""
    names: dict[str, list[Binding]] = field(default_factory=dict)
    changed: dict[str, list[Assigned]] = field(default_factory=dict)
    """Values changed in place (`TABLE[k] = v`, `TABLE.update(...)`): bound elsewhere."""
    stars: list[str] = field(default_factory=list)
    """Modules of star imports."""

    def block(self) -> Block:
        """The names, with what changes their values."""
        for name, changes in self.changed.items():
            bindings = self.names.get(name, [])
            if any(not isinstance(binding, Imported) for binding in bindings):
                bindings.extend(changes)
        return {name: tuple(bindings) for name, bindings in self.names.items()}

    def bind(self, name: str, binding: Binding) -> None:
        """Note one more binding of `name`."""
        self.names.setdefault(name, []).append(binding)

    def statements(self, body: Iterable[ast.stmt], headers: tuple[ast.AST, ...]) -> None:
        """Collect what `body`, which stands under `headers`, binds."""
        for statement in body:
            self._statement(statement, headers)

    def _statement(self, node: ast.stmt, headers: tuple[ast.AST, ...]) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.bind(node.name, Defined(node, headers))
            case ast.Import():
                for alias in node.names:
                    self._import(alias)
            case ast.ImportFrom():
                self._import_from(node)
            case ast.For() | ast.AsyncFor():
                self._expression(ast.Tuple([node.target, node.iter], ast.Load()), headers)
                self._blocks(node, (*headers, node.iter))
            case ast.If() | ast.While():
                self._expression(node.test, headers)
                self._blocks(node, (*headers, node.test))
            case ast.With() | ast.AsyncWith():
                for used in node.items:
                    self._expression(used, headers)
                self._blocks(node, (*headers, *node.items))
            case ast.Try() | ast.TryStar():
                self._blocks(node, headers)
                for handler in node.handlers:
                    self._handler(handler, headers)
            case ast.Match():
                self._match(node, headers)
            case _:
                self._expression(node, headers)

    def _blocks(self, node: ast.stmt, headers: tuple[ast.AST, ...]) -> None:
        for name in ("body", "orelse", "finalbody"):
            self.statements(getattr(node, name, ()), headers)

    def _handler(self, node: ast.ExceptHandler, headers: tuple[ast.AST, ...]) -> None:
        caught = () if node.type is None else (node.type,)
        if node.name is not None:
            self.bind(node.name, Assigned(ast.Tuple([*caught], ast.Load()), headers))
        self.statements(node.body, (*headers, *caught))

    def _match(self, node: ast.Match, headers: tuple[ast.AST, ...]) -> None:
        self._expression(node.subject, headers)
        for case in node.cases:
            inner = (*headers, node.subject, case.pattern)
            for part in ast.walk(case.pattern):
                name = getattr(part, "rest" if isinstance(part, ast.MatchMapping) else "name", None)
                if name is not None:
                    self.bind(name, Assigned(case.pattern, (*headers, node.subject)))
            self.statements(case.body, inner)

    def _expression(self, node: ast.AST, headers: tuple[ast.AST, ...]) -> None:
        assigned = Assigned(node, headers)
        for name in {*stored_names(node)}:
            self.bind(name, assigned)
        for name in {*_changed_names(node)}:
            self.changed.setdefault(name, []).append(assigned)

    def _import(self, alias: ast.alias) -> None:
        if alias.asname is not None:
            self.bind(alias.asname, Imported(alias.name, None))
        else:
            top = alias.name.partition(".")[0]
            self.bind(top, Imported(top, None))

    def _import_from(self, node: ast.ImportFrom) -> None:
        module = _absolute(node, self.package)
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(module)
            else:
                self.bind(alias.asname or alias.name, Imported(module, alias.name))


def function_block(node: Function | ast.Lambda, package: str) -> Block:
    """The local names of a function."""
    bindings = Bindings(package)
    for argument in _arguments(node.args):
        bindings.bind(argument.arg, Argument())
    if isinstance(node, ast.Lambda):
        for name in stored_names(node.body):
            bindings.bind(name, Argument())
        return bindings.block()
    bindings.statements(node.body, ())
    for declared in declarations(node):
        for name in declared.names:
            bindings.names.pop(name, None)
            bindings.changed.pop(name, None)
            if isinstance(declared, ast.Global):
                bindings.names[name] = []
    return bindings.block()


def class_block(node: ast.ClassDef, package: str) -> Block:
    """The names in a class."""
    bindings = Bindings(package)
    bindings.statements(node.body, ())
    return bindings.block()


def declarations(node: ast.AST) -> Iterator[ast.Global | ast.Nonlocal]:
    """The `global` and `nonlocal` statements of a function itself, not of those inside it."""
    pending = [*ast.iter_child_nodes(node)]
    while pending:
        part = pending.pop()
        if isinstance(part, ast.Global | ast.Nonlocal):
            yield part
        elif isinstance(part, ast.stmt | ast.ExceptHandler | ast.match_case) and not isinstance(
            part, Function | ast.ClassDef
        ):
            pending.extend(ast.iter_child_nodes(part))


def stored_names(node: ast.AST) -> Iterator[str]:
    """Names that a statement or expression binds in the block it stands in."""
    pending: list[ast.AST] = [node]
    while pending:
        part = pending.pop()
        match part:
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.Lambda():
                pass
            case ast.comprehension():
                pending += (part.iter, *part.ifs)
            case _:
                pending.extend(ast.iter_child_nodes(part))


def _changed_names(node: ast.AST) -> Iterator[str]:
    """Names whose value a statement changes in place: by a part of it, or by calling a method."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute() as method)):
            yield from dotted(method)[:1]
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            for target in targets:
                yield from _changed_parts(target)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
            yield from _changed_parts(target)
        case ast.withitem(optional_vars=ast.expr() as target):
            yield from _changed_parts(target)
        case _:
            pass


def _changed_parts(target: ast.expr) -> Iterator[str]:
    if isinstance(target, ast.Tuple | ast.List):
        for element in target.elts:
            yield from _changed_parts(element)
    elif isinstance(target, ast.Attribute | ast.Subscript):
        yield from _base(target)


def _base(node: ast.expr) -> tuple[str, ...]:
    while isinstance(node, ast.Attribute | ast.Subscript):
        node = node.value
    return (node.id,) if isinstance(node, ast.Name) else ()


def _arguments(node: ast.arguments) -> list[ast.arg]:
    starred = [argument for argument in (node.vararg, node.kwarg) if argument is not None]
    return [*node.posonlyargs, *node.args, *node.kwonlyargs, *starred]


def _absolute(node: ast.ImportFrom, package: str) -> str:
    if not node.level:
        return node.module or ""
    base = package.split(".")
    base = base[: len(base) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])
