"""The tree on a terminal."""

from __future__ import annotations

import io
import os
import pty
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from flyte._engine.events import Event, EventKind
from flyte.cli.live import Live, Tree

MAIN, PART = b"m", b"p"


def event(kind: EventKind, action: bytes, task: str, parent: bytes | None = None) -> Event:
    return Event(kind=kind, action=action, task=task, parent=parent)


def test_calls_of_one_task_are_one_line_under_their_caller() -> None:
    tree = Tree()
    tree.take(event("started", MAIN, "e.main"), 0.0)
    for number in range(3):
        tree.take(event("started", PART + bytes([number]), "e.part", MAIN), 1.0)
    tree.take(event("succeeded", PART + b"\0", "e.part"), 2.0)
    tree.take(event("failed", PART + b"\1", "e.part"), 3.0)
    assert list(tree.lines(4.0, colors=False)) == [
        "e.main  1 running  4.0 s",
        "└─ e.part  1 running, 1 succeeded, 1 failed  3.0 s",
    ]


def test_what_is_cached_or_replayed_does_not_run() -> None:
    tree = Tree()
    tree.take(event("started", MAIN, "e.main"), 0.0)
    tree.take(event("started", b"a", "e.part", MAIN), 0.0)
    tree.take(event("cached", b"a", "e.part"), 0.5)
    tree.take(event("replayed", b"b", "e.part"), 0.5)
    assert list(tree.lines(9.0, colors=False))[1] == "└─ e.part  1 cached, 1 replayed  0.5 s"


def test_the_last_state_stays_and_streams_are_given_back() -> None:
    before = sys.stdout, sys.stderr
    drawn = io.StringIO()
    live = Live(drawn, colors=False)
    live(event("started", MAIN, "e.main"))
    live(event("succeeded", MAIN, "e.main"))
    live.close()
    assert (sys.stdout, sys.stderr) == before
    assert "e.main  1 succeeded" in drawn.getvalue().rpartition("\x1b[J")[2]


PROGRAM = """
import flyte
env = flyte.TaskEnvironment("shown")

@env.task
async def part(x: int) -> int:
    print("printed", x)
    return x

@env.task
async def main() -> int:
    return await part(1) + await part(2)
"""


@pytest.mark.skipif(not hasattr(pty, "openpty"), reason="no terminals here")
def test_on_a_terminal_prints_stand_above_the_tree(tmp_path: Path) -> None:
    (tmp_path / "shown_program.py").write_text(PROGRAM)
    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", "from flyte.cli import main; main()"]
    process = subprocess.Popen(
        [*command, "run", "--name", "r", "shown_program.py", "main"],
        cwd=tmp_path,
        env={
            **os.environ,
            "FLYTE_STORE": str(tmp_path / "store"),
            "TERM": "xterm",
            "COLUMNS": "80",
        },
        stdin=subprocess.DEVNULL,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    text = _screen(_read(ours))
    assert process.wait(30) == 0, text
    assert re.search(r"printed 1\nprinted 2\nshown\.main  1 succeeded.*\n└─ shown\.part", text), (
        text
    )
    assert "o0       3" in text
    assert text.count("shown.main") == 1


def _read(terminal: int) -> str:
    parts = []
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            part = os.read(terminal, 4096)
        except OSError:  # its other end is closed
            break
        if not part:
            break
        parts.append(part)
    os.close(terminal)
    return b"".join(parts).decode()


def _screen(text: str) -> str:
    """What is left on the screen: lines that were erased are gone."""
    lines: list[str] = [""]
    for piece in re.split(r"(\x1b\[\d+F\x1b\[J|\r?\n)", text):
        if match := re.fullmatch(r"\x1b\[(\d+)F\x1b\[J", piece):
            keep = len(lines) - 1 - int(match[1])
            lines = [*lines[:keep], ""]
        elif piece in ("\n", "\r\n"):
            lines.append("")
        else:
            lines[-1] += re.sub(r"\x1b\[\d+m", "", piece)
    return "\n".join(lines)
