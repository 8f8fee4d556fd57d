"""Which task of the new program is which of the old one.

By module and function where those are the same; then by name, where a module was renamed or the
task was moved. A task whose environment has another name keeps its module and function, and so is
the same task renamed. A function of another name is another task: its version covers its name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from flyte_compiler.diff.program import Address, Program
from flyte_plan.plan import PlannedTask


@dataclass(frozen=True, slots=True, kw_only=True)
class Pairs:
    """Tasks that both sides have, by their new address, and those that one side lacks."""

    old_of: dict[Address, Address]
    added: tuple[Address, ...]
    removed: tuple[Address, ...]


def pair_tasks(old: Program, new: Program) -> Pairs:
    """Pair the tasks of two programs."""
    found: dict[Address, Address] = {}
    for key in _KEYS:
        paired = set(found.values())
        before = _unique(old, (each for each in old.tasks if each not in paired), key)
        after = _unique(new, (each for each in new.tasks if each not in found), key)
        found.update((after[each], before[each]) for each in after if each in before)
    paired = set(found.values())
    return Pairs(
        old_of=found,
        added=tuple(each for each in new.tasks if each not in found),
        removed=tuple(each for each in old.tasks if each not in paired),
    )


_Key = Callable[[Address, PlannedTask], tuple[str, ...]]

_KEYS: tuple[_Key, ...] = (
    lambda address, task: (address.place, address.module, address.function, task.name),
    lambda address, task: (address.module, address.function, task.name),
    lambda address, task: (address.place, address.module, address.function),
    lambda address, task: (address.place, task.name),
    lambda address, task: (task.name,),
)
"""What is equal in two tasks that are one, the surest first."""


def _unique(
    program: Program, addresses: Iterable[Address], key: _Key
) -> dict[tuple[str, ...], Address]:
    """The tasks of a key that no other has."""
    found: dict[tuple[str, ...], list[Address]] = defaultdict(list)
    for address in addresses:
        found[key(address, program.tasks[address])].append(address)
    return {each: sharing[0] for each, sharing in found.items() if len(sharing) == 1}
