"""What the report says about each task: the rows of the table and of the JSON document."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flyte_compiler.callgraph.model import Definition, Kind
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.lower.task import is_driver
from flyte_compiler.pipeline import CompiledProgram
from flyte_compiler.plan.measure import Measure, measure
from flyte_compiler.rules.reasons import CODES

_EMPTY = Measure(actions=0, nodes=0, edges=0, depth=0, width=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task or trace."""

    definition: Definition
    graph: TaskGraph | None = field(repr=False)
    """None for what has none: traces, and leaves that aren't compiled tasks."""
    is_driver: bool
    measure: Measure

    @property
    def name(self) -> str:
        """`environment.function`, or `module.function` of a trace."""
        return self.definition.name

    @property
    def is_task(self) -> bool:
        """Whether it is a task, not a trace."""
        return self.definition.is_task

    @property
    def file(self) -> Path:
        """As shown in diagnostics."""
        return self.definition.function.span.path

    @property
    def line(self) -> int:
        """Of its `def`."""
        return self.definition.function.name_span.start.line

    @property
    def is_compiled(self) -> bool:
        """Whether its whole body is a graph."""
        return self.graph is not None and not self.graph.dynamic_nodes

    @property
    def dynamic_count(self) -> int:
        """How many nodes are left to run as Python."""
        return len(self.graph.dynamic_nodes) if self.graph else 0


def task_rows(programs: Sequence[CompiledProgram]) -> tuple[TaskRow, ...]:
    """Every task and trace of the files that the user named, by file and line."""
    rows = {row.definition.function.span: row for each in programs for row in _rows(each)}
    return tuple(rows[span] for span in sorted(rows))


def _rows(compiled: CompiledProgram) -> Iterator[TaskRow]:
    graphs = {(graph.task.module, graph.span): graph for graph in compiled.graphs}
    for definition in compiled.call_graph.definitions:
        if definition.kind is Kind.HELPER or definition.module not in compiled.program.entries:
            continue
        graph = graphs.get((definition.module, definition.function.span))
        yield TaskRow(
            definition=definition,
            graph=graph,
            is_driver=is_driver(definition, compiled.call_graph),
            measure=_EMPTY if graph is None else measure(graph),
        )


def task_document(row: TaskRow) -> Mapping[str, object]:
    """The row as it stands in the JSON document."""
    return {
        "name": row.name,
        "kind": "driver" if row.is_driver else "leaf",
        "compiled": row.is_compiled,
        "declared": row.definition.kind.value,
        "file": row.file.as_posix(),
        "line": row.line,
        "nodes": row.measure.nodes,
        "edges": row.measure.edges,
        "depth": row.measure.depth,
        "width": row.measure.width,
        "dynamic": [
            {"code": CODES[node.reason], "line": node.span.start.line, "message": node.message}
            for node in (row.graph.dynamic_nodes if row.graph else ())
        ],
    }
