"""Kills drivers alone while their children run in workers, resumes them, and counts starts.

    python tests/faults/adoption_campaign.py [--times N] [--seed N]

Held to: each child is started once, whether it ends before its driver is resumed, while that
starts, or while it waits; and no child is left running. Exit code 1 when something was found.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from forks import flyte

CHILDREN = 2
PROGRAM = """
import asyncio
import os
import time

import flyte

env = flyte.TaskEnvironment("adopted")


def effect(text):
    handle = os.open("effects", os.O_CREAT | os.O_WRONLY | os.O_APPEND)
    os.write(handle, (text + "\\n").encode())
    os.close(handle)


@env.task
def work(x: int) -> int:
    effect(f"start {x}")
    while not os.path.exists("go"):
        time.sleep(0.002)
    effect(f"end {x}")
    return x * x


@env.task
async def main(n: int) -> list[int]:
    return await asyncio.gather(*[work.aio(x) for x in range(n)])
"""
RUN = (
    "run --no-progress --executor process --workers 2 --name r main.py main --n".split()  # noqa: SIM905 - as typed
)


def effects(folder: Path) -> Counter[str]:
    """What the children did."""
    log = folder / "effects"
    return Counter(log.read_text().splitlines() if log.exists() else [])


def kill_when_started(folder: Path) -> None:
    """Start a run, and kill its driver once all children run."""
    sys.stdout.flush()
    child = os.fork()
    if child == 0:
        flyte_here(folder)
    end = time.monotonic() + 30
    while sum(key.startswith("start") for key in effects(folder)) < CHILDREN:
        assert time.monotonic() < end, (folder / "errors").read_text()
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)


def flyte_here(folder: Path) -> None:
    """Become the driver."""
    from forks import _become

    _become(folder, (*RUN, str(CHILDREN)), None)


def try_once(folder: Path, pause: float) -> list[str]:
    """One run, killed and resumed; what was wrong. The children end so long after the kill."""
    (folder / "main.py").write_text(PROGRAM)
    kill_when_started(folder)
    timer = threading.Timer(pause, (folder / "go").touch)
    timer.start()
    ended = flyte(folder, "-of", "json", "resume", "r")
    timer.join()
    faults = []
    if ended.code != 0:
        return [f"exit {ended.code}\n{ended.errors}{ended.output}"]
    if ended.result != [x * x for x in range(CHILDREN)]:
        faults.append(f"gave {ended.result}")
    done = effects(folder)
    if any(count != 1 for count in done.values()) or len(done) != 2 * CHILDREN:
        faults.append(f"did {dict(done)}\n{ended.errors}")
    return faults


def main() -> int:
    """Run the campaign; the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--times", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    choose, faults, began = random.Random(options.seed), 0, time.monotonic()
    for _ in range(options.times):
        pause = choose.choice((0.0, choose.uniform(0, 0.1), choose.uniform(0, 0.5)))
        with tempfile.TemporaryDirectory(prefix="adoption-") as name:
            for fault in try_once(Path(name), pause):
                faults += 1
                print(f"children end {pause:.3f} s after the kill: {fault}", flush=True)
    seconds = time.monotonic() - began
    children = options.times * CHILDREN - faults
    print(
        f"{options.times} drivers killed, {children} children started once, "
        f"{faults} faults, {seconds:.0f} s"
    )
    return 1 if faults else 0


if __name__ == "__main__":
    os.environ.pop("FLYTE_STORE", None)
    raise SystemExit(main())
