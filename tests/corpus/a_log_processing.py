# drivers: sessionize_host, find_anomalies, hourly_rollup
"""Nginx log crunching.

    python a_log_processing.py --hour 2024-05-01T10
"""
import asyncio
import collections
import re
from datetime import datetime, timezone

import flyte

LOG_RE = re.compile(r'(?P<ip>\S+) \S+ \S+ \[(?P<ts>[^\]]+)\] "(?P<req>[^"]*)" (?P<status>\d+)')
env = flyte.TaskEnvironment(name="logs", cache=flyte.Cache(behavior="disable"))


@env.task
async def list_files(host: str, hour: str) -> list[str]:
    return [f"/var/log/{host}/{hour}-{n}.log.gz" for n in range(4)]


@env.task
async def parse(path: str) -> list[dict[str, str]]:
    import gzip

    out = []
    with gzip.open(path, "rt") as fh:
        for line in fh:
            if m := LOG_RE.match(line):
                out.append(m.groupdict())
    return out


@env.task
async def sessions(hits: list[dict[str, str]], gap: int) -> int:
    by_ip = collections.defaultdict(list)
    for h in hits:
        by_ip[h["ip"]].append(h["ts"])
    return len(by_ip)


@env.task
async def page_oncall(message: str) -> None:
    print("PAGE", message)


@env.task
async def error_rate(hits: list[dict[str, str]]) -> float:
    return sum(h["status"].startswith("5") for h in hits) / max(1, len(hits))


@env.task
async def sessionize_host(host, hour, gap=1800):
    hits = []
    for path in await list_files(host, hour):
        try:
            hits += await parse(path)
        except (EOFError, UnicodeDecodeError) as exc:
            print(f"corrupt file {path}: {exc}")
            continue
    return await sessions(hits, gap)


@env.task
async def find_anomalies(host: str, hour: str, threshold: float = 0.02) -> bool:
    files = await list_files(host, hour)
    if not files:
        return False
    # newest first; stop as soon as one file is clearly bad
    for path in reversed(files):
        rate = await error_rate(await parse(path))
        if threshold < rate <= 1.0:
            await page_oncall(f"{host}: 5xx at {rate:.1%} in {path}")
            return True
    return False


@env.task
async def hourly_rollup(hosts: list[str], hour: str | None = None) -> dict[str, int]:
    hour = hour or datetime.now(timezone.utc).strftime("%Y-%m-%dT%H")
    counts = await asyncio.gather(*[sessionize_host(h, hour) for h in hosts])
    table = dict(zip(hosts, counts))
    quiet = {h for h, c in table.items() if c == 0}
    flagged = [h for h in hosts if h not in quiet and await find_anomalies(h, hour)]
    if quiet or flagged:
        await page_oncall(f"quiet={sorted(quiet)} flagged={flagged}")
    return table


if __name__ == "__main__":
    import argparse

    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--hour")
    ap.add_argument("hosts", nargs="*", default=["web1", "web2"])
    ns = ap.parse_args()
    flyte.init_from_config()
    print(flyte.run(hourly_rollup, ns.hosts, ns.hour).url)
