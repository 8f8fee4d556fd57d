"""What the report says about each task: the rows of the table and of the JSON document.

Plain records, which know no phase: they are kept between runs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from flyte_compiler.source.span import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class DynamicRow:
    """Why some part of a driver is left to run as Python."""

    code: str
    line: int
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskRow:
    """One task or trace."""

    name: str
    """`environment.function`, or `module.function` of a trace."""
    function: str
    declared: str
    """`task`, `compiled_task` or `trace`."""
    is_task: bool
    """Whether it is a task, not a trace."""
    span: Span
    """Of its definition."""
    line: int
    """Of its `def`."""
    is_driver: bool
    is_compiled: bool
    """Whether its whole body is a graph."""
    dynamic: tuple[DynamicRow, ...]
    actions: int
    nodes: int
    edges: int
    depth: int
    width: int

    @property
    def file(self) -> Path:
        """As shown in diagnostics."""
        return self.span.path

    @property
    def dynamic_count(self) -> int:
        """How many nodes are left to run as Python."""
        return len(self.dynamic)


def task_document(row: TaskRow) -> Mapping[str, object]:
    """The row as it stands in the JSON document."""
    return {
        "name": row.name,
        "kind": "driver" if row.is_driver else "leaf",
        "compiled": row.is_compiled,
        "declared": row.declared,
        "file": row.file.as_posix(),
        "line": row.line,
        "nodes": row.nodes,
        "edges": row.edges,
        "depth": row.depth,
        "width": row.width,
        "dynamic": [
            {"code": each.code, "line": each.line, "message": each.message} for each in row.dynamic
        ],
    }
