"""Why a driver can't be compiled: the FC6xx rule of each reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.ir.model import DriverKind, DynamicNode, Reason, TaskGraph
from flyte_compiler.rules.facts import Facts

CODES: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.LOOP: "FC601",
        Reason.BRANCH: "FC602",
        Reason.TRY: "FC603",
        Reason.WITH: "FC604",
        Reason.COMPREHENSION: "FC605",
        Reason.EARLY_EXIT: "FC606",
        Reason.HELPER: "FC607",
        Reason.NESTED_FUNCTION: "FC608",
        Reason.MAP: "FC609",
        Reason.COROUTINE: "FC610",
        Reason.STARRED_ARGUMENTS: "FC611",
        Reason.CONDITIONAL_EVALUATION: "FC612",
        Reason.GENERATOR: "FC613",
        Reason.UNBINDABLE_CALL: "FC614",
        Reason.UNBOUND_NAME: "FC615",
    }
)
"""A plan names the code of each dynamic node."""


def left_dynamic(facts: Facts, reason: Reason) -> Iterator[tuple[TaskGraph, DynamicNode]]:
    """The nodes left to run as Python for a reason, each with its driver."""
    for graph in facts.graphs:
        for node in graph.dynamic_nodes:
            if node.reason is reason:
                yield graph, node


def not_compilable(rule: Rule, graph: TaskGraph, node: DynamicNode, cure: str) -> Diagnostic:
    """An error where the driver promised to be compiled, else a note."""
    name = graph.task.name
    cures: tuple[str, ...] = (cure,)
    match graph.kind:
        case DriverKind.COMPILED_TASK:
            severity, message = Severity.ERROR, f"compiled task `{name}` holds {node.message}"
            label = "can't be compiled"
            cures += ("or declare the driver with `@env.task`: it then runs as plain Python",)
        case DriverKind.TASK:
            severity, message = Severity.NOTE, f"`{name}` stays dynamic: it holds {node.message}"
            label = "runs as plain Python"
    return Diagnostic(
        rule=rule,
        severity=severity,
        message=message,
        primary=Label(node.span, label),
        helps=cures,
    )
