"""A driver whose children run in workers, and what a test does to either."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from program import EFFECT, Program

SOURCE = (
    EFFECT
    + """
import asyncio
import os
import signal
import time

import flyte

env = flyte.TaskEnvironment("far")


def wait_for(name):
    while not os.path.exists(name):
        time.sleep(0.005)


@env.task
def work(x: int) -> int:
    effect(f"start {x}")
    with open(f"pid-{x}", "w") as file:
        file.write(str(os.getpid()))
    wait_for("go")
    effect(f"end {x}")
    return x * x


@env.task
async def main(n: int) -> list[int]:
    return await asyncio.gather(*[work.aio(x) for x in range(n)])


@env.task(timeout=1, retries=1)
def stops(x: int) -> int:
    first = not os.path.exists("stopped")
    if first:
        with open("stopped", "w") as file:
            file.write(str(os.getpid()))
        os.kill(os.getpid(), signal.SIGSTOP)
    effect("first" if first else "second")
    return 1 if first else 2


@env.task
async def replaced() -> int:
    return await stops.aio(0)


@env.task
def dies(x: int) -> int:
    effect(f"dies {x}")
    os.kill(os.getpid(), signal.SIGKILL)
    return x


@env.task
async def never() -> int:
    return await dies.aio(1)


@env.task(timeout=0.3)
def hangs(x: int) -> int:
    with open("hanging", "w") as file:
        file.write(str(os.getpid()))
    while True:
        try:
            time.sleep(60)
        except BaseException:
            pass


@env.task
async def late() -> str:
    try:
        return str(await hangs.aio(1))
    except flyte.errors.TaskTimeoutError as error:
        return f"{type(error).__name__}: {error}"
"""
)


@dataclass(frozen=True)
class Far:
    """The program above, in a folder of its own."""

    program: Program

    @property
    def folder(self) -> Path:
        return self.program.folder

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        """Start the driver; its output goes to files, which a worker that lives on may hold."""
        environment = {**os.environ, "FLYTE_STORE": str(self.folder / "store")}
        with (self.folder / "out").open("wb") as out, (self.folder / "err").open("wb") as err:
            return subprocess.Popen(
                [sys.executable, "-c", "from flyte.cli import main; main()", *words],
                cwd=self.folder,
                env=environment,
                stdout=out,
                stderr=err,
            )

    def start_run(self, task: str, *words: str) -> subprocess.Popen[bytes]:
        return self.start(
            "run", "--executor", "process", "--workers", "2", "--name", "r", "main.py", task, *words
        )

    def resume(self) -> dict[str, Any]:
        """Resume the run, to its end."""
        driver = self.start("-of", "json", "resume", "r")
        assert driver.wait(60) == 0, self.errors()
        report: dict[str, Any] = json.loads((self.folder / "out").read_text())
        return report

    def wait_for(self, *effects: str) -> None:
        """Wait until the program has done that."""
        self.until(lambda: all(self.program.effects()[effect] for effect in effects))

    def until(self, holds: Any) -> None:
        end = time.monotonic() + 30
        while not holds():
            assert time.monotonic() < end, self.errors()
            time.sleep(0.005)

    def go(self) -> None:
        """Let the children end."""
        (self.folder / "go").touch()

    def pid(self, name: str) -> int:
        """A process's number, written by itself into that file."""
        file = self.folder / name
        self.until(lambda: file.exists() and file.read_text())
        return int(file.read_text())

    def errors(self) -> str:
        return (self.folder / "err").read_text()


def kill(driver: subprocess.Popen[bytes]) -> None:
    """End a driver as a power cut would, and nobody else."""
    driver.send_signal(signal.SIGKILL)
    driver.wait()


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state != "Z"


def outputs_of_run(program: Program, executor: str, task: str, *words: str) -> Any:
    """What a task gives in an executor."""
    ran = program.run(
        "-of", "json", "run", "--executor", executor, "--name", "same", "main.py", task, *words
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)["outputs"]["o0"]
