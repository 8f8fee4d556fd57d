"""Lowers programs held in strings, and runs their graphs next to the Python that they came from.

`run_python` runs a driver as it is, `run_graph` its graph node by node, tasks as plain functions.
Both give what the driver gives and the trace of effects that it leaves in `log`.
"""

from __future__ import annotations

import asyncio
import inspect
import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

from flyte_compiler.callgraph.build import build_call_graph
from flyte_compiler.callgraph.model import CallGraph
from flyte_compiler.ir.model import (
    DynamicNode,
    FragmentForm,
    Input,
    Literal,
    Node,
    Operand,
    Output,
    PackKind,
    PackNode,
    PythonNode,
    TaskGraph,
    TaskNode,
    TraceNode,
)
from flyte_compiler.ir.text import print_graph
from flyte_compiler.ir.verify import verify
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
    lowered = tuple(lower_task(d, graph) for d in graph.definitions if is_driver(d, graph))
    for each in lowered:
        verify(each)
    return lowered


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


def _fake_sdk() -> ModuleType:
    """As much of `flyte` as a program needs to be imported: tasks are their functions."""

    def task(function: Callable[..., Any]) -> Callable[..., Any]:
        async def aio(*args: Any, **kwargs: Any) -> Any:
            result = function(*args, **kwargs)
            return await result if inspect.isawaitable(result) else result

        function.aio = aio  # type: ignore[attr-defined]
        function.override = lambda **options: function  # type: ignore[attr-defined]
        return function

    module = ModuleType("flyte")
    module.TaskEnvironment = lambda name: SimpleNamespace(  # type: ignore[attr-defined]
        task=task, compiled_task=task
    )
    module.trace = task  # type: ignore[attr-defined]
    return module


def namespace_of(text: str) -> dict[str, Any]:
    """The program's globals, imported beside the fake SDK."""
    namespace: dict[str, Any] = {"__name__": "main", "flyte": _fake_sdk()}
    exec(compile(text.replace("import flyte\n", "\n", 1), "main.py", "exec"), namespace)
    return namespace


Outcome = tuple[str, object, list[object]]


def run_python(text: str, *args: object) -> Outcome:
    """What `main` gives as dynamic Python, and its effects."""
    namespace = namespace_of(text)

    async def run() -> object:
        result = namespace["main"](*args)
        return await result if inspect.isawaitable(result) else result

    return _outcome(run, namespace)


def run_graph(graph: TaskGraph, text: str, *args: object) -> Outcome:
    """What the graph of `main` gives when its nodes run one after the other, and its effects."""
    namespace = namespace_of(text)
    bound = inspect.signature(namespace["main"]).bind(*args)
    bound.apply_defaults()
    return _outcome(lambda: _Interpreter(graph, namespace, bound.arguments).run(), namespace)


def _outcome(run: Callable[[], Any], namespace: Mapping[str, Any]) -> Outcome:
    try:
        return "returned", repr(asyncio.run(run())), namespace["log"]
    except Exception as error:
        return "raised", type(error), namespace["log"]


class _Unbound:
    """Stands for a variable without a value."""


class _Interpreter:
    def __init__(
        self, graph: TaskGraph, namespace: dict[str, Any], arguments: Mapping[str, Any]
    ) -> None:
        self.graph = graph
        self.namespace = namespace
        self.arguments = arguments
        self.values: dict[str, Any] = {}

    async def run(self) -> object:
        for node in self.graph.body.nodes:
            self.values[node.id] = await self.value(node)
        result = self.graph.body.result
        return None if result is None else self.bound(result)

    async def value(self, node: Node) -> object:
        match node:
            case TaskNode() | TraceNode():
                function = self.namespace[node.callee.function]
                inputs = {name: self.bound(operand) for name, operand in node.inputs}
                result = function(**inputs)
                return await result if inspect.isawaitable(result) else result
            case PackNode(kind=kind):
                elements = [self.bound(element) for element in node.elements]
                return tuple(elements) if kind is PackKind.TUPLE else elements
            case PythonNode() | DynamicNode():
                return await self.fragment(node)

    async def fragment(self, node: PythonNode | DynamicNode) -> object:
        """As a runtime does it: the source is the body of a function of its inputs."""
        inputs = {name: self.operand(operand) for name, operand in node.inputs}
        is_python = isinstance(node, PythonNode)
        is_expression = is_python and node.form is FragmentForm.EXPRESSION
        indent = (node.indent if is_python else "") or "    "
        lines = [f"{indent}global {name}" for name in (node.global_names if is_python else ())]
        lines += [f"{indent}del {name}" for name, value in inputs.items() if value is _Unbound]
        if is_expression:
            lines.append(f"{indent}return (\n{node.source}\n)")
        else:
            lines += [f"{indent}{node.source}", f"{indent}return locals()"]
        text = "\n".join([f"async def __fragment__({', '.join(inputs)}):", *lines])
        scope: dict[str, Any] = {}
        exec(compile(text, "fragment", "exec"), self.namespace, scope)
        result = await scope["__fragment__"](**inputs)
        if is_expression:
            return result
        return {name: result[name] for name in node.outputs if name in result}

    def bound(self, operand: Operand) -> Any:
        value = self.operand(operand)
        if value is _Unbound:
            raise UnboundLocalError(operand)
        return value

    def operand(self, operand: Operand) -> Any:
        match operand:
            case Literal(value=value):
                return value
            case Input(name=name):
                return self.arguments[name]
            case Output(node=node, path=path):
                value = self.values[node]
                for part in path:
                    value = value.get(part, _Unbound) if isinstance(part, str) else value[part]
                return value
