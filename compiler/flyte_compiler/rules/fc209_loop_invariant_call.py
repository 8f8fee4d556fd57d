"""FC209: a loop calls a task with the same inputs in every turn."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.ir.leaves import DynamicNode, TaskNode
from flyte_compiler.ir.model import Break, LoopKind, LoopNode, MapKind, MapNode, TaskGraph, TryNode
from flyte_compiler.ir.operands import operands, uses_of_nodes
from flyte_compiler.ir.values import Callee
from flyte_compiler.ir.walk import all_nodes, nodes_in, regions_of
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.passing import inside, is_plain_call, stays
from flyte_compiler.source.span import Span

RULE = Rule("FC209", "loop-invariant-call", Severity.NOTE)

_REPEATS = re.compile(r"_\w* in |.* in range\(")
"""Who counts turns, or ignores the element, means to repeat."""


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a call that stands right in the loop. Retries and polling have a `try`, a `break` or a
    pause, and are meant to repeat; so does a loop that only counts."""
    seen: set[Span] = set()
    for graph in facts.graphs:
        source = facts.call_graph.modules[graph.task.module].source
        for loop in all_nodes(graph):
            if isinstance(loop, LoopNode | MapNode) and _is_plain(loop, source.slice(loop.span)):
                for call in _repeated(graph, loop):
                    if call.span not in seen:
                        seen.add(call.span)
                        yield _diagnostic(call, loop)


def _is_plain(loop: LoopNode | MapNode, text: str) -> bool:
    if (
        loop.kind not in (LoopKind.FOR, MapKind.STATEMENTS)
        or _REPEATS.match(loop.label)
        or "sleep(" in text
    ):
        return False
    nodes = list(nodes_in(loop.body))
    if any(isinstance(node, TryNode | DynamicNode) for node in nodes):
        return False
    regions = [loop.body, *(region for node in nodes for region in regions_of(node))]
    return not any(isinstance(region.end, Break) for region in regions)


def _repeated(graph: TaskGraph, loop: LoopNode | MapNode) -> Iterator[TaskNode]:
    within, used = inside(loop), uses_of_nodes(graph)
    looked_at = {
        operand
        for node in nodes_in(loop.body)
        if not isinstance(node, TaskNode)
        for operand in operands(node)
    }
    for node in loop.body.nodes:
        if not isinstance(node, TaskNode) or not is_plain_call(node) or node.id not in used:
            continue
        # Python in the loop may change what it has in hand: a list that grows each turn.
        is_same = all(stays(o, within) and o not in looked_at for _, o in node.inputs)
        if node.inputs and is_same:
            yield node


def _diagnostic(call: TaskNode, loop: LoopNode | MapNode) -> Diagnostic:
    name = call.callee.name.rpartition(".")[2] if isinstance(call.callee, Callee) else "a task"
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"`{name}` is called with the same inputs in every turn of `for {loop.label}`",
        primary=Label(call.span, "nothing that it receives changes in the loop"),
        helps=("call it once, before the loop",),
    )
