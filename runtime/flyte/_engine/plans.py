"""A plan as a run follows it: which task has a graph, and where its function is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flyte._engine.compiled.graph import CompiledGraph
from flyte._engine.versions import sources_under
from flyte.errors import StalePlanError
from flyte_plan.closure import closure_of
from flyte_plan.digest import show_digest
from flyte_plan.plan import Plan, PlannedTask, decode_plan


class PlannedProgram:
    """A plan beside the source that it was made from."""

    def __init__(self, plan: Plan, source: Path, root: Path) -> None:
        self.plan = plan
        self.source = source
        self.root = root
        self._graphs = {
            task.name: CompiledGraph(task.graph)
            for task in plan.tasks
            if task.graph is not None and task.graph.compiled
        }

    @classmethod
    def read(cls, data: bytes, source: Path, root: Path) -> PlannedProgram:
        """A program from a plan's bytes, checked against its source.

        Raises:
            ValueError: not a plan.
            StalePlanError: a task has changed since the plan was made.
        """
        program = cls(decode_plan(data), source, root)
        program.check()
        return program

    def check(self) -> None:
        """Compare every task's source with the plan.

        Raises:
            StalePlanError: names the first task that has changed, with both digests.
        """
        sources = sources_under(self.root)
        for task in self.plan.tasks:
            now = _digest_now(task, sources)
            if now != task.digest:
                raise StalePlanError(
                    f"the plan is stale: task `{task.name}` has changed since it was made\n"
                    f"  planned: {task.digest}\n"
                    f"  source:  {now or 'not there'}\n"
                    f"  make the plan again: flyte-compile {self.source.name} -o DIR"
                )

    def graph_of(self, task: Any) -> CompiledGraph | None:
        """The graph that a task runs by; None for a leaf or for what stays dynamic."""
        return self._graphs.get(task.name) if hasattr(task, "interface") else None


def _digest_now(task: PlannedTask, sources: Any) -> str | None:
    try:
        return show_digest(closure_of(task.module, task.function, sources).digest)
    except LookupError:
        return None
