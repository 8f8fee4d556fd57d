"""`--print PHASE`: the text form of what a phase made, in place of the report."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import assert_never

from flyte_compiler.callgraph.text import print_call_graph
from flyte_compiler.cli.rows import TaskRow
from flyte_compiler.cli.survey import graphs_of
from flyte_compiler.ir.rewrites.kinds import find_kinds
from flyte_compiler.ir.text import print_graph
from flyte_compiler.phase import Phase
from flyte_compiler.pipeline import Compilation, plan_module, unbroken_tasks
from flyte_compiler.plan.closure_text import print_closures
from flyte_compiler.plan.text import print_plan
from flyte_compiler.syntax.text import print_index
from flyte_compiler.typecheck.text import print_types
from flyte_plan.closure import Sources


def print_phase(phase: Phase, compilation: Compilation, rows: Sequence[TaskRow]) -> Iterator[str]:
    """One text a module, program or driver, an empty line between two."""
    for place, text in enumerate(_texts(phase, compilation, rows)):
        yield f"\n{text}" if place else text


def _texts(phase: Phase, compilation: Compilation, rows: Sequence[TaskRow]) -> Iterator[str]:
    match phase:
        case Phase.INDEX:
            for each in compilation.programs:
                sources = Sources(roots=(each.program.root,))
                for index in each.program.modules.values():
                    yield print_index(index) + print_closures(index.module, sources)
        case Phase.CALL_GRAPH:
            for each in compilation.programs:
                yield print_call_graph(each.call_graph)
        case Phase.GRAPH:
            for program in compilation.programs:
                for graph in graphs_of(rows, [program]):
                    found = find_kinds(graph, program.call_graph.texts)
                    yield print_graph(graph, reasons=found.reasons)
        case Phase.TYPES:
            for each in compilation.programs:
                if each.types is not None:
                    yield print_types(each.types)
        case Phase.PLAN:
            for each in compilation.programs:
                tasks = unbroken_tasks(compilation, each)
                for module in each.program.entries:
                    try:
                        yield print_plan(plan_module(each, module, tasks))
                    except LookupError:
                        yield f"no plan of {module}: no import could name its file\n"
        case _:
            assert_never(phase)
