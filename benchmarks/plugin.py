"""What the mypy plugin costs: a program of 1,000 lines with it and without, in processor time.

    python benchmarks/plugin.py [--rounds 5]

*cold* checks everything, the standard library's stubs too; *edited* checks the program alone
again; *warm* has nothing to check. The least of the rounds, in turns, since other work only adds.
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

from mypy.version import __version__ as mypy_version

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "compiler")]

from flyte_compiler.typecheck.stubs import stubs_folder  # noqa: E402 - the checkout's

LINES = 1_000
LIMIT = 1.1
_HEAD = """\
import asyncio
from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("bench")


@dataclass
class Row:
    key: str
    value: float
"""
_BLOCK = '''

@env.task
def load_{n}(day: int, *, limit: int = 10) -> list[Row]:
    """Rows of a day."""
    rows: list[Row] = []
    for number in range(limit):
        key = f"{{day}}-{{number}}"
        if number % 2 == 0:
            rows.append(Row(key, float(number)))
        else:
            rows.append(Row(key.upper(), number / 2))
    return sorted(rows, key=lambda row: (row.value, row.key))


@env.task(retries=2)
async def total_{n}(rows: list[Row], scale: float = 1.0) -> float:
    by_key: dict[str, list[float]] = {{}}
    for row in rows:
        by_key.setdefault(row.key[:2], []).append(row.value * scale)
    sums = {{key: sum(values) for key, values in by_key.items()}}
    return max(sums.values(), default=0.0)


@env.task
async def main_{n}(days: list[int]) -> dict[str, float]:
    loaded = await asyncio.gather(*[load_{n}.aio(day, limit=5) for day in days])
    totals = await asyncio.gather(*[total_{n}(rows, scale=2.0) for rows in loaded])
    best = await total_{n}.override(retries=3)(loaded[0])
    mapped = [rows async for rows in flyte.map.aio(load_{n}, days, concurrency=4)]
    longest = max(mapped, key=len)
    return {{"best": best, "sum": sum(totals), "longest": float(len(longest))}}
'''


def program() -> str:
    """About `LINES` lines: tasks, and drivers with calls, gathers, overrides and maps."""
    text, number = _HEAD, 0
    while text.count("\n") < LINES:
        text += _BLOCK.format(n=number)
        number += 1
    return text


def configuration(*, with_plugin: bool) -> str:
    """A mypy.ini."""
    plugin = "plugins = flyte_compiler.mypy_plugin\n" if with_plugin else ""
    return f"[mypy]\nstrict = true\nmypy_path = {stubs_folder()}\n{plugin}"


def seconds(folder: Path) -> float:
    """Of processor time for one run; it must find nothing."""
    before = _spent()
    command = [sys.executable, "-m", "mypy", "--config-file=mypy.ini", "main.py"]
    environment = os.environ | {"PYTHONPATH": str(ROOT / "compiler")}
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stdout + done.stderr)
    return _spent() - before


def _spent() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def one_round(folder: Path) -> Iterator[tuple[str, float]]:
    """Cold, warm, and after an edit."""
    shutil.rmtree(folder / ".mypy_cache", ignore_errors=True)
    yield "cold", seconds(folder)
    yield "warm", seconds(folder)
    source = folder / "main.py"
    source.write_text(f"{source.read_text()}\nedited = 1\n")
    yield "edited", seconds(folder)


def measure(rounds: int) -> Mapping[tuple[str, bool], float]:
    """The least seconds by kind, with the plugin and without."""
    least: dict[tuple[str, bool], float] = {}
    with tempfile.TemporaryDirectory() as name:
        for _ in range(rounds):
            for with_plugin in (False, True):
                folder = Path(name) / str(with_plugin)
                folder.mkdir(exist_ok=True)
                (folder / "main.py").write_text(program())
                (folder / "mypy.ini").write_text(configuration(with_plugin=with_plugin))
                for kind, spent in one_round(folder):
                    key = (kind, with_plugin)
                    least[key] = min(spent, least.get(key, spent))
    return least


def main() -> None:
    """Print the table; 1 where the plugin costs more than it may."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds: int = parser.parse_args().rounds
    least = measure(rounds)
    count = program().count("\n")
    print(f"mypy {mypy_version}, {count} lines, the least of {rounds} rounds, processor seconds\n")
    print("| | without | with | ratio |\n|---|---|---|---|")
    ratios = []
    for kind in ("cold", "edited", "warm"):
        without, with_it = least[kind, False], least[kind, True]
        ratios.append(with_it / without)
        print(f"| {kind} | {without:.2f} | {with_it:.2f} | {ratios[-1]:.2f} |")
    sys.exit(1 if ratios[0] > LIMIT else 0)


if __name__ == "__main__":
    main()
