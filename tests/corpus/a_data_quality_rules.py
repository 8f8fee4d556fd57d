# drivers: run_rules, profile_table, gate, nightly_gate
"""Data quality gate: a table of (rule name -> task), severities, and quarantine."""
import asyncio
import logging
from collections import Counter
from dataclasses import dataclass
from enum import IntEnum, auto
from functools import partial

import flyte
from flyte.io import DataFrame

LOGGER = logging.getLogger("dq")
env = flyte.TaskEnvironment("dq", resources=flyte.Resources(cpu=2, memory="4Gi"))


class Severity(IntEnum):
    INFO = auto()
    WARN = auto()
    BLOCK = auto()


@dataclass
class Finding:
    rule: str
    column: str
    severity: Severity
    count: int = 0


class GateClosed(Exception):
    pass


@env.task
async def not_null(df: DataFrame, column: str) -> int:
    return 0


@env.task
async def unique(df: DataFrame, column: str) -> int:
    return 0


@env.task
async def in_range(df: DataFrame, column: str, lo: float, hi: float) -> int:
    return 0


@env.task
async def column_summary(df: DataFrame, column: str) -> dict[str, float]:
    return {"mean": 0.0}


@env.task
async def quarantine(df: DataFrame, reason: str) -> str:
    return f"s3://quarantine/{reason}"


@env.task
async def load(table: str) -> DataFrame:
    ...


RULES = {
    "not_null": (not_null, Severity.BLOCK),
    "unique": (unique, Severity.BLOCK),
    "price": (partial(in_range, lo=0.0, hi=1e6), Severity.WARN),
}


@env.task
async def run_rules(df: DataFrame, plan: dict[str, list[str]]) -> list[Finding]:
    jobs, meta = [], []
    for column, rules in plan.items():
        for rule in rules:
            check, severity = RULES[rule]
            jobs.append(check(df, column=column))
            meta.append((rule, column, severity))
    counts = await asyncio.gather(*jobs)
    return [Finding(*m, count=c) for m, c in zip(meta, counts) if c]


@env.task
async def profile_table(table: str, columns: list[str]) -> dict[str, dict[str, float]]:
    df = await load(table)
    return {c: await column_summary(df, c) for c in columns}


@env.task
async def gate(table: str, plan: dict[str, list[str]], strict: bool = False) -> bool:
    df = await load(table)
    findings = await run_rules(df, plan)
    by_severity = Counter(f.severity for f in findings)
    limit = Severity.WARN if strict else Severity.BLOCK
    blocking = [f for f in findings if f.severity >= limit]
    if not blocking:
        LOGGER.info("%s passed (%s)", table, dict(by_severity))
        return True
    where = await quarantine(df, reason=blocking[0].rule)
    LOGGER.error("%s quarantined at %s", table, where)
    raise GateClosed(f"{table}: {len(blocking)} blocking findings")


@env.task
async def nightly_gate(tables: dict[str, dict[str, list[str]]]) -> list[str]:
    closed = []
    for table, plan in tables.items():
        try:
            await gate(table, plan)
        except GateClosed as exc:
            LOGGER.warning("%s", exc)
            closed.append(table)
        else:
            summary = await profile_table(table, list(plan))
            LOGGER.info(f"{table}: {summary}")
        finally:
            LOGGER.info("done with %s", table)
    return closed
