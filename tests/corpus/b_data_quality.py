# drivers: check_table, check_all_tables, quality_gate
"""Data quality checks over warehouse tables. Checks are tasks held in a list of (name, task, severity)."""
import asyncio
import logging
from dataclasses import dataclass, field
from enum import IntEnum

import flyte
import flyte.io
import polars as pl

log = logging.getLogger(__name__)
env = flyte.TaskEnvironment(
    name="dq",
    image=flyte.Image.from_debian_base().with_pip_packages("polars", "pyarrow"),
    resources=flyte.Resources(cpu=1, memory="2Gi"),
)


class Severity(IntEnum):
    INFO = 0
    WARN = 1
    FAIL = 2


@dataclass
class Finding:
    table: str
    check: str
    severity: Severity
    detail: str


@dataclass
class TableReport:
    table: str
    rows: int
    findings: list[Finding] = field(default_factory=list)

    @property
    def worst(self) -> Severity:
        return max((f.severity for f in self.findings), default=Severity.INFO)


@env.task(retries=2)
async def load_table(name: str) -> flyte.io.DataFrame:
    return flyte.io.DataFrame.from_df(pl.read_parquet(f"s3://warehouse/{name}/*.parquet"))


@env.task
async def row_count(df: flyte.io.DataFrame) -> int:
    return (await df.open(pl.DataFrame).all()).height


@env.task
async def nulls(df: flyte.io.DataFrame) -> str | None:
    frame = await df.open(pl.DataFrame).all()
    bad = [c for c in frame.columns if frame[c].null_count() > 0.1 * frame.height]
    return f"too many nulls in {bad}" if bad else None


@env.task
async def duplicates(df: flyte.io.DataFrame) -> str | None:
    frame = await df.open(pl.DataFrame).all()
    n = int(frame.is_duplicated().sum())
    return f"{n} duplicates" if n else None


@env.task
async def freshness(df: flyte.io.DataFrame) -> str | None:
    return None


CHECKS = [
    ("nulls", nulls, Severity.WARN),
    ("duplicates", duplicates, Severity.FAIL),
    ("freshness", freshness, Severity.WARN),
]


@env.task
async def check_table(name: str, min_rows: int = 1) -> TableReport:
    df = await load_table(name)
    n = await row_count(df)
    report = TableReport(table=name, rows=n)
    if n < min_rows:
        report.findings.append(Finding(name, "rows", Severity.FAIL, f"{n} < {min_rows}"))
        return report
    details = await asyncio.gather(*[check(df) for _, check, _ in CHECKS], return_exceptions=True)
    for (check_name, _, severity), detail in zip(CHECKS, details):
        if isinstance(detail, Exception):
            log.error("%s crashed on %s: %r", check_name, name, detail)
            report.findings.append(Finding(name, check_name, Severity.WARN, repr(detail)))
        elif detail:
            report.findings.append(Finding(name, check_name, severity, detail))
    return report


@env.task
async def check_all_tables(tables: dict[str, int]) -> list[TableReport]:
    return list(await asyncio.gather(*(check_table(t, min_rows=m) for t, m in tables.items())))


@env.task
async def page_oncall(text: str) -> None:
    print("PAGE:", text)


@env.task
async def quality_gate(tables: dict[str, int]) -> bool:
    reports = await check_all_tables(tables)
    if any((bad := r).worst >= Severity.FAIL for r in reports):
        await page_oncall(f"{bad.table}: {bad.findings[0].detail}")
        return False
    warned = [r.table for r in reports if Severity.INFO < r.worst < Severity.FAIL]
    if warned:
        log.warning("warnings in %s", ", ".join(warned))
    return True


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(quality_gate, tables={"orders": 1000, "customers": 10})
