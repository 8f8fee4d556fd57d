# drivers: convert, convert_all, run_named, make_scaler.<locals>.scale_all
"""File conversion with dispatch on the file suffix, plus a task factory."""
import asyncio
import os
import sys
from pathlib import PurePosixPath

import flyte

env = flyte.TaskEnvironment(name="convert")
_HANDLERS = {}


def handles(*suffixes):
    """Class-less plug-in registry: remembers which task takes which suffix."""

    def register(task):
        for s in suffixes:
            _HANDLERS[s] = task
        return task

    return register


@handles(".csv", ".tsv")
@env.task
async def from_csv(path: str) -> str:
    return path + ".parquet"


@handles(".json", ".jsonl")
@env.task
async def from_json(path: str) -> str:
    return path + ".parquet"


@handles(".xlsx")
@env.task
async def from_excel(path: str) -> str:
    return path + ".parquet"


@env.task
async def copy(path: str) -> str:
    return path


@env.task
async def scale(value: float, by: float) -> float:
    return value * by


@env.task
async def convert(path: str) -> str:
    handler = _HANDLERS.get(PurePosixPath(path).suffix, copy)
    return await handler(path)


@env.task
async def convert_all(paths: list[str], skip_hidden: bool = True) -> dict[str, str]:
    wanted = [p for p in paths if not (skip_hidden and os.path.basename(p).startswith("."))]
    return dict(zip(wanted, await asyncio.gather(*[convert(p) for p in wanted])))


@env.task
async def run_named(name: str, path: str) -> str:
    """Ops escape hatch: run any of the from_* tasks by its name."""
    task = getattr(sys.modules[__name__], f"from_{name}", None)
    if task is None:
        raise ValueError(name)
    return await task(path)


def make_scaler(by: float):
    @env.task
    async def scale_all(values: list[float]) -> list[float]:
        return list(await asyncio.gather(*[scale(v, by) for v in values]))

    return scale_all


double = make_scaler(2.0)

if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(convert_all, paths=sys.argv[1:])
