# drivers: load_dimension, load_facts, build_mart, full_refresh
"""A wholly synchronous ETL; our analysts don't write async."""
import csv
import io
import logging
import os
import tempfile
import time
from functools import partial
from typing import Dict, List, Tuple

import flyte
import requests

logging.basicConfig(format="%(asctime)s %(message)s")
LOG = logging.getLogger("etl")
LOG.setLevel(os.environ.get("LOG_LEVEL", "INFO"))

env = flyte.TaskEnvironment(
    "etl_sync",
    image=flyte.Image.from_debian_base().with_pip_packages("requests"),
    env_vars={"PYTHONUNBUFFERED": "1"},
)

BASE = "https://erp.example.com/api"


@env.task(retries=3)
def download(table: str, page: int) -> str:
    r = requests.get(f"{BASE}/{table}", params={"page": page}, timeout=60)
    r.raise_for_status()
    return r.text


@env.task
def page_count(table: str) -> int:
    return 3


@env.task
def to_rows(text: str) -> List[Dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@env.task
def clean(rows: List[Dict[str, str]], drop_empty: bool = True) -> List[Dict[str, str]]:
    return [r for r in rows if any(r.values()) or not drop_empty]


@env.task
def load(table: str, rows: List[Dict[str, str]], mode: str = "append") -> int:
    return len(rows)


@env.task
def run_sql(path: str) -> Tuple[int, float]:
    return 0, 0.0


@env.task
def load_dimension(table: str) -> int:
    n = 0
    for page in range(1, page_count(table) + 1):
        text = download(table, page)
        rows = clean(to_rows(text))
        if not rows:
            break
        n += load(table, rows, mode="overwrite" if page == 1 else "append")
    LOG.info(f"{table}: {n} rows")
    return n


@env.task
def load_facts(table: str) -> int:
    pages = page_count(table)
    texts = list(flyte.map(partial(download, table), range(1, pages + 1), concurrency=4))
    bad = [t for t in texts if isinstance(t, Exception)]
    if bad:
        raise RuntimeError(f"{len(bad)} pages of {table} are missing") from bad[0]
    total = 0
    for rows in flyte.map(to_rows, texts):
        total += load(table, clean(rows, drop_empty=False))
    return total


@env.task
def build_mart(sql_files: List[str]) -> float:
    spent = 0.0
    for f in sql_files:
        start = time.time()
        affected, seconds = run_sql(f)
        if affected == 0 and f.endswith("_required.sql"):
            raise ValueError(f)
        spent += seconds
        del affected
        LOG.debug("%s took %.1f", f, time.time() - start)
    return spent


@env.task
def full_refresh(dimensions: List[str], facts: List[str]) -> Dict[str, int]:
    counts = {d: load_dimension(d) for d in dimensions}
    with tempfile.TemporaryDirectory() as tmp:
        for f in facts:
            counts[f] = load_facts(f)
        sql_files = [os.path.join(tmp, f"{f}.sql") for f in facts]
        seconds = build_mart(sql_files)
    print("%d tables in %.0fs" % (len(counts), seconds))
    return counts


if __name__ == "__main__":
    flyte.init()
    print(flyte.run(full_refresh, dimensions=["customer", "product"], facts=["sales"]).outputs())
