"""Reads JSON of unknown shape: `Any` is honest here."""

import json
from typing import Any

import flyte

env = flyte.TaskEnvironment("records")


@env.task
async def parse(text: str) -> dict[str, Any]:
    return json.loads(text)


@env.task
async def flatten(record: dict[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in record.items():
        if isinstance(value, dict):
            flat.update(await flatten(value, f"{prefix}{key}."))
        else:
            flat[prefix + key] = str(value)
    return flat


@env.task
async def main(texts: list[str]) -> list[dict[str, str]]:
    rows = []
    for text in texts:
        record = await parse(text)
        if record.get("deleted"):
            continue
        rows.append(await flatten(record))
    return rows
