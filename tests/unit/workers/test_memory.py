"""What the kernel tells of processes killed for memory."""

from __future__ import annotations

from pathlib import Path

from flyte._workers.memory import memory_kills


def system(root: Path, *, total: int | None, group: int | None) -> Path:
    (root / "proc/self").mkdir(parents=True)
    if total is not None:
        (root / "proc/vmstat").write_text(f"nr_free_pages 12\noom_kill {total}\n")
    if group is not None:
        (root / "proc/self/cgroup").write_text("0::/user/work\n")
        folder = root / "sys/fs/cgroup/user/work"
        folder.mkdir(parents=True)
        (folder / "memory.events").write_text(f"low 0\noom 9\noom_kill {group}\n")
    return root


def test_the_machines_count_and_the_groups_are_read(tmp_path: Path) -> None:
    assert memory_kills(system(tmp_path / "a", total=3, group=None)) == 3
    assert memory_kills(system(tmp_path / "b", total=None, group=5)) == 5
    assert memory_kills(system(tmp_path / "c", total=7, group=5)) == 7


def test_a_system_that_says_nothing_counts_none(tmp_path: Path) -> None:
    assert memory_kills(tmp_path) == 0
