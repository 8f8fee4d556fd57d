"""What each action prints and logs, kept beside the run; what is printed is printed all the same.

While a run goes on in this process, `sys.stdout` and `sys.stderr` are wrapped, and each record of
`logging` is seen on its way to the handlers. No handler is added anywhere: with one, neither
`logging.basicConfig` nor the handler of last resort would do what they do without us.
"""

from __future__ import annotations

import json
import logging
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, TextIO

from flyte._context import CURRENT_DRIVER

STREAMS = ("stdout", "stderr")
_LONGEST = 64 * 1024
"""Of a line without an end, before it is kept as it is."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One line of an action."""

    time: float
    stream: str
    """`stdout`, `stderr`, or the level of a log record."""
    text: str


class _Capture:
    """Where lines go; one a process, for as many runs as go on."""

    def __init__(self) -> None:
        self._folders: dict[str, Path] = {}
        self._begun: dict[tuple[Path, str], str] = {}
        self._lock = threading.Lock()
        self._restore: list[tuple[str, Any, Any]] = []
        self._inside = threading.local()

    def add(self, run: str, folder: Path) -> None:
        """Keep the lines of a run's actions from now on."""
        with self._lock:
            if not self._folders:
                self._install()
            self._folders[run] = folder

    def remove(self, run: str) -> None:
        """The run has ended; keep what has no end of line, too."""
        with self._lock:
            folder = self._folders.pop(run)
            unfinished = [key for key in self._begun if key[0].parent == folder]
            rest = [(file, stream, self._begun.pop((file, stream))) for file, stream in unfinished]
            if not self._folders:
                self._uninstall()
        for file, stream, text in rest:
            _append(file, stream, [text])

    def take(self, stream: str, text: str) -> None:
        """Keep what was written, if an action wrote it."""
        file = self._file()
        if file is None or getattr(self._inside, "rests", False):
            return
        with self._lock:
            *whole, rest = (self._begun.pop((file, stream), "") + text).split("\n")
            if len(rest) > _LONGEST:
                whole.append(rest)
            elif rest:
                self._begun[file, stream] = rest
        if whole:
            _append(file, stream, whole)

    def log(self, record: logging.LogRecord) -> None:
        """Keep a log record, if an action logged it."""
        file = self._file()
        if file is None:
            return
        text = record.getMessage()
        if record.exc_info and record.exc_info[0] is not None:
            text += "\n" + logging.Formatter().formatException(record.exc_info)
        _append(file, record.levelname.lower(), text.split("\n"))

    @contextmanager
    def resting(self) -> Iterator[None]:
        """While this thread writes what no action says, or what is kept already."""
        before = getattr(self._inside, "rests", False)
        self._inside.rests = True
        try:
            yield
        finally:
            self._inside.rests = before

    def _file(self) -> Path | None:
        action = getattr(CURRENT_DRIVER.get(), "action", None)
        if action is None:
            return None
        folder = self._folders.get(action.run.name)
        if folder is None:
            return None
        from flyte_plan.digest import show_digest  # noqa: PLC0415 - keeps start-up light

        return folder / f"{show_digest(action.id)}.jsonl"

    def _install(self) -> None:
        for name in STREAMS:
            original = getattr(sys, name)
            if original is not None:
                wrapped = _Stream(original, name)
                setattr(sys, name, wrapped)
                self._restore.append((name, original, wrapped))
        logging.Logger.callHandlers = _call_handlers  # type: ignore[assignment, method-assign]  # undone below

    def _uninstall(self) -> None:
        logging.Logger.callHandlers = _ORIGINAL  # type: ignore[method-assign]  # as it was
        for name, original, wrapped in self._restore:
            if getattr(sys, name) is wrapped:  # else somebody has put something else there
                setattr(sys, name, original)
        self._restore.clear()


_CAPTURE = _Capture()
_ORIGINAL = logging.Logger.callHandlers


def _call_handlers(logger: logging.Logger, record: logging.LogRecord) -> None:
    _CAPTURE.log(record)
    with _CAPTURE.resting():
        _ORIGINAL(logger, record)


class _Stream:
    """A stream that also tells the capture what is written; everything else is the stream's own."""

    def __init__(self, stream: TextIO, name: str) -> None:
        self._stream = stream
        self._name = name

    def write(self, text: str) -> int:
        """Write, then keep."""
        written = self._stream.write(text)
        _CAPTURE.take(self._name, text)
        return written

    def writelines(self, lines: Iterator[str]) -> None:
        """Write each."""
        for line in lines:
            self.write(line)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def __iter__(self) -> Iterator[str]:
        return iter(self._stream)


def unkept() -> AbstractContextManager[None]:
    """For what is told about actions, on whatever thread of theirs."""
    return _CAPTURE.resting()


@contextmanager
def kept_logs(run: str, folder: Path | None) -> Iterator[None]:
    """Keep what the actions of `run` print and log in `folder`; None keeps nothing."""
    if folder is None:
        yield
        return
    _CAPTURE.add(run, folder)
    try:
        yield
    finally:
        _CAPTURE.remove(run)


def read_logs(folder: Path, action: str) -> list[LogLine]:
    """The lines of an action, in the order written; none where it wrote nothing."""
    try:
        text = (folder / f"{action}.jsonl").read_text(encoding="utf-8")
    except FileNotFoundError:
        return []
    lines = []
    for line in text.splitlines():
        try:
            time_, stream, words = json.loads(line)
        except ValueError:  # the last one, of a process that was killed while it wrote
            continue
        lines.append(LogLine(time_, stream, words))
    return lines


def _append(file: Path, stream: str, lines: list[str]) -> None:
    now = time.time()
    entries = "".join(json.dumps([now, stream, line]) + "\n" for line in lines)
    try:
        _write(file, entries.encode())
    except OSError as error:
        # The task goes on: what it printed is printed, and its results are another matter.
        _tell_once(f"what actions print is not kept any more: {error}")


@lru_cache(maxsize=1)
def _tell_once(words: str) -> None:
    if sys.__stderr__ is not None:
        sys.__stderr__.write(f"flyte: {words}\n")


def _write(file: Path, entries: bytes) -> None:
    try:
        handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
    except FileNotFoundError:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle = os.open(file, os.O_CREAT | os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC, 0o600)
    try:
        os.write(handle, entries)
    finally:
        os.close(handle)
