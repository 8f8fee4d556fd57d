"""What is kept and still holds, and the rest made anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

from flyte_compiler.cache.store import Store
from flyte_compiler.cache.unit import Unit

T = TypeVar("T")


def reuse(
    entries: Sequence[Path],
    make: Callable[[Sequence[Path]], Sequence[Unit[T]]],
    *,
    store: Store[T],
    key: str,
    root: Path,
    are_separable: Callable[[], bool],
) -> tuple[Unit[T], ...]:
    """The units of all entries; `make` is called for those whose units no longer hold.

    It is called for all of them where entries can't be taken apart. What was made is kept only
    where no file changed meanwhile.
    """
    kept = [unit for unit in store.load(key) if unit.is_current(root)]
    left = _left(entries, kept)
    if not left:
        return tuple(kept)
    if not are_separable():
        kept, left = [], list(entries)
    made = make(left)
    # An edit may tie an entry to modules of a unit that didn't change.
    while tied := [unit for unit in kept if unit.shares_files_with(made)]:
        kept = [unit for unit in kept if unit not in tied]
        left = _left(entries, kept)
        made = make(left)
    store.save(key, [*kept, *(unit for unit in made if unit.is_current(root))])
    return (*kept, *made)


def _left(entries: Sequence[Path], units: Sequence[Unit[T]]) -> list[Path]:
    covered = {entry for unit in units for entry in unit.entries}
    return [entry for entry in entries if str(entry) not in covered]
