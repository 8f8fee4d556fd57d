"""From what the compiler made to the rows of the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flyte_compiler.callgraph.model import Definition, Kind
from flyte_compiler.cli.rows import DynamicRow, TaskRow
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.ir.walk import dynamic_nodes
from flyte_compiler.lower.task import is_driver
from flyte_compiler.pipeline import CompiledProgram
from flyte_compiler.plan.measure import Measure, measure
from flyte_compiler.rules.reasons import CODES

_EMPTY = Measure(actions=0, nodes=0, edges=0, depth=0, width=0)


def task_rows(programs: Sequence[CompiledProgram]) -> tuple[TaskRow, ...]:
    """Every task and trace of the files that the user named, by file and line."""
    rows = {row.span: row for each in programs for row in _rows(each)}
    return tuple(rows[span] for span in sorted(rows))


def graphs_of(
    rows: Sequence[TaskRow], programs: Sequence[CompiledProgram]
) -> tuple[TaskGraph, ...]:
    """The graphs of some rows, in their order; traces, and most leaves, have none."""
    graphs = {graph.span: graph for each in programs for graph in each.graphs}
    return tuple(graphs[row.span] for row in rows if row.span in graphs)


def _rows(compiled: CompiledProgram) -> Iterator[TaskRow]:
    graphs = {(graph.task.module, graph.span): graph for graph in compiled.graphs}
    for definition in compiled.call_graph.definitions:
        if definition.kind is Kind.HELPER or definition.module not in compiled.program.entries:
            continue
        graph = graphs.get((definition.module, definition.function.span))
        yield _row(definition, graph, is_driver=is_driver(definition, compiled.call_graph))


def _row(definition: Definition, graph: TaskGraph | None, *, is_driver: bool) -> TaskRow:
    measured = _EMPTY if graph is None else measure(graph)
    dynamic = () if graph is None else dynamic_nodes(graph)
    return TaskRow(
        name=definition.name,
        function=definition.function.name,
        declared=definition.kind.value,
        is_task=definition.is_task,
        span=definition.function.span,
        line=definition.function.name_span.start.line,
        is_driver=is_driver,
        is_compiled=graph is not None and not dynamic,
        dynamic=tuple(
            DynamicRow(code=CODES[node.reason], line=node.span.start.line, message=node.message)
            for node in dynamic
        ),
        actions=measured.actions,
        nodes=measured.nodes,
        edges=measured.edges,
        depth=measured.depth,
        width=measured.width,
    )
