"""Definitions as callees, and the calls that matter to lowering."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from flyte_compiler.callgraph.model import CallGraph, CallSite, Definition, Form, Kind
from flyte_compiler.ir.values import Callee
from flyte_compiler.lower.pending import pending_names, reads_any
from flyte_compiler.syntax.model import Parameter, ParameterKind, Signature
from flyte_compiler.syntax.tree import children, dotted, walk


def callee_of(definition: Definition) -> Callee:
    """A definition as a node names it."""
    environment = definition.environment
    return Callee(
        name=definition.name,
        module=definition.module,
        function=definition.function.name,
        environment=None if environment is None else environment.name,
        signature=signature_text(definition.function.signature),
        is_async=definition.function.signature.is_async,
    )


def signature_text(signature: Signature) -> str:
    """`(name: str, /, *, n: int = 1) -> str`."""
    result = "" if signature.result is None else f" -> {signature.result}"
    return f"({', '.join(_parameter_texts(signature.parameters))}){result}"


def _parameter_texts(parameters: tuple[Parameter, ...]) -> Iterator[str]:
    keyword_only = False
    for index, parameter in enumerate(parameters):
        kind = parameter.kind
        if kind is ParameterKind.KEYWORD_ONLY and not keyword_only:
            keyword_only = True
            yield "*"
        keyword_only = keyword_only or kind is ParameterKind.VAR_POSITIONAL
        yield _parameter_text(parameter)
        following = parameters[index + 1].kind if index + 1 < len(parameters) else None
        if kind is ParameterKind.POSITIONAL_ONLY and following is not ParameterKind.POSITIONAL_ONLY:
            yield "/"


def _parameter_text(parameter: Parameter) -> str:
    star = parameter.kind.value if parameter.kind.value.startswith("*") else ""
    annotation = "" if parameter.annotation is None else f": {parameter.annotation}"
    equals = " = " if annotation else "="
    default = "" if parameter.default is None else f"{equals}{parameter.default}"
    return f"{star}{parameter.name}{annotation}{default}"


class Calls:
    """What lowering must place in one function: call sites, calls of values that may be tasks,
    and where calls that were made before are waited for; and the nodes that hold them.

    `flyte.run(...)` starts a run of its own, and `leaf.forward(x)` is a plain function call: both
    are Python like any other.
    """

    def __init__(self, graph: CallGraph, tree: cst.FunctionDef | cst.Lambda) -> None:
        self._graph = graph
        self._by_tree: dict[int, CallSite] = {}
        self._holders: set[int] = set()
        parents = self._mark_sites(tree.body)
        self.pending = pending_names(tree.body, self.at)
        """Variables that may hold calls which weren't awaited yet."""
        self._mark_waits(tree.body, parents)

    def at(self, node: cst.CSTNode) -> CallSite | None:
        """The site whose call a node is."""
        return self._by_tree.get(id(node))

    def any_in(self, *nodes: cst.CSTNode) -> bool:
        """Whether a site stands in one of the nodes, at any depth."""
        return any(id(node) in self._holders for node in nodes)

    def within(self, *nodes: cst.CSTNode) -> tuple[CallSite, ...]:
        """The sites in some nodes, in source order."""
        found: list[CallSite] = []
        stack = [node for node in nodes if id(node) in self._holders]
        while stack:
            node = stack.pop()
            if site := self.at(node):
                found.append(site)
            stack.extend(child for child in children(node) if id(child) in self._holders)
        return tuple(sorted(found, key=lambda site: site.span))

    def callees(self, sites: Iterable[CallSite]) -> tuple[Callee, ...]:
        """The tasks and traces that sites may call, through helpers too, each once."""
        found: dict[str, Callee] = {}
        for site in sites:
            for definition in self._reached(site.callee, set()):
                found.setdefault(definition.key, callee_of(definition))
        return tuple(found.values())

    def _reached(self, definition: Definition, seen: set[str]) -> Iterator[Definition]:
        if definition.kind is not Kind.HELPER:
            yield definition
            return
        if definition.key in seen:
            return
        seen.add(definition.key)
        for site in self._graph.calls_of(definition):
            yield from self._reached(site.callee, seen)

    def _mark_sites(self, root: cst.CSTNode) -> dict[int, cst.CSTNode]:
        """Remember each site under the root, and every node on the way down to it."""
        parents: dict[int, cst.CSTNode] = {}
        stack: list[cst.CSTNode] = [root]
        while stack:
            node = stack.pop()
            site = self._graph.site_of(node) if isinstance(node, cst.Call) else None
            if site is not None and _matters(site, self._graph):
                self._by_tree[id(node)] = site
                self._mark_path(node, parents)
            for child in children(node):
                parents[id(child)] = node
                stack.append(child)
        return parents

    def _mark_waits(self, root: cst.CSTNode, parents: dict[int, cst.CSTNode]) -> None:
        """Remember where variables with pending calls are awaited or gathered."""
        if not self.pending:
            return
        for node in walk(root):
            if isinstance(node, cst.Await) and self._waits(node.expression):
                self._mark_path(node, parents)

    def _waits(self, awaited: cst.BaseExpression) -> bool:
        if not (is_held(awaited) or _last_name(awaited) == "gather"):
            return False
        return reads_any(awaited, self.pending)

    def _mark_path(self, node: cst.CSTNode | None, parents: dict[int, cst.CSTNode]) -> None:
        while node is not None and id(node) not in self._holders:
            self._holders.add(id(node))
            node = parents.get(id(node))


def is_held(expression: cst.CSTNode) -> bool:
    """Whether an expression is a variable, or an element of one."""
    while isinstance(expression, cst.Subscript):
        expression = expression.value
    return isinstance(expression, cst.Name)


def _last_name(expression: cst.CSTNode) -> str | None:
    name = dotted(expression.func) if isinstance(expression, cst.Call) else None
    return None if name is None else name.rpartition(".")[2]


def _matters(site: CallSite, graph: CallGraph) -> bool:
    match site.form:
        case Form.CALL | Form.AIO | Form.MAP:
            return True
        case Form.RUN:
            return False
        case Form.FORWARD:
            return _runs_tasks(site.callee, graph)


def _runs_tasks(forwarded: Definition, graph: CallGraph) -> bool:
    """Whether a task's body, called as a plain function, calls tasks or traces."""
    seen, waiting = {forwarded.key}, [forwarded]
    while waiting:
        for site in graph.calls_of(waiting.pop()):
            if site.form in (Form.CALL, Form.AIO, Form.MAP):
                return True
            if site.form is Form.FORWARD and site.callee.key not in seen:
                seen.add(site.callee.key)
                waiting.append(site.callee)
    return False
