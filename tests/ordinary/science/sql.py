"""Queries against a database, in leaves."""

import sqlite3
from contextlib import closing

import flyte
from flyte.io import File

env = flyte.TaskEnvironment("sql")

SCHEMA = """
create table if not exists readings (day text, value real);
"""


@env.task
def fill(rows: list[tuple[str, float]]) -> File:
    with closing(sqlite3.connect("readings.db")) as connection, connection:
        connection.executescript(SCHEMA)
        connection.executemany("insert into readings values (?, ?)", rows)
    return File.from_local_sync("readings.db")


@env.task
def query(database: File, sql: str) -> list[tuple[str, float]]:
    path = database.download_sync()
    with closing(sqlite3.connect(path)) as connection:
        return [(str(day), float(value)) for day, value in connection.execute(sql)]


@env.task
def main(rows: list[tuple[str, float]]) -> dict[str, float]:
    database = fill(rows)
    found = query(database, "select day, avg(value) from readings group by day order by day")
    return dict(found)
