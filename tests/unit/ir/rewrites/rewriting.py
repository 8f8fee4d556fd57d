"""Drivers written in a string, lowered and rewritten."""

from __future__ import annotations

import textwrap
from pathlib import Path

from flyte_compiler.callgraph.build import build_call_graph
from flyte_compiler.callgraph.program import load_program
from flyte_compiler.ir.leaves import PythonNode
from flyte_compiler.ir.model import LoopNode, MapKind, MapNode, TaskGraph
from flyte_compiler.ir.rewrites.kinds import find_kinds
from flyte_compiler.ir.text import print_graph
from flyte_compiler.ir.walk import all_nodes
from flyte_compiler.lower.task import lower_task

PREAMBLE = """\
import asyncio
import logging
import math
from dataclasses import dataclass
import flyte

env = flyte.TaskEnvironment("e")
logger = logging.getLogger(__name__)
LIMIT = 10

@dataclass
class Report:
    score: float

@env.task
async def t(x: int) -> int:
    return x

@env.task
async def many(x: int) -> list[int]:
    return [x]

@env.task
async def named(x: list[str]) -> int:
    return len(x)

@env.task
async def report(x: int) -> Report:
    return Report(1.0)

@env.task
async def save(x: int) -> None:
    pass

def helper(x):
    return x

"""


def graph_of(
    body: str, folder: Path, parameters: str = "xs: list[int], n: int", rest: str = ""
) -> TaskGraph:
    """The graph of a driver with that body, in a module that goes on with the rest."""
    driver = f"@env.task\nasync def main({parameters}):\n" + textwrap.indent(
        textwrap.dedent(body), "    "
    )
    path = folder / "main.py"
    path.write_text(f"{PREAMBLE}{driver}\n{rest}")
    (program,) = load_program([path]).programs
    graph = build_call_graph(program.modules)
    (definition,) = [each for each in graph.definitions if each.function.name == "main"]
    return lower_task(definition, graph)


def kinds_in(
    body: str, folder: Path, parameters: str = "xs: list[int], n: int", rest: str = ""
) -> list[str]:
    """The kinds of a driver's fragments, in program order."""
    graph = graph_of(body, folder, parameters, rest)
    return [node.kind.value for node in all_nodes(graph) if isinstance(node, PythonNode)]


def maps_in(body: str, folder: Path) -> list[MapKind | None]:
    """The driver's loops in program order: what kind of map each is; None for a loop."""
    found: list[MapKind | None] = []
    for node in all_nodes(graph_of(body, folder)):
        match node:
            case MapNode(kind=kind):
                found.append(kind)
            case LoopNode():
                found.append(None)
            case _:
                pass
    return found


def text_of(body: str, folder: Path) -> str:
    """The text form with reasons."""
    graph = graph_of(body, folder)
    texts = {"main": (folder / "main.py").read_text()}
    return print_graph(graph, find_kinds(graph, texts).reasons)
