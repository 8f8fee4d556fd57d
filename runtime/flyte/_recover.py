"""What a run may reuse: the cache as its options allow, and the results of the run it recovers.

A rerun with `recover` reuses what the source run's tasks gave: a call of the same task, at the
same code version, with the same inputs in the same group. The n-th such call gets the n-th
result. A task that called others is reused only if their code is the same, too. So a changed
input or an edited helper runs exactly what depends on it again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from typing import Any

from flyte._engine.calls import Call
from flyte._engine.reuse import Reuse
from flyte._engine.values import decode_arguments, snapshot
from flyte._engine.versions import version_of
from flyte._environment import environments
from flyte._journal import ActionRecord, Outcome, Store
from flyte_plan.digest import show_digest
from flyte_plan.encoding import DecodeError

_Key = tuple[str, bytes, str | None]


class _Limited(Reuse):
    """The cache, where a run's options leave it out in part."""

    def __init__(self, cache: Reuse, *, reads: bool, keeps: bool) -> None:
        self._cache = cache
        self._reads = reads
        self._keeps = keeps

    def lookup(self, call: Call) -> Outcome | None:
        """A value that may be used, where the run reads the cache."""
        return self._cache.lookup(call) if self._reads else None

    def flight_key(self, call: Call) -> bytes | None:
        """As the cache says, where the run reads it."""
        return self._cache.flight_key(call) if self._reads else None

    def keep(self, call: Call, outcome: Outcome) -> None:
        """Keep a value, where the run does."""
        if self._keeps:
            self._cache.keep(call, outcome)


class _Recovering(Reuse):
    """The cache, and before it another run's results."""

    def __init__(self, cache: Reuse, results: dict[_Key, deque[Outcome]]) -> None:
        self._cache = cache
        self._results = results

    def lookup(self, call: Call) -> Outcome | None:
        """The next result of an equal call of the source run, else what the cache has."""
        waiting = self._results.get((call.name, call.inputs.digest, call.group))
        if call.kind == "task" and waiting:
            return waiting.popleft()
        return self._cache.lookup(call)

    def flight_key(self, call: Call) -> bytes | None:
        """As the cache does."""
        return self._cache.flight_key(call)

    def keep(self, call: Call, outcome: Outcome) -> None:
        """As the cache does."""
        self._cache.keep(call, outcome)


def recovering(cache: Reuse, told: Mapping[str, Any], journal: Store) -> Reuse:
    """What a run that was told this reuses."""
    if told.get("disable_run_cache"):
        cache = _Limited(cache, reads=False, keeps=False)
    elif told.get("overwrite_cache"):
        cache = _Limited(cache, reads=False, keeps=True)
    source = told.get("recover")
    if source is None:
        return cache
    actions = journal.actions(str(source))
    return _Recovering(cache, _results(actions, tuple(told.get("force_rerun_actions") or ())))


def _results(
    actions: tuple[ActionRecord, ...], forced: tuple[str, ...]
) -> dict[_Key, deque[Outcome]]:
    results: dict[_Key, deque[Outcome]] = {}
    changed = _changed(actions, forced)
    for action in actions:
        outcome = action.outcome
        if action.kind != "task" or outcome is None or outcome.kind == "error":
            continue
        if action.id in changed:
            continue
        try:
            digest = snapshot(decode_arguments(action.inputs)).digest
        except DecodeError:  # of a class that the program doesn't have any more
            continue
        results.setdefault((action.task, digest, action.group), deque()).append(outcome)
    return results


def _changed(actions: Iterable[ActionRecord], forced: tuple[str, ...]) -> set[bytes]:
    """The actions whose results don't count: of other code, forced, or above such a one."""
    known = {name: task for each in environments().values() for name, task in each.tasks.items()}
    parents = {action.id: action.parent for action in actions}
    changed: set[bytes] = set()
    for action in actions:
        task = known.get(action.task)
        same = action.kind != "task" or (task is not None and version_of(task) == action.version)
        if same and not _is_forced(action, forced):
            continue
        above: bytes | None = action.id
        while above is not None and above not in changed:
            changed.add(above)
            above = parents.get(above)
    return changed


def _is_forced(action: ActionRecord, forced: tuple[str, ...]) -> bool:
    name = show_digest(action.id)
    return any(name.startswith(said) or said in (action.task, action.slot) for said in forced)
