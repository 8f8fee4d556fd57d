"""The cache: a task's value reused across runs of a store, errors never.

A hit is recorded as the action's outcome, so a replay never asks the cache.
"""

from __future__ import annotations

import time
from typing import Any

from flyte._cache import Cache
from flyte._engine.calls import Call
from flyte._engine.values import Snapshot, snapshot
from flyte._engine.versions import reachable_version
from flyte._journal import Store
from flyte._journal.blobs import CorruptBlobError
from flyte._journal.records import Outcome
from flyte_plan.identity import cache_key


class Reuse:
    """The cache as one run uses it."""

    def __init__(self, journal: Store) -> None:
        self._journal = journal

    def lookup(self, call: Call) -> Outcome | None:
        """A value kept by an earlier call with the same key, where the task allows it."""
        key = self._key(call)
        if key is None or _cache_of(call).behavior == "override":
            return None
        age = _cache_of(call).max_age
        not_before = None if age is None else time.time() - _seconds(age)
        try:
            return self._journal.cached(key, not_before=not_before)
        except CorruptBlobError:
            return None  # a miss: the blob was set aside, and the task runs

    def keep(self, call: Call, outcome: Outcome) -> None:
        """Stage a value for later calls, where the task allows it."""
        key = self._key(call)
        if key is not None and outcome.kind == "value":
            self._journal.stage_cached(key, outcome, call.id)

    def flight_key(self, call: Call) -> bytes | None:
        """By what equal calls that run at once are known; None where each runs by itself."""
        cache = _cache_of(call)
        return self._key(call) if cache.serialize and cache.behavior == "auto" else None

    def _key(self, call: Call) -> bytes | None:
        if call.kind != "task" or not _cache_of(call).is_enabled() or call.inputs.has_pickles:
            return None
        version = reachable_version(call.target)
        if version is None:
            return None
        inputs = _without(call.inputs, _cache_of(call).get_ignored_inputs())
        return cache_key(task=call.name, version=version, inputs=inputs)


def _cache_of(call: Call) -> Cache:
    cache: Cache = call.target.options.cache
    return cache


def _without(inputs: Snapshot, ignored: tuple[str, ...]) -> bytes:
    if not ignored:
        return inputs.digest
    kept = {name: value for name, value in inputs.open().items() if name not in ignored}
    return snapshot(kept).digest


def _seconds(age: Any) -> float:
    return float(age.total_seconds() if hasattr(age, "total_seconds") else age)
