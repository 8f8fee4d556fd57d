"""Names and scopes: what some code reads, binds and deletes, by Python's own rules.

`contents` looks at one scope and stops at the ones inside it; everything else here is arithmetic
on what it found. libcst's `ScopeProvider` answers the same questions at ten times the cost of the
parse.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

import libcst as cst

from flyte_compiler.syntax.tree import children

Comprehension: TypeAlias = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp
ScopeNode: TypeAlias = cst.FunctionDef | cst.Lambda | cst.ClassDef | Comprehension

COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


class Access(Enum):
    """What one mention of a name does to it."""

    READ = "read"
    WRITE = "write"
    WALRUS = "walrus"
    """A write that leaves the comprehension that it stands in."""
    DECLARE = "declare"
    """`x: int` makes a name local and gives it no value."""
    DELETE = "delete"
    GLOBAL = "global"
    NONLOCAL = "nonlocal"


class Mention(NamedTuple):
    """One mention of a name."""

    access: Access
    name: str
    node: cst.CSTNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What stands directly in one scope."""

    mentions: tuple[Mention, ...]
    nested: tuple[ScopeNode, ...]
    """The scopes right inside it; their names are not among the mentions."""
    yields: bool

    def names(self, *accesses: Access) -> frozenset[str]:
        """The names that are mentioned in one of these ways."""
        return frozenset(m.name for m in self.mentions if m.access in accesses)

    @property
    def local(self) -> frozenset[str]:
        """The names that this scope binds for itself, were it a function's."""
        bound = self.names(Access.WRITE, Access.WALRUS, Access.DECLARE, Access.DELETE)
        for inner in self.nested:
            if isinstance(inner, COMPREHENSIONS):
                bound |= _from_outside(inner).writes
        return bound - self.names(Access.GLOBAL, Access.NONLOCAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class NameUse:
    """What some code does to the names of the function around it.

    Comprehension targets, parameters of lambdas and locals of nested functions are nobody else's
    business; their free variables are reads, and what they declare `nonlocal` and bind are writes.
    """

    reads: frozenset[str]
    writes: frozenset[str]
    deletes: frozenset[str]
    declares_global: frozenset[str]
    declares_nonlocal: frozenset[str]


def names_in(nodes: Iterable[cst.CSTNode]) -> NameUse:
    """What statements or expressions do, seen from the function that holds them."""
    return _use(contents(nodes))


def contents_of(scope: ScopeNode) -> Contents:
    """What stands inside a scope; decorators, defaults and first iterables stand outside."""
    match scope:
        case cst.FunctionDef():
            return contents([scope.body], parameters=scope.params)
        case cst.Lambda():
            return contents([scope.body], parameters=scope.params)
        case cst.ClassDef():
            return contents([scope.body])
        case cst.DictComp():
            return contents([scope.key, scope.value], loop=scope.for_in)
        case _:
            return contents([scope.elt], loop=scope.for_in)


def parameter_list(parameters: cst.Parameters) -> Iterator[cst.Param]:
    """Every parameter, in the order that they are written."""
    yield from parameters.posonly_params
    yield from parameters.params
    if isinstance(parameters.star_arg, cst.Param):
        yield parameters.star_arg
    yield from parameters.kwonly_params
    if parameters.star_kwarg is not None:
        yield parameters.star_kwarg


def contents(
    nodes: Iterable[cst.CSTNode],
    *,
    parameters: cst.Parameters | None = None,
    loop: cst.CompFor | None = None,
) -> Contents:
    """What some nodes do in the scope that they stand in, beside its parameters or the targets of
    its first loop."""
    scan = _Scan()
    if loop is not None:
        scan.write(loop.target)
        scan.push(*loop.ifs, loop.inner_for_in)
    if parameters is not None:
        for parameter in parameter_list(parameters):
            scan.mention(Access.WRITE, parameter.name)
    scan.run(nodes)
    return Contents(
        mentions=tuple(scan.mentions), nested=tuple(scan.nested), yields=scan.found_yield
    )


def bound_import(alias: cst.ImportAlias) -> cst.Name | None:
    """The name that an import binds: `c` of `a.b as c`, `a` of `a.b`."""
    if alias.asname is not None:
        return alias.asname.name if isinstance(alias.asname.name, cst.Name) else None
    name: cst.CSTNode = alias.name
    while isinstance(name, cst.Attribute):
        name = name.value
    return name if isinstance(name, cst.Name) else None


def _use(here: Contents) -> NameUse:
    reads = set(here.names(Access.READ))
    writes = set(here.names(Access.WRITE, Access.WALRUS))
    for scope in here.nested:
        inner = _from_outside(scope)
        reads |= inner.reads
        writes |= inner.writes | inner.deletes
    return NameUse(
        reads=frozenset(reads),
        writes=frozenset(writes),
        deletes=here.names(Access.DELETE),
        declares_global=here.names(Access.GLOBAL),
        declares_nonlocal=here.names(Access.NONLOCAL),
    )


def _from_outside(scope: ScopeNode) -> NameUse:
    """What a nested scope does to the names of the function around it."""
    here = contents_of(scope)
    use = _use(here)
    if isinstance(scope, COMPREHENSIONS):
        own = here.names(Access.WRITE)
    else:
        own = here.local | here.names(Access.GLOBAL)
    # A class body may read a name of the function before it binds its own, and its names are not
    # seen by the functions in it: they hide nothing.
    hidden = frozenset[str]() if isinstance(scope, cst.ClassDef) else own
    return NameUse(
        reads=use.reads - hidden,
        writes=use.writes - own,
        deletes=use.deletes - own,
        declares_global=frozenset(),
        declares_nonlocal=frozenset(),
    )


class _Scan:
    """One pass over the nodes of one scope, with a stack of its own."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.nested: list[ScopeNode] = []
        self.found_yield = False
        self._stack: list[cst.CSTNode] = []

    def run(self, nodes: Iterable[cst.CSTNode]) -> None:
        self._stack.extend(nodes)
        while self._stack:
            node = self._stack.pop()
            handler = _HANDLERS.get(type(node))
            if handler is None:
                self._stack.extend(children(node))
            else:
                handler(self, node)

    def push(self, *nodes: cst.CSTNode | None) -> None:
        self._stack.extend(node for node in nodes if node is not None)

    def mention(self, access: Access, name: cst.Name) -> None:
        self.mentions.append(Mention(access, name.value, name))

    def write(self, target: cst.CSTNode) -> None:
        """Bind the names of a target; what else it mentions is read."""
        match target:
            case cst.Name():
                self.mention(Access.WRITE, target)
            case cst.Tuple() | cst.List():
                for element in target.elements:
                    self.write(element.value)
            case _:
                self.push(target)

    def read(self, node: cst.Name) -> None:
        self.mention(Access.READ, node)

    def attribute(self, node: cst.Attribute) -> None:
        self.push(node.value)

    def argument(self, node: cst.Arg) -> None:
        self.push(node.value)

    def assign(self, node: cst.Assign) -> None:
        for target in node.targets:
            self.write(target.target)
        self.push(node.value)

    def annotated(self, node: cst.AnnAssign) -> None:
        if node.value is None and isinstance(node.target, cst.Name):
            self.mention(Access.DECLARE, node.target)
        else:
            self.write(node.target)
        self.push(node.value)

    def augmented(self, node: cst.AugAssign) -> None:
        self.write(node.target)
        if isinstance(node.target, cst.Name):
            self.read(node.target)
        self.push(node.value)

    def walrus(self, node: cst.NamedExpr) -> None:
        if isinstance(node.target, cst.Name):
            self.mention(Access.WALRUS, node.target)
        self.push(node.value)

    def loop(self, node: cst.For) -> None:
        self.write(node.target)
        self.push(node.iter, node.body, node.orelse)

    def comprehension_loop(self, node: cst.CompFor) -> None:
        self.write(node.target)
        self.push(node.iter, *node.ifs, node.inner_for_in)

    def as_name(self, node: cst.AsName) -> None:
        self.write(node.name)

    def imported(self, node: cst.ImportAlias) -> None:
        if (name := bound_import(node)) is not None:
            self.mention(Access.WRITE, name)

    def import_from(self, node: cst.ImportFrom) -> None:
        if not isinstance(node.names, cst.ImportStar):
            self.push(*node.names)

    def delete(self, node: cst.Del) -> None:
        targets: list[cst.CSTNode] = [node.target]
        while targets:
            target = targets.pop()
            if isinstance(target, cst.Name):
                self.mention(Access.DELETE, target)
            elif isinstance(target, cst.Tuple | cst.List):
                targets.extend(element.value for element in target.elements)
            else:
                self.push(target)

    def declared_global(self, node: cst.Global) -> None:
        self.mentions.extend(Mention(Access.GLOBAL, n.name.value, n.name) for n in node.names)

    def declared_nonlocal(self, node: cst.Nonlocal) -> None:
        self.mentions.extend(Mention(Access.NONLOCAL, n.name.value, n.name) for n in node.names)

    def function(self, node: cst.FunctionDef) -> None:
        self.mention(Access.WRITE, node.name)
        self.push(*node.decorators, node.returns)
        self._defaults(node.params)
        self.nested.append(node)

    def lambda_(self, node: cst.Lambda) -> None:
        self._defaults(node.params)
        self.nested.append(node)

    def class_(self, node: cst.ClassDef) -> None:
        self.mention(Access.WRITE, node.name)
        self.push(*node.decorators, *node.bases, *node.keywords)
        self.nested.append(node)

    def comprehension(self, node: Comprehension) -> None:
        self.push(node.for_in.iter)
        self.nested.append(node)

    def type_alias(self, node: cst.TypeAlias) -> None:
        self.mention(Access.WRITE, node.name)

    def yields(self, node: cst.Yield) -> None:
        self.found_yield = True
        self.push(node.value)

    def captures(self, node: cst.MatchAs) -> None:
        if node.name is not None:
            self.mention(Access.WRITE, node.name)
        self.push(node.pattern)

    def captures_rest(self, node: cst.MatchStar) -> None:
        if node.name is not None:
            self.mention(Access.WRITE, node.name)

    def captures_mapping(self, node: cst.MatchMapping) -> None:
        if node.rest is not None:
            self.mention(Access.WRITE, node.rest)
        self.push(*node.elements)

    def keyword_pattern(self, node: cst.MatchKeywordElement) -> None:
        self.push(node.pattern)

    def _defaults(self, parameters: cst.Parameters) -> None:
        for parameter in parameter_list(parameters):
            self.push(parameter.default, parameter.annotation)


_HANDLERS: dict[type[cst.CSTNode], Callable[[_Scan, Any], None]] = {
    cst.AnnAssign: _Scan.annotated,
    cst.Arg: _Scan.argument,
    cst.AsName: _Scan.as_name,
    cst.Assign: _Scan.assign,
    cst.Attribute: _Scan.attribute,
    cst.AugAssign: _Scan.augmented,
    cst.ClassDef: _Scan.class_,
    cst.CompFor: _Scan.comprehension_loop,
    cst.Del: _Scan.delete,
    cst.DictComp: _Scan.comprehension,
    cst.For: _Scan.loop,
    cst.FunctionDef: _Scan.function,
    cst.GeneratorExp: _Scan.comprehension,
    cst.Global: _Scan.declared_global,
    cst.ImportAlias: _Scan.imported,
    cst.ImportFrom: _Scan.import_from,
    cst.Lambda: _Scan.lambda_,
    cst.ListComp: _Scan.comprehension,
    cst.MatchAs: _Scan.captures,
    cst.MatchKeywordElement: _Scan.keyword_pattern,
    cst.MatchMapping: _Scan.captures_mapping,
    cst.MatchStar: _Scan.captures_rest,
    cst.Name: _Scan.read,
    cst.NamedExpr: _Scan.walrus,
    cst.Nonlocal: _Scan.declared_nonlocal,
    cst.SetComp: _Scan.comprehension,
    cst.TypeAlias: _Scan.type_alias,
    cst.Yield: _Scan.yields,
}
"""What binds names or starts a scope. A node of another kind only reads what is under it."""
