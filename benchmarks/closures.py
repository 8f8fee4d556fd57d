"""What the source closure of one task costs, cold and from the cache.

    python benchmarks/closures.py [RUNS]

The program is about 2,000 lines of Python's own library beside a task that uses them. Each figure
is the best of RUNS, and its ratio to `ast.parse` of the same text in the same run.
"""

from __future__ import annotations

import ast
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from flyte_plan.closure import Sources, closure_of

LIBRARY = ("argparse.py",)
APP = """
import flyte
import argparse

env = flyte.TaskEnvironment("bench")


@env.task
def main(line: str) -> str:
    return str(argparse.ArgumentParser().parse_args(line.split()))
"""


def best(runs: int, work: Callable[[], object]) -> float:
    """Milliseconds."""
    times = []
    for _ in range(runs):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return min(times) * 1_000


def code_lines(text: str) -> int:
    return sum(1 for line in text.splitlines() if line.strip() and line.strip()[0] != "#")


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 15
    library = Path(ast.__file__).parent
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        cache = root / "cache"
        texts = [APP, *((library / file).read_text() for file in LIBRARY)]
        for file, text in zip(("app.py", *LIBRARY), texts, strict=True):
            (root / file).write_text(text)

        def closure(cache: Path | None) -> object:
            return closure_of("app", "main", Sources(roots=(root,), cache=cache))

        closure(cache)
        parse = best(runs, lambda: [ast.parse(text) for text in texts])
        cold, warm = best(runs, lambda: closure(None)), best(runs, lambda: closure(cache))
        lines = sum(map(code_lines, texts))
    print(f"{lines} lines of code, Python {sys.version.split()[0]}")
    for label, figure in (("ast.parse", parse), ("cold", cold), ("warm", warm)):
        print(f"{label:>10} {figure:7.1f} ms {figure / parse:6.2f} x")


if __name__ == "__main__":
    main()
