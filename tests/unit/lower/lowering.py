"""Lowers programs held in strings, to be looked at. To run them, see `both_ways`."""

from __future__ import annotations

import textwrap
from pathlib import Path

import libcst as cst

from flyte_compiler.callgraph.build import build_call_graph
from flyte_compiler.callgraph.model import CallGraph
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.ir.text import print_graph
from flyte_compiler.lower.task import is_driver, lower_task
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.index import index_module
from flyte_compiler.syntax.parse import Parsed, parse

PREAMBLE = """\
import asyncio
import flyte
import math

env = flyte.TaskEnvironment("e")
log = []


def note(value):
    log.append(value)
    return value


@env.task
async def t(x: int, y: int = 0) -> int:
    log.append(("t", x, y))
    return x + y


@env.task
def s(x: int) -> int:
    log.append(("s", x))
    return x * 2


@env.task
async def pair(x: int) -> tuple[int, str]:
    log.append(("pair", x))
    return x, str(x)


@env.task
async def act(x: int) -> None:
    log.append(("act", x))


@flyte.trace
async def traced(x: int) -> int:
    log.append(("traced", x))
    return -x

"""


def call_graph(text: str, module: str = "main") -> CallGraph:
    """The call graph of a one-module program."""
    source = SourceFile(path=Path(f"{module}.py"), module=module, text=text)
    parsed = parse(source)
    assert isinstance(parsed, Parsed), parsed
    return build_call_graph({module: index_module(source, parsed)})


def lower_all(text: str) -> tuple[TaskGraph, ...]:
    """Every driver of a program, lowered and verified."""
    graph = call_graph(text)
    return tuple(lower_task(d, graph) for d in graph.definitions if is_driver(d, graph))


def driver(body: str, parameters: str = "n: int = 5", *, kind: str = "async def") -> str:
    """A program with one driver, `main`."""
    return f"{PREAMBLE}\n@env.task\n{kind} main({parameters}):\n{textwrap.indent(body, '    ')}\n"


def lower(body: str, parameters: str = "n: int = 5", *, kind: str = "async def") -> TaskGraph:
    """The graph of a driver with this body."""
    (graph,) = lower_all(driver(textwrap.dedent(body).strip(), parameters, kind=kind))
    return graph


def nodes_of(body: str, parameters: str = "n: int = 5", *, kind: str = "async def") -> str:
    """The text of a graph without its title, at the margin."""
    text = print_graph(lower(body, parameters, kind=kind))
    return textwrap.dedent("\n".join(text.splitlines()[1:]))


def function(text: str) -> cst.FunctionDef:
    """The function that a source is."""
    (tree,) = cst.parse_module(textwrap.dedent(text).strip() + "\n").body
    assert isinstance(tree, cst.FunctionDef)
    return tree
