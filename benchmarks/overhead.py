"""What an action costs: microseconds each, and as a ratio to bare asyncio in the same run.

    python benchmarks/overhead.py [ROUNDS]

The tasks do nothing, so all of it is ours: ids, records in the journal, the hand-over of values.
Ours and bare asyncio take turns, and the medians are compared: a busy machine slows both alike.
"""

from __future__ import annotations

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FAN_OUT = 10_000
CHAIN = 1_000
WRITTEN_OUT = 200

PROGRAM = """
import asyncio

import flyte

env = flyte.TaskEnvironment("overhead")


@env.task
async def nothing(x: int) -> int:
    return x


@env.task
async def fan_out(n: int) -> None:
    await asyncio.gather(*[nothing(x) for x in range(n)])


@env.task
async def chain(n: int) -> None:
    x = 0
    for _ in range(n):
        x = await nothing(x)


@env.task
async def written_out() -> None:
    await asyncio.gather(
        {calls}
    )
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """One shape of calls, ours and bare."""

    name: str
    actions: int
    ours: Callable[[], object]
    bare: Callable[[], Coroutine[Any, Any, None]]


async def nothing(x: int) -> int:
    """What a task without a body is to asyncio."""
    return x


async def bare_fan_out(n: int) -> None:
    """The floor of a fan-out."""
    await asyncio.gather(*[nothing(x) for x in range(n)])


async def bare_chain(n: int) -> None:
    """The floor of a chain; each call is a task of the loop, as each of ours may wait."""
    x = 0
    for _ in range(n):
        x = await asyncio.create_task(nothing(x))


def measures(folder: Path) -> tuple[Measure, ...]:
    """Write the program and its plan into `folder`; what there is to measure."""
    from flyte._load import load_module, tasks_of  # after FLYTE_STORE is set

    file = folder / "overhead_program.py"
    calls = "\n        ".join(f"nothing({x})," for x in range(WRITTEN_OUT))
    file.write_text(PROGRAM.format(calls=calls), encoding="utf-8")
    plan = compiled(file)
    tasks = tasks_of(load_module(file))

    def ours(name: str, arguments: Mapping[str, object], plan: bytes | None) -> object:
        from flyte._run import RunOptions, start

        options = RunOptions(plan=plan, source=file if plan is not None else None)
        return start(tasks[f"overhead.{name}"], arguments, options)

    def measure(name: str, shape: str, n: int, plan: bytes | None = None) -> Measure:
        arguments = {"n": n} if shape != "written_out" else {}
        return Measure(
            name=name,
            actions=n,
            ours=lambda: ours(shape, arguments, plan),
            bare=lambda: bare_chain(n) if shape == "chain" else bare_fan_out(n),
        )

    return (
        measure(f"fan-out of {FAN_OUT:,}", "fan_out", FAN_OUT),
        measure(f"chain of {CHAIN:,}", "chain", CHAIN),
        measure(f"gather of {WRITTEN_OUT}, as Python", "written_out", WRITTEN_OUT),
        measure(f"gather of {WRITTEN_OUT}, from a plan", "written_out", WRITTEN_OUT, plan),
    )


def compiled(file: Path) -> bytes:
    """The plan of a program, as the command writes it."""
    start = "from flyte_compiler.cli import main; main()"
    subprocess.run(
        [sys.executable, "-c", start, file.name, "-o", "."],
        cwd=file.parent,
        check=True,
        capture_output=True,
    )
    return file.with_suffix(".plan.json").read_bytes()


def seconds(call: Callable[[], object]) -> float:
    """How long one call takes."""
    started = time.perf_counter()
    call()
    return time.perf_counter() - started


def show(measure: Measure, rounds: int) -> None:
    """Measure in turns, after one round to warm up, and print a row."""
    measure.ours()
    ours, bare = [], []
    for _ in range(rounds):
        ours.append(seconds(measure.ours))
        bare.append(seconds(lambda: asyncio.run(measure.bare())))
    each = statistics.median(ours) / measure.actions * 1e6
    floor = statistics.median(bare) / measure.actions * 1e6
    print(f"{measure.name:<28} {each:8.1f} µs  {floor:6.1f} µs bare  {each / floor:6.1f} ×")


def main(rounds: int) -> None:
    """Measure everything in a store of its own."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["FLYTE_STORE"] = str(folder / "store")
        for measure in measures(folder):
            show(measure, rounds)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
