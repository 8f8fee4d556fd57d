from __future__ import annotations

import importlib
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import flyte

sys.path.insert(0, str(Path(__file__).parent / "vendored"))

if TYPE_CHECKING:
    from ._generated import Schema

env = flyte.TaskEnvironment("generated")


def plugin(name: str):
    return importlib.import_module(f"plugins.{name}")


@env.task
async def size(text: str) -> int:
    return len(text)


@env.task
async def main(text: str, name: str = "") -> int:
    found: Schema | None = None
    if name:
        found = plugin(name).load()
    return await size(text) + (found.size if found else 0)
