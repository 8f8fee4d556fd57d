"""Rows as TypedDict and NamedTuple."""

from typing import NamedTuple, TypedDict

import flyte

env = flyte.TaskEnvironment("rows")


class Row(TypedDict):
    id: int
    name: str
    tags: list[str]


class Summary(NamedTuple):
    rows: int
    tags: int


@env.task
async def make_rows(n: int) -> list[Row]:
    return [{"id": i, "name": f"row {i}", "tags": ["even"] if i % 2 == 0 else []} for i in range(n)]


@env.task
async def keep(rows: list[Row], tag: str) -> list[Row]:
    return [row for row in rows if tag in row["tags"]]


@env.task
async def summarise(rows: list[Row]) -> Summary:
    return Summary(len(rows), sum(len(row["tags"]) for row in rows))


@env.task
async def main(n: int = 5) -> str:
    rows = await make_rows(n)
    rows = await keep(rows, "even")
    summary = await summarise(rows)
    count, tags = summary
    return f"{count} rows, {tags} tags, first {rows[0]['name'] if rows else None}"
