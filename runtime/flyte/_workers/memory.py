"""Whether a process was killed because memory ran out: the kernel keeps count.

Nothing tells which process it was, so a count that grew while a worker lived, and a worker that
was killed without our doing, are taken together.
"""

from __future__ import annotations

from pathlib import Path


def memory_kills(root: Path = Path("/")) -> int:
    """How many processes the kernel has killed for memory; 0 where it doesn't say."""
    counts = [_named(root / "proc/vmstat", "oom_kill")]
    counts += [_named(events, "oom_kill") for events in _group_events(root)]
    return max(counts)


def _group_events(root: Path) -> list[Path]:
    """The counts of the control group that this process is in."""
    try:
        lines = (root / "proc/self/cgroup").read_text(encoding="utf-8").splitlines()
    except OSError:
        return []
    groups = [line[3:].lstrip("/") for line in lines if line.startswith("0::")]
    return [root / "sys/fs/cgroup" / group / "memory.events" for group in groups]


def _named(file: Path, name: str) -> int:
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    values = [line.split()[1] for line in lines if line.split()[:1] == [name]]
    return int(values[0]) if values else 0
