"""Why a driver can't be compiled: the FC6xx rule of each reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.ir.leaves import DynamicNode, Reason
from flyte_compiler.ir.model import DriverKind, TaskGraph
from flyte_compiler.ir.walk import dynamic_nodes
from flyte_compiler.rules.facts import Facts
from flyte_compiler.source.span import Position, Span
from flyte_compiler.source.text import SourceFile

CODES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.MATCH_GUARD: "FC602",
        Reason.GENERATOR_EXPRESSION: "FC605",
        Reason.NESTED_DEFINITION: "FC608",
        Reason.MAP: "FC609",
        Reason.UNPACKED_OPTIONS: "FC611",
        Reason.CONDITIONAL_EVALUATION: "FC612",
        Reason.GENERATOR: "FC613",
        Reason.UNBINDABLE_CALL: "FC614",
        Reason.INTROSPECTION: "FC616",
        Reason.COMPUTED_TARGET: "FC618",
        Reason.COMPREHENSION_FUNCTION: "FC620",
    }
)
"""A plan names the code of each dynamic node. FC601, 603, 604, 606, 607, 610, 615, 617 and 619 are
retired: loops, `try`, `with`, early exits, helpers of all kinds, coroutines and unbound names
compile. A code is never given again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftDynamic:
    """A node left to run as Python, in its driver."""

    graph: TaskGraph
    node: DynamicNode
    header: Span
    """The first line of its statements: the whole body of a loop would say less. Of a driver
    that is left as a whole, its name."""


def left_dynamic(facts: Facts, reason: Reason) -> Iterator[LeftDynamic]:
    """The nodes left to run as Python for a reason."""
    for graph in facts.graphs:
        source = facts.call_graph.modules[graph.task.module].source
        for node in dynamic_nodes(graph):
            if node.reason is reason:
                header = _whole_driver(facts, graph, node) or _first_line(node.span, source)
                yield LeftDynamic(graph=graph, node=node, header=header)


def _whole_driver(facts: Facts, graph: TaskGraph, node: DynamicNode) -> Span | None:
    """The name of a driver that no statement of can be a node: it yields, or is nested."""
    function = facts.definition_of(graph).function
    is_whole = function.signature.is_generator or "<locals>" in function.name
    return function.name_span if is_whole and graph.body.nodes == (node,) else None


def _first_line(span: Span, source: SourceFile) -> Span:
    if span.end.line == span.start.line:
        return span
    text = source.line(span.start.line).partition("  #")[0].rstrip()
    return replace(span, end=Position(span.start.line, max(len(text) + 1, span.start.column)))


def not_compilable(rule: Rule, left: LeftDynamic, cure: str) -> Diagnostic:
    """An error where the driver promised to be compiled, else a note."""
    graph, node = left.graph, left.node
    name = graph.task.name
    cures: tuple[str, ...] = (cure,)
    match graph.kind:
        case DriverKind.COMPILED_TASK:
            severity, message = Severity.ERROR, f"`{name}` can't be compiled: {node.message}"
            label = "has no place in a graph"
            cures += ("or declare the driver with `@env.task`: it then runs as plain Python",)
        case DriverKind.TASK:
            severity, message = Severity.NOTE, f"`{name}` stays dynamic: {node.message}"
            label = "runs as plain Python"
    return Diagnostic(
        rule=rule,
        severity=severity,
        message=message,
        primary=Label(left.header, label),
        helps=cures,
    )
