"""`compare`: two programs' plans in, what changed out."""

from __future__ import annotations

from collections.abc import Iterable

from flyte_compiler.diff.model import ChangedTask, Difference, TaskName
from flyte_compiler.diff.pairs import pair_tasks
from flyte_compiler.diff.program import Address, PlacedPlan, Program, program_of, task_name
from flyte_compiler.diff.results import recorded_results
from flyte_compiler.diff.tasks import is_other_version, task_changes


def compare(old_plans: Iterable[PlacedPlan], new_plans: Iterable[PlacedPlan]) -> Difference:
    """Compare two programs by their plans; where source stands, and nodes' ids, don't count."""
    old, new = program_of(old_plans), program_of(new_plans)
    pairs = pair_tasks(old, new)
    names = {old.tasks[before].name: new.tasks[now].name for now, before in pairs.old_of.items()}
    changes = {
        now: task_changes(old.tasks[before], new.tasks[now], names)
        for now, before in pairs.old_of.items()
    }
    changed = (
        ChangedTask(task=task_name(new.tasks[now]), changes=found)
        for now, found in changes.items()
        if found
    )
    results = recorded_results(old, new, pairs, changes)
    return Difference(
        added=_named(new, pairs.added),
        removed=_named(old, pairs.removed),
        changed=tuple(sorted(changed, key=lambda each: each.task)),
        results=tuple(sorted(results, key=lambda each: each.task)),
        pinned=_named(
            new,
            (
                now
                for now, before in pairs.old_of.items()
                if is_other_version(old.tasks[before], new.tasks[now])
                and old.tasks[before].name == new.tasks[now].name
            ),
        ),
    )


def _named(program: Program, addresses: Iterable[Address]) -> tuple[TaskName, ...]:
    return tuple(sorted(task_name(program.tasks[address]) for address in addresses))
