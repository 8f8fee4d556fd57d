"""The tasks of one side of a comparison, and which of them each can call."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flyte_compiler.diff.model import TaskName
from flyte_compiler.diff.walk import all_nodes
from flyte_plan.plan import DynamicNode, Plan, PlannedTask, TaskNode


@dataclass(frozen=True, slots=True, kw_only=True)
class PlacedPlan:
    """A plan, and where in the tree its program's root lies: two programs of one tree may both
    have a module `main`."""

    place: str
    """Relative to the tree, `.` for the tree itself."""
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Address:
    """What tells a task from every other of its side."""

    place: str
    module: str
    function: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One side. Plans of several modules may hold the same task: it counts once."""

    tasks: Mapping[Address, PlannedTask]
    """In the order of the plans."""
    called: Mapping[Address, tuple[Address, ...]]
    """The tasks that a task's graph may call, as far as the plans hold them, each once."""


def program_of(plans: Iterable[PlacedPlan]) -> Program:
    """The tasks of some plans."""
    tasks: dict[Address, PlannedTask] = {}
    for placed in plans:
        for task in placed.plan.tasks:
            address = Address(place=placed.place, module=task.module, function=task.function)
            tasks.setdefault(address, task)
    named: dict[tuple[str, str], list[Address]] = defaultdict(list)
    for address, task in tasks.items():
        named[address.place, task.name].append(address)
    called = {
        address: tuple(
            callee for callee in dict.fromkeys(_called(address, task, named)) if callee in tasks
        )
        for address, task in tasks.items()
    }
    return Program(tasks=tasks, called=called)


def _called(
    caller: Address, task: PlannedTask, named: Mapping[tuple[str, str], Sequence[Address]]
) -> Iterator[Address]:
    """What a task's graph may call. A callee that is a value, and one out of a dynamic node, is
    known by name alone."""
    for node in () if task.graph is None else all_nodes(task.graph):
        match node:
            case TaskNode(module=str(module), function=str(function)):
                yield Address(place=caller.place, module=module, function=function)
            case TaskNode(candidates=names) | DynamicNode(tasks=names):
                for name in names:
                    yield from named.get((caller.place, name), ())
            case _:
                pass


def task_name(task: PlannedTask) -> TaskName:
    """The name for a report."""
    return TaskName(name=task.name, module=task.module)
