"""How much of the machine CPU-bound tasks use: ours beside `multiprocessing.Pool`, same run.

    python benchmarks/workers.py [ROUNDS] [TASKS]

Each task computes for 100 ms of processor time, so what others take of the machine lengthens
nothing but the wall clock, and that of both alike. The ideal is all tasks' time over the
processors. Each measurement is a process of its own: start-up is in it, of workers too, but not
what comes before `flyte.run`, or before the pool is made.
"""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

TASKS = 64
SECONDS = 0.1

BODY = """
import multiprocessing
import os
import sys
import time


def burn(x):
    end = time.thread_time() + {seconds}
    while time.thread_time() < end:
        sum(range(1000))
    return x
"""

OURS = (
    BODY
    + """
import asyncio

import flyte

env = flyte.TaskEnvironment("burning")


@env.task
def one(x: int) -> int:
    end = time.thread_time() + {seconds}
    while time.thread_time() < end:
        sum(range(1000))
    return x


@env.task
async def fan_out(n: int) -> list[int]:
    return await asyncio.gather(*[one.aio(x) for x in range(n)])


@env.task
def mapped(n: int) -> list[int]:
    return list(flyte.map(one, range(n)))


if __name__ == "__main__":
    from flyte._run import RunOptions, start

    how, count = sys.argv[1], int(sys.argv[2])
    executor, _, task = how.partition(" ")
    began = time.monotonic()
    given = start(globals()[task], {{"n": count}}, RunOptions(executor=executor)).outputs().o0
    took = time.monotonic() - began
    assert given == list(range(count))
    print(took)
"""
)

POOL = (
    BODY
    + """
if __name__ == "__main__":
    how, count = sys.argv[1], int(sys.argv[2])
    began = time.monotonic()
    # In sessions of their own, as ours are: some kernels share a busy machine out by session.
    context = multiprocessing.get_context(how)
    with context.Pool({processors}, initializer=os.setsid) as pool:
        given = pool.map(burn, range(count), chunksize=1)
    took = time.monotonic() - began
    assert given == list(range(count))
    print(took)
"""
)

WAYS = (
    ("multiprocessing.Pool, spawn", POOL, "spawn"),
    ("multiprocessing.Pool, fork", POOL, "fork"),
    ("auto: gather of .aio", OURS, "auto fan_out"),
    ("auto: flyte.map", OURS, "auto mapped"),
    ("process: gather of .aio", OURS, "process fan_out"),
)


def seconds(folder: Path, source: str, how: str, tasks: int) -> float:
    """What one way takes, in a process of its own."""
    file = folder / "burning_program.py"
    file.write_text(source.format(seconds=SECONDS, processors=processors()), encoding="utf-8")
    ran = subprocess.run(
        [sys.executable, file.name, how, str(tasks)],
        cwd=folder,
        env={**os.environ, "FLYTE_STORE": str(folder / "store")},
        check=True,
        capture_output=True,
        text=True,
    )
    return float(json.loads(ran.stdout))


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0))


def main(rounds: int, tasks: int) -> None:
    """Measure in turns: a busy machine slows all alike."""
    ideal = tasks * SECONDS / processors()
    took: dict[str, list[float]] = {name: [] for name, _, _ in WAYS}
    with tempfile.TemporaryDirectory() as name:
        for _ in range(rounds):
            for way, source, how in WAYS:
                took[way].append(seconds(Path(name), source, how, tasks))
    print(f"{tasks} tasks of {SECONDS:g} s on {processors()} processors; ideal {ideal:.2f} s")
    floor = statistics.median(took[WAYS[0][0]])
    for way, times in took.items():
        median = statistics.median(times)
        print(
            f"{way:<28} {median:6.2f} s  (best {min(times):5.2f})  "
            f"{ideal / median:5.2f} of the ideal (best {ideal / min(times):4.2f})  "
            f"{floor / median:5.2f} of the pool's"
        )


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [3, TASKS][len(given) :]))
