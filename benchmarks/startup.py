"""How long it takes to start: `import flyte` and both `--help`, as whole processes.

    python benchmarks/startup.py [ROUNDS]

Prints the median and the best of each in milliseconds, and the median as a ratio to the bare
interpreter, measured in the same rounds: a busy machine slows all of them alike.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from collections.abc import Sequence

BARE = "the bare interpreter"
COMMANDS: dict[str, Sequence[str]] = {
    BARE: ("-c", "pass"),
    "import flyte": ("-c", "import flyte"),
    "flyte --help": (
        "-c",
        "import sys; sys.argv[1:] = ['--help']; import flyte.cli as c; c.main()",
    ),
    "flyte-compile --help": (
        "-c",
        "import sys; sys.argv[1:] = ['--help']; import flyte_compiler.cli as c; c.main()",
    ),
}


def measure(arguments: Sequence[str]) -> float:
    """One process from start to end, in milliseconds."""
    started = time.perf_counter()
    subprocess.run([sys.executable, *arguments], stdout=subprocess.DEVNULL, check=True)
    return (time.perf_counter() - started) * 1000


def main(rounds: int) -> None:
    """Measure in turns and print the table."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for _ in range(rounds):
        for name, arguments in COMMANDS.items():
            times[name].append(measure(arguments))
    bare = statistics.median(times[BARE])
    for name, measured in times.items():
        median = statistics.median(measured)
        best = min(measured)
        print(f"{name:<22} {median:7.1f} ms  best {best:7.1f} ms  {median / bare:5.1f} ×")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 11)
