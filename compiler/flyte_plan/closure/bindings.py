"""What a block of statements binds: each name with everything that gives it a value.

A block is the body of a module, a function or a class. A name may be bound many times; which
binding counts is for the program to decide, so all of them do, each with what it depends on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from flyte_plan.closure.facts import Import
from flyte_plan.closure.own import Function, called, dotted, is_main_guard

Block = Mapping[str, tuple["Binding", ...]]
"""Names and their bindings. A name without any is declared `global`."""


@dataclass(frozen=True, slots=True)
class Header:
    """Whether, and how often, a binding is made: the test of an `if` and which arm, or a loop."""

    kind: str
    nodes: tuple[ast.AST, ...]


@dataclass(frozen=True, slots=True)
class Defined:
    """A function or class."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef
    headers: tuple[Header, ...]
    order: int


@dataclass(frozen=True, slots=True)
class Assigned:
    """A statement that gives or changes the value."""

    node: ast.AST
    headers: tuple[Header, ...]
    order: int


@dataclass(frozen=True, slots=True)
class Imported:
    """An import."""

    target: Import
    headers: tuple[Header, ...]
    order: int


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
    registered: dict[str, list[Assigned]] = field(default_factory=dict)
    """Values that decorate a definition by a method (`@TABLE.add`), and so may keep it."""
    calls: dict[str, list[Assigned]] = field(default_factory=dict)
    """Statements that are a call, by what they call, and definitions, by what decorates them."""
    stars: list[str] = field(default_factory=list)
    """Modules of star imports."""
    order: int = 0
    is_guarded: bool = False
    """Whether the statements are those of a script alone."""

    def block(self) -> Block:
        """The names, with what changes their values."""
        for name, bindings in self.names.items():
            if is_ours(self, name):
                continue
            bindings.extend(self.changed.get(name, ()))
            if not all(isinstance(each, Imported) for each in bindings):
                bindings.extend(self.registered.get(name, ()))
        return {name: tuple(bindings) for name, bindings in self.names.items()}

    def bind(self, name: str, binding: Binding) -> None:
        """Note one more binding of `name`."""
        self.names.setdefault(name, []).append(binding)

    def statements(self, body: Iterable[ast.stmt], headers: tuple[Header, ...] = ()) -> None:
        """Collect what `body`, which stands under `headers`, binds."""
        for statement in body:
            self.order += 1
            self._statement(statement, headers)

    def _statement(self, node: ast.stmt, headers: tuple[Header, ...]) -> None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                self.bind(node.name, Defined(node, headers, self.order))
                self._decorators(node, headers)
            case ast.Import():
                for alias in node.names:
                    self._import(alias, headers)
            case ast.ImportFrom():
                self._import_from(node, headers)
            case ast.If():
                self._if(node, headers)
            case ast.Try() | ast.TryStar():
                self._try(node, headers)
            case ast.For() | ast.AsyncFor() | ast.While() | ast.With() | ast.AsyncWith():
                # What such a statement binds is computed by all of it.
                self._part(node, headers)
                whole = (*headers, Header("whole", (node,)))
                for name in ("body", "orelse"):
                    self.statements(getattr(node, name, ()), whole)
            case ast.Match():
                self._part(node, headers)
                whole = (*headers, Header("whole", (node,)))
                for case in node.cases:
                    for name in captured_names(case.pattern):
                        self.bind(name, Assigned(node, headers, self.order))
                    self.statements(case.body, whole)
            case _:
                self._expression(node, headers)

    def _if(self, node: ast.If, headers: tuple[Header, ...]) -> None:
        self._expression(node.test, headers)
        before, self.is_guarded = self.is_guarded, self.is_guarded or is_main_guard(node)
        self.statements(node.body, (*headers, Header("if", (node.test,))))
        self.is_guarded = before
        self.statements(node.orelse, (*headers, Header("else", (node.test,))))

    def _try(self, node: ast.Try | ast.TryStar, headers: tuple[Header, ...]) -> None:
        kind = type(node).__name__
        caught = tuple(handler.type for handler in node.handlers if handler.type is not None)
        self.statements(node.body, (*headers, Header(kind, caught)))
        for handler in node.handlers:
            types = () if handler.type is None else (handler.type,)
            inner = (*headers, Header(f"{kind} except", types))
            if handler.name is not None:
                self.bind(
                    handler.name, Assigned(ast.Tuple([*types], ast.Load()), inner, self.order)
                )
            self.statements(handler.body, inner)
        self.statements(node.orelse, (*headers, Header(f"{kind} else", caught)))
        self.statements(node.finalbody, headers)

    def _part(self, node: ast.stmt, headers: tuple[Header, ...]) -> None:
        """What a compound statement binds outside its blocks."""
        assigned = Assigned(node, headers, self.order)
        for part in ast.iter_child_nodes(node):
            if not isinstance(part, ast.stmt | ast.match_case):
                for name in {*stored_names(part)}:
                    self.bind(name, assigned)

    def _expression(self, node: ast.AST, headers: tuple[Header, ...]) -> None:
        assigned = Assigned(node, headers, self.order)
        for name in dict.fromkeys(stored_names(node)):
            self.bind(name, assigned)
        if self.is_guarded:
            return
        for name in dict.fromkeys(changed_names(node)):
            self.changed.setdefault(name, []).append(assigned)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            function = called(node.value)
            if len(function) == 1:
                self.calls.setdefault(function[0], []).append(assigned)

    def _decorators(self, node: Function | ast.ClassDef, headers: tuple[Header, ...]) -> None:
        for decorator in node.decorator_list:
            name = called(decorator)
            if name and not self.is_guarded:
                kept = self.calls if len(name) == 1 else self.registered
                kept.setdefault(name[0], []).append(Assigned(node, headers, self.order))

    def _import(self, alias: ast.alias, headers: tuple[Header, ...]) -> None:
        local, target = import_of(alias)
        self.bind(local, Imported(target, headers, self.order))

    def _import_from(self, node: ast.ImportFrom, headers: tuple[Header, ...]) -> None:
        module = absolute(node, self.package)
        for alias in node.names:
            if alias.name == "*":
                self.stars.append(module)
            else:
                imported = Imported(Import(module, alias.name), headers, self.order)
                self.bind(alias.asname or alias.name, imported)


def is_ours(bindings: Bindings, name: str) -> bool:
    """Whether a name is imported from `flyte`."""
    return any(
        isinstance(each, Imported) and each.target.module.partition(".")[0] == "flyte"
        for each in bindings.names.get(name, ())
    )


def function_block(node: Function, package: str) -> Block:
    """The local names of a function."""
    bindings = Bindings(package)
    for argument in arguments(node.args):
        bindings.bind(argument.arg, Argument())
    bindings.statements(node.body)
    for declared in _declarations(node):
        for name in declared.names:
            bindings.names.pop(name, None)
            bindings.changed.pop(name, None)
            if isinstance(declared, ast.Global):
                bindings.names[name] = []
    return bindings.block()


def class_block(node: ast.ClassDef, package: str) -> Block:
    """The names in a class."""
    bindings = Bindings(package)
    bindings.statements(node.body)
    return bindings.block()


def _declarations(node: ast.AST) -> Iterator[ast.Global | ast.Nonlocal]:
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


def captured_names(pattern: ast.pattern) -> Iterator[str]:
    """Names that a pattern binds."""
    for part in ast.walk(pattern):
        name = getattr(part, "rest" if isinstance(part, ast.MatchMapping) else "name", None)
        if name is not None:
            yield name


def changed_names(node: ast.AST) -> Iterator[str]:
    """Names whose value a statement changes in place: by a part of it, or by calling a method."""
    match node:
        case ast.Expr(value=ast.Call(func=ast.Attribute() as method)):
            yield from dotted(method)[:1]
        case ast.Assign(targets=targets) | ast.Delete(targets=targets):
            for target in targets:
                yield from _changed_parts(target)
        case ast.AugAssign(target=target) | ast.AnnAssign(target=target):
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


def arguments(node: ast.arguments) -> list[ast.arg]:
    """The parameters of a function, of every kind."""
    starred = [argument for argument in (node.vararg, node.kwarg) if argument is not None]
    return [*node.posonlyargs, *node.args, *node.kwonlyargs, *starred]


def import_of(alias: ast.alias) -> tuple[str, Import]:
    """The name that `import a.b` or `import a.b as c` binds, and to what."""
    if alias.asname is not None:
        return alias.asname, Import(alias.name, None)
    top = alias.name.partition(".")[0]
    return top, Import(top, None)


def absolute(node: ast.ImportFrom, package: str) -> str:
    """The module that `from … import` names."""
    if not node.level:
        return node.module or ""
    base = package.split(".")
    base = base[: len(base) - node.level + 1]
    return ".".join([*base, *([node.module] if node.module else [])])
