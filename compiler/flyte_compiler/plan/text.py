"""The text form of a plan: what a reviewer wants to see change when the program does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import assert_never

from flyte_plan.plan import (
    AwaitNode,
    BranchNode,
    DynamicNode,
    FunctionNode,
    HelperNode,
    LoopNode,
    MapNode,
    Node,
    PackNode,
    Plan,
    PlannedGraph,
    PlannedParameter,
    PlannedTask,
    PythonNode,
    Region,
    TaskNode,
    TraceNode,
    TryNode,
    WithNode,
    YieldNode,
)

_SHOWN_DIGEST = 12
"""Characters of a digest that are shown: enough to tell two apart."""


def print_plan(plan: Plan) -> str:
    """The text of a plan, ending in a line break."""
    lines = [f"plan {plan.module} ({plan.file}, version {plan.version})"]
    for task in plan.tasks:
        lines += _task(task)
    return "\n".join(lines) + "\n"


def _task(task: PlannedTask) -> Iterator[str]:
    parameters = ", ".join(map(_parameter, task.parameters))
    result = "" if task.result is None else f" -> {task.result}"
    asynchronous = "async " if task.is_async else ""
    options = ", ".join(f"{option.name}={option.text}" for option in task.options)
    yield ""
    yield f"{asynchronous}{task.declared} {task.name}({parameters}){result}"
    yield f"  from {task.module}:{task.place.line}, digest {task.digest[:_SHOWN_DIGEST]}"
    if options:
        yield f"  options {options}"
    if task.graph is not None:
        yield from _graph(task.graph)


def _graph(graph: PlannedGraph) -> Iterator[str]:
    compiled = "compiled" if graph.compiled else "dynamic"
    counts = f"{graph.actions} actions, depth {graph.depth}, width {graph.width}"
    yield f"  {compiled}, {counts}"
    if graph.critical_path:
        yield f"  longest path {', '.join(graph.critical_path)}"
    yield from _indented(_indented(_region(graph.body)))
    for helper in graph.helpers:
        asynchronous = "async " if helper.is_async else ""
        yield f"  {asynchronous}helper {helper.id} {helper.name}{helper.signature}"
        yield from _indented(_indented(_region(helper.body)))


def _region(region: Region) -> Iterator[str]:
    for node in region.nodes:
        yield f"{node.id} {_words(node)} at {node.place.line}:{node.place.column}"
        for inner in _regions(node):
            yield from _indented(_region(inner))


def _words(node: Node) -> str:
    tag = node.__struct_config__.tag
    match node:
        case TaskNode(task=called) | TraceNode(trace=called):
            return f"{tag} {called}"
        case HelperNode(helper=helper) | FunctionNode(helper=helper):
            return f"{tag} {helper}"
        case PythonNode(runs=runs):
            return " ".join((str(tag), *runs))
        case BranchNode() | TryNode() | AwaitNode() | YieldNode():
            return f"{tag}"
        case PackNode(kind=kind):
            return f"{tag} {kind}"
        case LoopNode(label=label) | MapNode(label=label) | WithNode(label=label):
            return f"{tag} {label}"
        case DynamicNode(code=code):
            return f"{tag} {code}"
        case _:
            assert_never(node)


def _regions(node: Node) -> Iterator[Region]:
    match node:
        case BranchNode(arms=arms):
            yield from (arm.body for arm in arms)
        case LoopNode(test=test, body=body, orelse=orelse):
            yield from (region for region in (test, body, orelse) if region is not None)
        case MapNode(body=body) | WithNode(body=body):
            yield body
        case TryNode(body=body, handlers=handlers, orelse=orelse, final=final):
            handled = [region for h in handlers for region in (h.types, h.body)]
            regions = (body, *handled, orelse, final)
            yield from (region for region in regions if region is not None)
        case _:
            return


def _indented(lines: Iterable[str]) -> Iterator[str]:
    return (f"  {line}" for line in lines)


def _parameter(parameter: PlannedParameter) -> str:
    annotation = "" if parameter.type is None else f": {parameter.type}"
    default = "" if parameter.default is None else f" = {parameter.default}"
    return f"{parameter.name}{annotation}{default}"
