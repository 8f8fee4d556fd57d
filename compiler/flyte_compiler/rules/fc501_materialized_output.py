"""FC501: a large value comes into the driver, and only goes on to other tasks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.ir.leaves import Start, TaskNode
from flyte_compiler.ir.model import DriverKind
from flyte_compiler.ir.operands import uses_of_nodes
from flyte_compiler.ir.walk import all_nodes
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.passing import nodes_by_id
from flyte_compiler.source.span import Span

RULE = Rule("FC501", "materialized-output", Severity.NOTE)

_LARGE = re.compile(
    r"(pandas|pd|polars|pl)\.(DataFrame|Series|LazyFrame)|(numpy|np)\.ndarray|"
    r"(numpy\.typing|npt)\.NDArray\[.*\]|(pyarrow|pa)\.Table|torch\.Tensor|bytes|bytearray"
)
"""Types of which a value is large as a rule; as annotations are written."""


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a call. A compiled task hands such values on by reference."""
    seen: set[Span] = set()
    for graph in facts.graphs:
        if graph.kind is DriverKind.COMPILED_TASK:
            continue
        nodes, used = nodes_by_id(graph), uses_of_nodes(graph)
        for node in all_nodes(graph):
            if not isinstance(node, TaskNode) or node.start is not Start.IN_PLACE:
                continue
            users = [use.user for use in used.get(node.id, ())]
            places = [nodes[user] for user in users if user is not None and user in nodes]
            is_whole = len(places) == len(users) and _is_large(node.type)
            if is_whole and places and node.span not in seen:
                callees = [each for each in places if isinstance(each, TaskNode)]
                if len(callees) == len(places):
                    seen.add(node.span)
                    yield _diagnostic(node, callees)


def _is_large(annotation: str | None) -> bool:
    return annotation is not None and _LARGE.fullmatch(annotation) is not None


def _diagnostic(node: TaskNode, callees: Sequence[TaskNode]) -> Diagnostic:
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"a `{node.type}` comes into the driver, and only goes on to other tasks",
        primary=Label(node.span, "loaded into the driver's memory here"),
        labels=tuple(Label(each.span, "handed on here") for each in callees),
        helps=(
            "give back a `flyte.io.File` or a `flyte.io.DataFrame`, which is a reference",
            "or declare the driver with `@env.compiled_task`, which hands values on by reference",
        ),
    )
