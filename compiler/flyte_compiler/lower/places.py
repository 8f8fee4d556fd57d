"""The places in one function that lowering must take care of, and the nodes that hold them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

import libcst as cst

from flyte_compiler.callgraph.model import (
    CallGraph,
    CallSite,
    Definition,
    Form,
    Mention,
    ValueCall,
)
from flyte_compiler.ir.values import Callee
from flyte_compiler.lower.callees import reached_callees
from flyte_compiler.lower.opaque import (
    Opaque,
    is_opaque_definition,
    is_opaque_mention,
    is_opaque_site,
)
from flyte_compiler.lower.pending import pending_names, reads_any
from flyte_compiler.syntax.tree import children, dotted, walk

Nodes: TypeAlias = Sequence[cst.CSTNode]
"""All of one function's body, parents first: it is walked once."""


class Places:
    """What lowering must place in one function: call sites, calls of values that may be tasks,
    functions handed to code that may call them, and where calls that were made before are waited
    for.

    `flyte.run(...)` starts a run of its own, and `leaf.forward(x)` is a plain function call: both
    are Python like any other.
    """

    def __init__(self, graph: CallGraph, tree: cst.FunctionDef | cst.Lambda) -> None:
        self._graph = graph
        self._sites: dict[int, CallSite] = {}
        self._values: dict[int, ValueCall] = {}
        self._handed: dict[int, Mention] = {}
        self._yields: set[int] = set()
        self._holders: set[int] = set()
        nodes = tuple(walk(tree.body))
        parents = {id(child): node for node in nodes for child in children(node)}
        self.opaque = tuple(self._opaque_in(nodes))
        """Where Python may run a function that calls tasks by itself; in a nested generator, all is
        its own business."""
        self._mark_calls(nodes, parents)
        self._mark_yields(tree, parents)
        self._mark_handed(nodes, parents)
        self.pending = pending_names(nodes, self._gives_pending)
        """Variables that may hold calls which weren't awaited yet."""
        self._mark_waits(nodes, parents)

    def at(self, node: cst.CSTNode) -> CallSite | None:
        """The site whose call a node is."""
        return self._sites.get(id(node))

    def value_at(self, node: cst.CSTNode) -> ValueCall | None:
        """The call of a value that a node is."""
        return self._values.get(id(node))

    def handed_at(self, node: cst.CSTNode) -> Mention | None:
        """The function that a name hands to code which may call it."""
        return self._handed.get(id(node))

    def is_yield(self, node: cst.CSTNode) -> bool:
        """Whether a node is a `yield` of this function's own."""
        return id(node) in self._yields

    def is_opaque(self, node: cst.CSTNode) -> bool:
        """Whether a node is a function that only Python can run."""
        return any(opaque.node is node for opaque in self.opaque)

    def is_call(self, node: cst.CSTNode) -> bool:
        """Whether a node is a call that is placed."""
        return id(node) in self._sites or id(node) in self._values

    def any_in(self, *nodes: cst.CSTNode) -> bool:
        """Whether a place stands in one of the nodes, at any depth."""
        return any(id(node) in self._holders for node in nodes)

    def names_within(self, *nodes: cst.CSTNode) -> tuple[str, ...]:
        """What is called in some nodes, as users would name it, each once, in source order."""
        found: dict[str, None] = {}
        for node in self.holders_in(*nodes):
            if site := self.at(node):
                found[site.callee.function.short_name] = None
            elif (value := self.value_at(node)) and value.candidates:
                found.update((each.function.short_name, None) for each in value.candidates)
            elif mention := self.handed_at(node):
                found[mention.definition.function.short_name] = None
        return tuple(found)

    def callees_within(self, *nodes: cst.CSTNode) -> tuple[Callee, ...]:
        """The tasks and traces that some nodes may call, each once, in source order."""
        return reached_callees(self._graph, self._definitions_in(*nodes))

    def _definitions_in(self, *nodes: cst.CSTNode) -> Iterator[Definition]:
        for node in self.holders_in(*nodes):
            if site := self.at(node):
                yield site.callee
            elif value := self.value_at(node):
                yield from value.candidates
            elif mention := self.handed_at(node):
                yield mention.definition

    def holders_in(self, *nodes: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes in which a place stands, and the places, among some nodes and all in them."""
        stack = [node for node in reversed(nodes) if id(node) in self._holders]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(c for c in reversed(children(node)) if id(c) in self._holders)

    # Marks -----------------------------------------------------------------------------------

    def _mark_calls(self, nodes: Nodes, parents: dict[int, cst.CSTNode]) -> None:
        for node in nodes:
            if type(node) is not cst.Call:
                continue
            site, value = self._graph.site_of(node), self._graph.value_call_of(node)
            if site is not None and is_opaque_site(site):
                continue
            if site is not None and _is_placed(site, self._graph):
                self._sites[id(node)] = site
                self._mark_path(node, parents)
            elif value is not None and value.form is not Form.RUN:
                self._values[id(node)] = value
                self._mark_path(node, parents)

    def _mark_handed(self, nodes: Nodes, parents: dict[int, cst.CSTNode]) -> None:
        """Remember where a function is an argument of code that may call it."""
        for node in nodes:
            mention = self._graph.mention_of(node)
            if mention is None or is_opaque_mention(mention):
                continue
            argument = parents.get(id(node))
            if not isinstance(argument, cst.Arg):
                continue
            call = parents.get(id(argument))
            if call is None or self.is_call(call) or not mention.escapes:
                continue
            if "<locals>" not in mention.definition.function.name:  # those are variables
                self._handed[id(node)] = mention
                self._mark_path(node, parents)

    def _opaque_in(self, nodes: Nodes) -> Iterator[Opaque]:
        for node in nodes:
            match node:
                case cst.Call() if (site := self._graph.site_of(node)) and is_opaque_site(site):
                    yield Opaque(node, site.callee)
                case cst.Name() | cst.Attribute() if mention := self._graph.mention_of(node):
                    if mention.escapes and is_opaque_mention(mention):
                        yield Opaque(node, mention.definition)
                case cst.FunctionDef():
                    definition = self._graph.definition_of(node)
                    if is_opaque_definition(definition, self._graph):
                        yield Opaque(node, definition)
                case _:
                    pass

    def _mark_yields(
        self, tree: cst.FunctionDef | cst.Lambda, parents: dict[int, cst.CSTNode]
    ) -> None:
        """Remember where this function hands values out: nothing is done past it before."""
        if not isinstance(tree, cst.FunctionDef):
            return
        definition = self._graph.definition_of(tree)
        if definition is None or not definition.function.signature.is_generator:
            return
        for node in _own_yields(tree):
            self._yields.add(id(node))
            self._mark_path(node, parents)

    def _mark_waits(self, nodes: Nodes, parents: dict[int, cst.CSTNode]) -> None:
        """Remember where variables with pending calls are awaited or gathered."""
        if not self.pending:
            return
        for node in nodes:
            if type(node) is cst.Await and self._waits(node.expression):
                self._mark_path(node, parents)

    def _waits(self, awaited: cst.BaseExpression) -> bool:
        if not (is_held(awaited) or _last_name(awaited) == "gather"):
            return False
        return reads_any(awaited, self.pending)

    def _gives_pending(self, node: cst.CSTNode) -> bool:
        call = self.at(node) or self.value_at(node)
        return call is not None and call.gives_coroutine

    def _mark_path(self, node: cst.CSTNode | None, parents: dict[int, cst.CSTNode]) -> None:
        while node is not None and id(node) not in self._holders:
            self._holders.add(id(node))
            node = parents.get(id(node))


def is_held(expression: cst.CSTNode) -> bool:
    """Whether an expression is a variable, or an element of one."""
    while isinstance(expression, cst.Subscript):
        expression = expression.value
    return isinstance(expression, cst.Name)


def _own_yields(tree: cst.FunctionDef) -> Iterator[cst.Yield]:
    stack: list[cst.CSTNode] = [tree.body]
    while stack:
        node = stack.pop()
        if type(node) is cst.Yield:
            yield node
        if not isinstance(node, cst.FunctionDef | cst.Lambda | cst.ClassDef):
            stack.extend(children(node))


def _last_name(expression: cst.CSTNode) -> str | None:
    name = dotted(expression.func) if isinstance(expression, cst.Call) else None
    return None if name is None else name.rpartition(".")[2]


def _is_placed(site: CallSite, graph: CallGraph) -> bool:
    match site.form:
        case Form.CALL | Form.AIO | Form.MAP:
            return True
        case Form.RUN:
            return False
        case Form.FORWARD:
            return graph.reaches_task(site.callee)
