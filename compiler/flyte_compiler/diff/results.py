"""Which recorded results stay valid, and the first cause against each other one.

A leaf's result is recorded under its name and version. A driver's rests on the versions of all
tasks that it can reach, too: a called task isn't in its caller's source closure, but what the
caller returned came of it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping

from flyte_compiler.diff.model import (
    BodyChanged,
    Cause,
    CauseKind,
    Change,
    OptionChanged,
    PartChanged,
    RecordedResult,
    Trait,
    TraitChanged,
    VersionChanged,
)
from flyte_compiler.diff.pairs import Pairs
from flyte_compiler.diff.program import Address, Program, task_name
from flyte_compiler.diff.tasks import is_other_version

_CACHE = "cache"
"""The option whose salt and version a result is recorded under."""


def recorded_results(
    old: Program, new: Program, pairs: Pairs, changes: Mapping[Address, tuple[Change, ...]]
) -> Iterator[RecordedResult]:
    """What becomes of the results of each task that both sides have."""
    removed = set(pairs.removed)
    for address in pairs.old_of:
        cause = _own_cause(changes[address]) or _cause_below(address, old, new, pairs, removed)
        yield RecordedResult(task=task_name(new.tasks[address]), cause=cause)


def _own_cause(changes: tuple[Change, ...]) -> Cause | None:
    """The first of a task's own changes that its results don't survive, the plainest first."""
    causes = [cause for cause in map(_cause_of, changes) if cause is not None]
    return min(causes, key=lambda cause: _PLAINEST.index(cause.kind), default=None)


_PLAINEST = tuple(CauseKind)


def _cause_of(change: Change) -> Cause | None:
    match change:
        case TraitChanged(trait=Trait.NAME, old=name):
            return Cause(kind=CauseKind.NAME, name=name)
        case TraitChanged(trait=Trait.MODULE, old=name):
            return Cause(kind=CauseKind.MODULE, name=name)
        case BodyChanged():
            return Cause(kind=CauseKind.BODY)
        case PartChanged(part=name):
            return Cause(kind=CauseKind.PART, name=name)
        case OptionChanged(name=name) if name == _CACHE:
            return Cause(kind=CauseKind.CACHE, name=name)
        case VersionChanged():
            return Cause(kind=CauseKind.VERSION)
        case _:
            return None


def _cause_below(
    address: Address, old: Program, new: Program, pairs: Pairs, removed: set[Address]
) -> Cause | None:
    """The nearest task that a driver can reach, or could, and that isn't the same any more."""
    for callee, path in _reached(new, address):
        through = tuple(new.tasks[each].name for each in path)
        name = new.tasks[callee].name
        before = pairs.old_of.get(callee)
        if before is None:
            return Cause(kind=CauseKind.CALLEE_ADDED, name=name, through=through)
        if is_other_version(old.tasks[before], new.tasks[callee]):
            return Cause(kind=CauseKind.CALLEE, name=name, through=through)
    new_reach = {pairs.old_of[callee] for callee, _ in _reached(new, address)}
    for callee, path in _reached(old, pairs.old_of[address]):
        if callee in removed or callee not in new_reach:
            through = tuple(old.tasks[each].name for each in path)
            name = old.tasks[callee].name
            return Cause(kind=CauseKind.CALLEE_REMOVED, name=name, through=through)
    return None


def _reached(program: Program, start: Address) -> Iterator[tuple[Address, tuple[Address, ...]]]:
    """Every task that a driver can reach, nearest first, with those on the way to it."""
    seen = {start}
    waiting: deque[tuple[Address, tuple[Address, ...]]] = deque([(start, ())])
    while waiting:
        caller, path = waiting.popleft()
        for callee in program.called[caller]:
            if callee not in seen:
                seen.add(callee)
                yield callee, path
                waiting.append((callee, (*path, callee)))
