"""A run on a terminal: its tasks as a tree, with counts and times, drawn anew as things happen.

What tasks print goes above the tree. On anything but a terminal `progress` tells plain lines.
"""

from __future__ import annotations

import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TextIO

if TYPE_CHECKING:
    from flyte._engine.events import Event

PAUSE = 0.1
"""Seconds between two drawings."""
_ENDED = ("succeeded", "failed", "cached", "replayed")
_COLORS = {"failed": "31", "running": "36", "succeeded": "32", "cached": "33", "replayed": "34"}
_UP_AND_CLEAR = "\x1b[{lines}F\x1b[J"


@dataclass(slots=True)
class Node:
    """The calls of one task under one chain of callers."""

    task: str
    began: float
    ended: float = 0.0
    counts: Counter[str] = field(default_factory=Counter)
    children: dict[str, Node] = field(default_factory=dict)

    @property
    def running(self) -> int:
        """How many have begun and haven't ended."""
        return (
            self.counts["started"]
            - self.counts["succeeded"]
            - self.counts["failed"]
            - (self.counts["hits"])
        )


class Tree:
    """What has happened in a run, task by task."""

    def __init__(self) -> None:
        self.root = Node("", 0.0)
        self._nodes: dict[bytes, Node] = {}

    def take(self, event: Event, now: float) -> None:
        """One thing that happened."""
        node = self._nodes.get(event.action)
        if node is None:
            above = self._nodes.get(event.parent or b"", self._first())
            node = above.children.setdefault(event.task, Node(event.task, now))
            self._nodes[event.action] = node
        if event.kind == "cached":
            node.counts["hits"] += 1
        node.counts[event.kind] += 1
        if event.kind in _ENDED:
            node.ended = now

    def lines(self, now: float, *, colors: bool) -> Iterator[str]:
        """The tree as text."""
        for child in self.root.children.values():
            yield _text(child, now, colors=colors)
            yield from _below(child, "", now, colors=colors)

    def _first(self) -> Node:
        return next(iter(self.root.children.values()), self.root)


class Live:
    """A listener that draws; closed at the run's end."""

    def __init__(self, stream: TextIO, *, colors: bool = True) -> None:
        self._tree = Tree()
        self._stream = stream
        self._colors = colors
        self._lock = threading.RLock()
        self._shown = 0
        self._is_changed = False
        self._is_over = threading.Event()
        self._beside = [(name, getattr(sys, name)) for name in ("stdout", "stderr")]
        self._thread = threading.Thread(target=self._draw_on, name="flyte-live", daemon=True)
        for name, original in self._beside:
            setattr(sys, name, _Above(self, original))
        self._thread.start()

    def __call__(self, event: Event) -> None:
        """Take an event; called on the engine's thread."""
        if event.kind == "warning":
            self.above(self._stream, f"warning: `{event.task}`: {event.message}\n")
            return
        if event.kind == "retried":
            self.above(self._stream, f"retried  {event.task}: {event.message}\n")
        with self._lock:
            self._tree.take(event, time.monotonic())
            self._is_changed = True

    def close(self) -> None:
        """Draw the last state, and leave it."""
        self._is_over.set()
        self._thread.join()
        with self._lock:
            self._draw(everything=True)
            self._shown = 0
        for name, original in self._beside:
            if isinstance(getattr(sys, name), _Above):
                setattr(sys, name, original)

    def above(self, stream: TextIO, text: str) -> int:
        """Write what a task prints, above the tree."""
        with self._lock:
            self._erase()
            written = stream.write(text)
            stream.flush()
            if text.endswith("\n"):
                self._draw()
            return written

    def _draw_on(self) -> None:
        while not self._is_over.wait(PAUSE):
            with self._lock:
                if self._is_changed or self._shown:
                    self._draw()

    def _draw(self, *, everything: bool = False) -> None:
        width, height = shutil.get_terminal_size()
        lines = list(self._tree.lines(time.monotonic(), colors=self._colors))
        if len(lines) > height - 2 and not everything:
            lines = [*lines[: height - 3], f"… and {len(lines) - height + 3} more"]
        self._erase()
        self._stream.write("".join(f"{_cut(line, width)}\n" for line in lines))
        self._stream.flush()
        self._shown = len(lines)
        self._is_changed = False

    def _erase(self) -> None:
        if self._shown:
            self._stream.write(_UP_AND_CLEAR.format(lines=self._shown))
            self._stream.flush()
            self._shown = 0


class _Above:
    """A standard stream whose text goes above the tree."""

    def __init__(self, live: Live, stream: TextIO) -> None:
        self._live = live
        self._stream = stream

    def write(self, text: str) -> int:
        """Write above the tree."""
        return self._live.above(self._stream, text)

    def writelines(self, lines: Iterator[str]) -> None:
        """Write each."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _below(node: Node, indent: str, now: float, *, colors: bool) -> Iterator[str]:
    children = list(node.children.values())
    for child in children:
        is_last = child is children[-1]
        yield f"{indent}{'└─ ' if is_last else '├─ '}{_text(child, now, colors=colors)}"
        yield from _below(child, indent + ("   " if is_last else "│  "), now, colors=colors)


def _text(node: Node, now: float, *, colors: bool) -> str:
    counts = {"running": node.running, **{kind: node.counts[kind] for kind in _ENDED}}
    words = [
        f"\x1b[{_COLORS[kind]}m{count} {kind}\x1b[0m" if colors else f"{count} {kind}"
        for kind, count in counts.items()
        if count > 0
    ]
    end = now if node.running > 0 else node.ended or now
    return f"{node.task}  {', '.join(words)}  {end - node.began:.1f} s"


def _cut(line: str, width: int) -> str:
    """At most as wide as the terminal: a line that wraps would be erased in part."""
    kept: list[str] = []
    shown, in_color = 0, False
    for letter in line:
        in_color = in_color or letter == "\x1b"
        shown += not in_color
        if in_color and letter == "m":
            in_color = False
        if shown >= width and not in_color:
            return "".join(kept) + "\x1b[0m"
        kept.append(letter)
    return "".join(kept)
