"""How much of a corpus of ordinary programs is read: every driver found, nearly all compiled."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from flyte_compiler.callgraph.build import build_call_graph
from flyte_compiler.callgraph.program import load_program
from flyte_compiler.ir.sources import verify_sources
from flyte_compiler.ir.walk import dynamic_nodes
from flyte_compiler.lower.task import is_driver, lower_task
from flyte_compiler.syntax.deep import with_deep_stack

CORPUS = Path(__file__).parents[2] / "corpus"
HEADER = "# drivers:"

OUT_OF_SIGHT = {("a_dispatch_by_name.py", "run_named")}
"""Drivers that look their task up by a computed name in the module's own namespace."""

Found = dict[str, bool]
"""Each driver of a file, by its qualified name: whether it has no dynamic node."""


def files() -> tuple[Path, ...]:
    return tuple(sorted(CORPUS.rglob("*.py")))


def declared(file: Path) -> set[str]:
    """The drivers that a file's first line names."""
    first = file.read_text(encoding="utf-8").splitlines()[0]
    assert first.startswith(HEADER), file
    return {name.strip() for name in first.removeprefix(HEADER).split(",") if name.strip()}


@cache
def compiled() -> dict[Path, Found]:
    return with_deep_stack(lambda: dict(_compiled()))


def _compiled() -> Iterator[tuple[Path, Found]]:
    for program in load_program(files()).programs:
        graph = build_call_graph(program.modules)
        found: dict[str, Found] = {module: {} for module in program.entries}
        for definition in graph.definitions:
            if definition.module in found and is_driver(definition, graph):
                lowered = lower_task(definition, graph)
                verify_sources(lowered)
                name = definition.function.name
                found[definition.module][name] = not dynamic_nodes(lowered)
        for module, drivers in found.items():
            yield program.modules[module].source.path, drivers


@pytest.mark.slow
def test_every_driver_of_the_corpus_is_found_and_nothing_else() -> None:
    found = {path.resolve(): set(drivers) for path, drivers in compiled().items()}
    expected = {
        file: declared(file) - {name for hidden, name in OUT_OF_SIGHT if hidden == file.name}
        for file in files()
    }
    assert {file: found[file.resolve()] for file in files()} == expected


@pytest.mark.slow
def test_nearly_every_driver_of_the_corpus_compiles() -> None:
    every = [whole for found in compiled().values() for whole in found.values()]
    assert len(every) > 500
    assert sum(every) / len(every) > 0.99
