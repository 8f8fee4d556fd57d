"""`--watch`, in a process of its own."""

from __future__ import annotations

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

PROGRAM = """
import flyte
import lib

env = flyte.TaskEnvironment("{name}")


@env.task
async def load(path: str) -> str:
    return path


@env.task
async def main(path: str) -> str:
    return await load({arguments})
"""
START = "from flyte_compiler.cli import main; main()"
PATIENCE = 20.0


def write(file: Path, arguments: str = "path") -> None:
    file.write_text(PROGRAM.format(name=file.stem, arguments=arguments), encoding="utf-8")


class Watcher:
    """A running `--watch`, and the lines it writes."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-u", "-c", START, *arguments, "--watch"],
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._lines: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._lines.put(line)

    def until(self, words: str) -> str:
        """The lines up to the one that holds some words."""
        seen, end = "", time.monotonic() + PATIENCE
        while words not in seen:
            try:
                seen += self._lines.get(timeout=max(0.0, end - time.monotonic()))
            except queue.Empty:
                raise AssertionError(f"no `{words}` in:\n{seen}") from None
        return seen

    def interrupt(self) -> int:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=PATIENCE)

    def close(self) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join(timeout=PATIENCE)
        assert self.process.stdout is not None
        self.process.stdout.close()


@pytest.fixture
def watching(tmp_path: Path) -> Iterator[Callable[..., Watcher]]:
    started: list[Watcher] = []

    def watch(*arguments: str) -> Watcher:
        started.append(Watcher(tmp_path, *arguments))
        return started[-1]

    (tmp_path / "pyproject.toml").touch()
    write(tmp_path / "main.py")
    yield watch
    for each in started:
        each.close()


def test_an_edit_a_new_module_and_a_deleted_file_are_reported(
    watching: Callable[..., Watcher], tmp_path: Path
) -> None:
    watcher = watching("main.py")
    watcher.until("0 errors")
    write(tmp_path / "main.py", "path, 1")
    seen = watcher.until("1 errors")
    assert " changed: main.py\n" in seen
    assert "error[FC302]" in seen
    assert "\033" not in seen
    write(tmp_path / "lib.py", "path, 2")
    assert " changed: lib.py\n" in watcher.until("2 errors")
    (tmp_path / "lib.py").unlink()
    watcher.until("1 errors")
    (tmp_path / "main.py").unlink()
    assert "FC004" in watcher.until("1 errors")
    write(tmp_path / "main.py")
    watcher.until("0 errors")
    assert watcher.interrupt() == 0


def test_a_new_file_in_a_folder_is_reported(
    watching: Callable[..., Watcher], tmp_path: Path
) -> None:
    watcher = watching(".")
    watcher.until("2 tasks")
    write(tmp_path / "new.py", "path, 1")
    assert " changed: new.py\n" in watcher.until("4 tasks")
    (tmp_path / "new.py").unlink()
    watcher.until("2 tasks")


def test_a_time_alone_is_no_change(watching: Callable[..., Watcher], tmp_path: Path) -> None:
    watcher = watching("main.py")
    watcher.until("0 errors")
    os.utime(tmp_path / "main.py", (1, 1))
    time.sleep(1)
    write(tmp_path / "main.py", "path, 1")
    assert watcher.until("1 errors").count("changed") == 1


def test_a_fault_in_the_configuration_is_said_and_waited_on(
    watching: Callable[..., Watcher], tmp_path: Path
) -> None:
    write(tmp_path / "main.py", "path, 1")
    watcher = watching("main.py")
    watcher.until("1 errors")
    configuration = tmp_path / "pyproject.toml"
    configuration.write_text("[tool.flyte-compile]\nignroe = ['FC302']", encoding="utf-8")
    watcher.until("did you mean `ignore`?")
    configuration.write_text("[tool.flyte-compile]\nignore = ['FC302']", encoding="utf-8")
    assert " changed: pyproject.toml\n" in watcher.until("0 errors")


def test_a_task_that_goes_away_is_said_and_waited_on(
    watching: Callable[..., Watcher], tmp_path: Path
) -> None:
    watcher = watching("main.py", "--task", "load")
    watcher.until("1 tasks")
    file = tmp_path / "main.py"
    file.write_text(file.read_text(encoding="utf-8").replace("load(", "loaf("), encoding="utf-8")
    watcher.until("no task is called `load`")
    write(file)
    watcher.until("1 tasks")


def test_plans_are_written_again(watching: Callable[..., Watcher], tmp_path: Path) -> None:
    watcher = watching("main.py", "-o", "plans")
    watcher.until("wrote plans/main.plan.json")
    before = (tmp_path / "plans/main.plan.json").read_bytes()
    write(tmp_path / "main.py", "'another'")
    watcher.until("wrote plans/main.plan.json")
    assert (tmp_path / "plans/main.plan.json").read_bytes() != before
