"""Whole programs with their graphs, plans and DOT: `--update-golden` writes what they give.

DOT and text are compared, never the bytes of an image.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from flyte_compiler.callgraph.model import Kind
from flyte_compiler.diagnostics.model import Severity
from flyte_compiler.emit.dot import to_dot
from flyte_compiler.ir.text import print_graph
from flyte_compiler.ir.verify import verify
from flyte_compiler.pipeline import CompiledProgram, compile_paths, plan_module
from flyte_plan.plan import encode_plan

HERE = Path(__file__).parent
PROGRAMS = sorted(path.parent.name for path in HERE.glob("*/main.py"))


def compiled(name: str) -> CompiledProgram:
    """A program, compiled to its graphs."""
    compilation = compile_paths([HERE / name / "main.py"])
    assert not [d for d in compilation.diagnostics if d.severity is not Severity.NOTE]
    (program,) = compilation.programs
    return program


def graph_text(program: CompiledProgram) -> str:
    """Every graph's text form."""
    return "\n\n".join(print_graph(graph).replace(f"{HERE}/", "") for graph in program.graphs)


def plan_text(program: CompiledProgram) -> str:
    """The plan of `main`."""
    tasks = [
        definition
        for definition in program.call_graph.definitions
        if definition.module == "main" and definition.kind in (Kind.TASK, Kind.COMPILED_TASK)
    ]
    return encode_plan(plan_module(program, "main", tasks)).decode()


FORMS = {
    "graph.txt": graph_text,
    "main.plan.json": plan_text,
    "graph.dot": lambda program: to_dot(program.graphs),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_program_gives_what_it_gave(name: str, form: str, pytestconfig: pytest.Config) -> None:
    given = FORMS[form](compiled(name)).rstrip("\n") + "\n"
    golden = HERE / name / form
    if pytestconfig.getoption("--update-golden"):
        golden.write_text(given)
    assert given == golden.read_text()


@pytest.mark.parametrize("name", PROGRAMS)
def test_its_graphs_verify(name: str) -> None:
    graphs = compiled(name).graphs
    assert graphs
    for graph in graphs:
        verify(graph)


@pytest.mark.parametrize("name", PROGRAMS)
def test_it_gives_the_same_bytes_again_and_no_paths_of_this_machine(name: str) -> None:
    first, second = plan_text(compiled(name)), plan_text(compiled(name))
    assert first == second
    assert str(HERE) not in first
