"""`build_plan`: a module's tasks and their graphs as the artefact that a runtime executes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.ir.leaves import DynamicNode, TaskNode, TraceNode
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.ir.values import Callee, ValueCallee
from flyte_compiler.ir.walk import all_nodes, dynamic_nodes
from flyte_compiler.plan.measure import measure
from flyte_compiler.plan.nodes import helper_of, region_of
from flyte_compiler.plan.operands import place_of
from flyte_compiler.source.text import is_text
from flyte_plan.closure import Sources, closure_of
from flyte_plan.digest import show_digest
from flyte_plan.plan import (
    PLAN_VERSION,
    Plan,
    PlannedGraph,
    PlannedOption,
    PlannedParameter,
    PlannedPart,
    PlannedTask,
)


def build_plan(
    module: str,
    graphs: Iterable[TaskGraph],
    definitions: Iterable[Definition],
    sources: Sources,
) -> Plan:
    """The plan of one module: its tasks, then those that they reach in other modules.

    `graphs` and `definitions` are the whole program's. Of two definitions of one name the later
    one counts, as it does when the module is imported. A task inside a function has no name that
    a plan could use, so no plan holds it.

    Raises:
        LookupError: `sources` lacks the module, or a task of it.
    """
    tasks = {_address(d): d for d in definitions if d.is_task and "<locals>" not in d.function.name}
    drivers = {(graph.task.module, graph.span): graph for graph in graphs}
    return Plan(
        version=PLAN_VERSION,
        module=module,
        file=_file(module, sources),
        tasks=tuple(
            _task(definition, drivers.get((definition.module, definition.function.span)), sources)
            for definition in _in_plan(module, tasks, drivers.values())
        ),
    )


def _address(named: Definition | Callee) -> tuple[str, str]:
    function = named.function if isinstance(named, Callee) else named.function.name
    return named.module, function


def _in_plan(
    module: str,
    tasks: Mapping[tuple[str, str], Definition],
    graphs: Iterable[TaskGraph],
) -> Iterator[Definition]:
    """The module's tasks in source order; then, by module and place, all that they reach."""
    drivers = {_address(graph.task): graph for graph in graphs}
    own = [address for address in tasks if address[0] == module]
    reached, waiting = set(own), list(own)
    while waiting:
        driver = drivers.get(waiting.pop())
        called = () if driver is None else _called_tasks(driver)
        found = [address for address in called if address in tasks and address not in reached]
        reached.update(found)
        waiting += found
    elsewhere = [tasks[address] for address in reached.difference(own)]
    yield from sorted((tasks[address] for address in own), key=lambda d: d.function.span.start)
    yield from sorted(elsewhere, key=lambda d: (d.module, d.function.span.start))


def _called_tasks(graph: TaskGraph) -> Iterator[tuple[str, str]]:
    for node in all_nodes(graph):
        match node:
            case TaskNode(callee=Callee() as callee):
                yield _address(callee)
            case TaskNode(callee=ValueCallee(candidates=candidates)):
                yield from map(_address, candidates)
            case DynamicNode(callees=callees):
                yield from map(_address, callees)
            case _:
                pass


def _task(definition: Definition, graph: TaskGraph | None, sources: Sources) -> PlannedTask:
    function = definition.function
    closure = closure_of(definition.module, function.name, sources)
    return PlannedTask(
        name=definition.name,
        module=definition.module,
        function=function.name,
        declared=definition.kind.value,
        is_async=function.signature.is_async,
        parameters=tuple(
            PlannedParameter(name=p.name, kind=p.kind.value, type=p.annotation, default=p.default)
            for p in function.signature.parameters
        ),
        result=function.signature.result,
        options=_options(definition),
        digest=show_digest(closure.digest),
        parts=tuple(
            PlannedPart(name=part.name, digest=show_digest(part.digest)) for part in closure.parts
        ),
        graph=None if graph is None or not _makes_calls(graph) else _graph(graph),
        place=place_of(function.span),
    )


def _makes_calls(graph: TaskGraph) -> bool:
    """A compiled task may have a graph and be a leaf all the same."""
    return any(
        isinstance(node, TaskNode | TraceNode) or (isinstance(node, DynamicNode) and node.callees)
        for node in all_nodes(graph)
    )


def _options(definition: Definition) -> tuple[PlannedOption, ...]:
    """The arguments of the decorator that makes it a task, as written."""
    environment = definition.environment
    variable = "" if environment is None else environment.definition.variable
    found = [
        decorator
        for decorator in definition.function.decorators
        if decorator.target.endswith(f".{definition.kind.value}")
    ]
    own = [d for d in found if d.target == f"{variable}.{definition.kind.value}"] or found
    return tuple(
        PlannedOption(name=argument.keyword or "**", text=argument.text)
        for decorator in own[:1]
        for argument in decorator.arguments
    )


def _graph(graph: TaskGraph) -> PlannedGraph:
    measured = measure(graph)
    return PlannedGraph(
        body=region_of(graph.body),
        cells=graph.cells,
        helpers=tuple(map(helper_of, graph.helpers)),
        compiled=not dynamic_nodes(graph),
        actions=measured.actions,
        depth=measured.depth,
        width=measured.width,
        critical_path=measured.critical_path,
    )


def _file(module: str, sources: Sources) -> str:
    """The module's file under its root. A name that isn't text, as file names may be, can't be
    in a plan."""
    found = sources.module(module)
    if found is None or not is_text(module):
        raise LookupError(f"no module `{module}` under the roots")
    path = module.replace(".", "/")
    return f"{path}/__init__.py" if found.package == module else f"{path}.py"
