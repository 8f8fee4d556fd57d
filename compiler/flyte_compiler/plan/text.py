"""The text form of a plan: what a reviewer wants to see change when the program does."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_plan.plan import Plan, PlannedGraph, PlannedParameter, PlannedTask, Step, TaskStep

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
    yield ""
    yield f"{asynchronous}{task.declared} {task.name}({parameters}){result}"
    yield f"  from {task.module}:{task.place.line}, digest {task.digest[:_SHOWN_DIGEST]}"
    if task.graph is not None:
        yield f"  {len(task.graph.nodes)} nodes, depth {task.graph.depth}, width {task.graph.width}"
        yield from _graph(task.graph)


def _graph(graph: PlannedGraph) -> Iterator[str]:
    for step in graph.nodes:
        yield f"    {step.id} {_step(step)} at {step.place.line}:{step.place.column}"


def _step(step: Step) -> str:
    match step.__struct_config__.tag, step:
        case tag, TaskStep(task=task):
            return f"{tag} {task}"
        case tag, _:
            return f"{tag}"


def _parameter(parameter: PlannedParameter) -> str:
    annotation = "" if parameter.type is None else f": {parameter.type}"
    default = "" if parameter.default is None else f" = {parameter.default}"
    return f"{parameter.name}{annotation}{default}"
