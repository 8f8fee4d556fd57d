"""The tasks of one side of a comparison, and which of them each can call."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
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


@dataclass(frozen=True, slots=True)
class Program:
    """One side. Plans of several modules may hold the same task: it counts once."""

    tasks: Mapping[Address, PlannedTask]
    """In the order of the plans."""

    def called(self, address: Address) -> tuple[Address, ...]:
        """The tasks that a task's graph may call, as far as the plans hold them, each once."""
        task = self.tasks[address]
        if task.graph is None:
            return ()
        found: dict[Address, None] = {}
        for node in all_nodes(task.graph):
            match node:
                case TaskNode(module=str(module), function=str(function)):
                    callee = Address(place=address.place, module=module, function=function)
                    found.update({callee: None} if callee in self.tasks else {})
                case TaskNode(candidates=names) | DynamicNode(tasks=names):
                    found.update(dict.fromkeys(self._named(names, address.place)))
                case _:
                    pass
        return tuple(found)

    def _named(self, names: Iterable[str], place: str) -> Iterator[Address]:
        wanted = set(names)
        for address, task in self.tasks.items():
            if address.place == place and task.name in wanted:
                yield address


def program_of(plans: Iterable[PlacedPlan]) -> Program:
    """The tasks of some plans."""
    tasks: dict[Address, PlannedTask] = {}
    for placed in plans:
        for task in placed.plan.tasks:
            address = Address(place=placed.place, module=task.module, function=task.function)
            tasks.setdefault(address, task)
    return Program(tasks)


def task_name(task: PlannedTask) -> TaskName:
    """The name for a report."""
    return TaskName(name=task.name, module=task.module)
