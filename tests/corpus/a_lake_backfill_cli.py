# drivers: build_partition, backfill_range, backfill_missing, verify
"""Backfill driver with a proper command line.

Usage:
    a_lake_backfill_cli.py range 2024-01-01 2024-02-01 --table sessions
    a_lake_backfill_cli.py missing --table sessions
"""
import argparse
import asyncio
import datetime
import enum
import logging
import os
import sys
from typing import Any, Dict, List, Mapping, Optional

import flyte
import flyte.errors
import yaml

logger = logging.getLogger("backfill")

with_defaults: Dict[str, Any] = {"parallel": 7, "memory": "4Gi", "on_error": "continue"}


def load_config(path: Optional[str] = os.environ.get("BACKFILL_CONFIG")) -> Mapping[str, Any]:
    if path is None or not os.path.exists(path):
        return with_defaults
    with open(path) as fh:
        return {**with_defaults, **yaml.safe_load(fh)}


CFG = load_config()

env = flyte.TaskEnvironment(
    name="backfill",
    resources=flyte.Resources(cpu=1, memory=CFG["memory"]),
    image=flyte.Image.from_debian_base().with_pip_packages("pyyaml", "duckdb"),
)


class OnError(enum.Enum):
    STOP = "stop"
    CONTINUE = "continue"
    RETRY_BIG = "retry_big"


@env.task
async def upstream_ready(table: str, day: datetime.date) -> bool:
    return True


@env.task
async def compute(table: str, day: datetime.date) -> str:
    return f"s3://lake/{table}/{day}"


@env.task
async def register(table: str, day: datetime.date, uri: str) -> None:
    logger.info("registered %s %s", table, uri)


@env.task
async def existing(table: str) -> List[datetime.date]:
    return []


@env.task
async def checksum(uri: str) -> str:
    return "0"


@env.task
async def build_partition(table: str, day: datetime.date, wait_minutes: int = 30) -> Optional[str]:
    waited = 0
    while not await upstream_ready(table, day):
        if waited >= wait_minutes:
            logger.warning("%s %s: upstream not there after %d min", table, day, waited)
            return None
        await asyncio.sleep(60)
        waited += 1
    uri = await compute(table, day)
    await register(table, day, uri)
    return uri


def date_range(start: datetime.date, end: datetime.date) -> List[datetime.date]:
    return [start + datetime.timedelta(days=i) for i in range((end - start).days)]


@env.task
async def backfill_range(table: str, start: datetime.date, end: datetime.date, on_error: OnError = OnError.CONTINUE) -> Dict[str, str]:
    if start >= end:
        raise ValueError("start must be before end")
    built: Dict[str, str] = {}
    for week in [date_range(start, end)[i : i + CFG["parallel"]] for i in range(0, (end - start).days, CFG["parallel"])]:
        outcomes = await asyncio.gather(*[build_partition(table, d) for d in week], return_exceptions=True)
        for day, outcome in zip(week, outcomes):
            if isinstance(outcome, flyte.errors.OOMError) and on_error is OnError.RETRY_BIG:
                bigger = build_partition.override(resources=flyte.Resources(cpu=4, memory="64Gi"))
                outcome = await bigger(table, day)
            elif isinstance(outcome, BaseException):
                if on_error is OnError.STOP:
                    raise RuntimeError(f"{table}/{day}") from outcome
                logger.error("%s/%s: %s", table, day, outcome)
                continue
            if outcome is not None:
                built[day.isoformat()] = outcome
    return built


@env.task
async def backfill_missing(table: str, days: int = 30, today: Optional[datetime.date] = None) -> int:
    today = today or datetime.date.today()
    have = set(await existing(table))
    n = 0
    for day in date_range(today - datetime.timedelta(days=days), today):
        if day in have:
            continue
        n += (await build_partition(table, day)) is not None
    return n


@env.task
async def verify(table: str, start: datetime.date, end: datetime.date) -> List[str]:
    """Days whose stored and recomputed checksums differ."""
    bad = []
    for day in date_range(start, end):
        stored, fresh = await asyncio.gather(checksum(f"s3://lake/{table}/{day}"), checksum(await compute(table, day)))
        if stored != fresh:
            bad.append(day.isoformat())
    return bad


def main(argv: Optional[List[str]] = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    sub = parser.add_subparsers(dest="cmd", required=True)
    r = sub.add_parser("range")
    r.add_argument("start", type=datetime.date.fromisoformat)
    r.add_argument("end", type=datetime.date.fromisoformat)
    m = sub.add_parser("missing")
    for p in (r, m):
        p.add_argument("--table", required=True)
    args = parser.parse_args(argv)
    flyte.init_from_config()
    if args.cmd == "range":
        run = flyte.run(backfill_range, args.table, args.start, args.end)
    else:
        run = flyte.with_runcontext(name=f"missing-{args.table}").run(backfill_missing, table=args.table)
    print(run.url)
    return 0


if __name__ == "__main__":
    sys.exit(main())
