"""`TypedProgram`: what is known of a program's types, and every boundary that a value crosses."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import assert_never

from flyte_compiler.callgraph.model import CallGraph
from flyte_compiler.callgraph.program import Program
from flyte_compiler.typecheck.annotations.classes import Classes
from flyte_compiler.typecheck.annotations.oracle import AnnotationsOracle
from flyte_compiler.typecheck.annotations.trees import Trees
from flyte_compiler.typecheck.boundaries import find_boundaries
from flyte_compiler.typecheck.boundary import Boundary
from flyte_compiler.typecheck.layered import LayeredOracle
from flyte_compiler.typecheck.mypy_bridge import mypy_oracle
from flyte_compiler.typecheck.oracle import Oracle, TypeSource
from flyte_compiler.typecheck.unpacking import Unpacking, find_unpackings


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedProgram:
    """One program's types."""

    oracle: Oracle = field(repr=False)
    boundaries: tuple[Boundary, ...]
    """By the place of the value."""
    unpackings: tuple[Unpacking, ...]
    """In the same order."""
    trees: Trees = field(repr=False)
    """What boundaries were found in."""
    classes: Classes = field(repr=False)
    """The program's own classes."""


def type_program(
    program: Program, graph: CallGraph, source: TypeSource, *, cache: Path | None
) -> TypedProgram:
    """Find a program's types; `cache` is the project's cache folder, None to keep nothing."""
    annotations = AnnotationsOracle(graph)
    oracle = _oracle(program, graph, source, annotations, cache)
    return TypedProgram(
        oracle=oracle,
        boundaries=find_boundaries(graph, annotations.trees, oracle),
        unpackings=tuple(find_unpackings(annotations.trees, oracle, annotations.classes)),
        trees=annotations.trees,
        classes=annotations.classes,
    )


def _oracle(
    program: Program,
    graph: CallGraph,
    source: TypeSource,
    annotations: AnnotationsOracle,
    cache: Path | None,
) -> Oracle:
    match source:
        case TypeSource.ANNOTATIONS:
            return annotations
        case TypeSource.MYPY:
            return LayeredOracle(mypy_oracle(program, graph, cache=cache), annotations)
        case _:
            assert_never(source)
