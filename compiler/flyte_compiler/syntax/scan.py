"""One pass over one scope: each mention of a name there, and the scopes right inside it.

What binds a name and what starts a scope is a table of node kinds; every other kind only reads
what is under it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from enum import StrEnum
from typing import Any, NamedTuple, TypeAlias

import libcst as cst

from flyte_compiler.syntax.tree import children

Comprehension: TypeAlias = cst.ListComp | cst.SetComp | cst.DictComp | cst.GeneratorExp
ScopeNode: TypeAlias = cst.FunctionDef | cst.Lambda | cst.ClassDef | Comprehension

COMPREHENSIONS = (cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


class Access(StrEnum):
    """What one mention of a name does to it. Texts, as the hash of a plain enum runs Python."""

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


def parameter_list(parameters: cst.Parameters) -> Iterator[cst.Param]:
    """Every parameter, in the order that they are written."""
    yield from parameters.posonly_params
    yield from parameters.params
    if isinstance(parameters.star_arg, cst.Param):
        yield parameters.star_arg
    yield from parameters.kwonly_params
    if parameters.star_kwarg is not None:
        yield parameters.star_kwarg


def bound_import(alias: cst.ImportAlias) -> cst.Name | None:
    """The name that an import binds: `c` of `a.b as c`, `a` of `a.b`."""
    if alias.asname is not None:
        return alias.asname.name if isinstance(alias.asname.name, cst.Name) else None
    name: cst.CSTNode = alias.name
    while isinstance(name, cst.Attribute):
        name = name.value
    return name if isinstance(name, cst.Name) else None


class Scan:
    """One pass over the nodes of one scope, with a stack of its own."""

    def __init__(self) -> None:
        self.mentions: list[Mention] = []
        self.nested: list[ScopeNode] = []
        self.found_yield = False
        self._stack: list[cst.CSTNode] = []

    def run(self, nodes: Iterable[cst.CSTNode]) -> None:
        stack, mentions = self._stack, self.mentions
        stack.extend(nodes)
        while stack:
            node: Any = stack.pop()
            kind = type(node)
            if kind is cst.Name:  # half of all that comes by
                mentions.append(Mention(Access.READ, node.value, node))
            elif (handler := _HANDLERS.get(kind)) is None:
                stack += children(node)
            else:
                handler(self, node)

    def push(self, *nodes: cst.CSTNode | None) -> None:
        self._stack.extend(node for node in nodes if node is not None)

    def mention(self, access: Access, name: cst.Name) -> None:
        self.mentions.append(Mention(access, name.value, name))

    def write(self, target: Any) -> None:
        """Bind the names of a target; what else it mentions is read."""
        kind = type(target)
        if kind is cst.Name:
            self.mention(Access.WRITE, target)
        elif kind is cst.Tuple or kind is cst.List:
            for element in target.elements:
                self.write(element.value)
        else:
            self.push(target)

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
            self.mention(Access.READ, node.target)
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


_HANDLERS: dict[type[cst.CSTNode], Callable[[Scan, Any], None]] = {
    cst.AnnAssign: Scan.annotated,
    cst.Arg: Scan.argument,
    cst.AsName: Scan.as_name,
    cst.Assign: Scan.assign,
    cst.Attribute: Scan.attribute,
    cst.AugAssign: Scan.augmented,
    cst.ClassDef: Scan.class_,
    cst.CompFor: Scan.comprehension_loop,
    cst.Del: Scan.delete,
    cst.DictComp: Scan.comprehension,
    cst.For: Scan.loop,
    cst.FunctionDef: Scan.function,
    cst.GeneratorExp: Scan.comprehension,
    cst.Global: Scan.declared_global,
    cst.ImportAlias: Scan.imported,
    cst.ImportFrom: Scan.import_from,
    cst.Lambda: Scan.lambda_,
    cst.ListComp: Scan.comprehension,
    cst.MatchAs: Scan.captures,
    cst.MatchKeywordElement: Scan.keyword_pattern,
    cst.MatchMapping: Scan.captures_mapping,
    cst.MatchStar: Scan.captures_rest,
    cst.NamedExpr: Scan.walrus,
    cst.Nonlocal: Scan.declared_nonlocal,
    cst.SetComp: Scan.comprehension,
    cst.TypeAlias: Scan.type_alias,
    cst.Yield: Scan.yields,
}
"""What binds names or starts a scope. A node of another kind only reads what is under it."""
