# drivers: compact_partition, compact_table, expire, maintenance
"""Small-file compaction for a lake, bin packing, with locks and expiry."""
import asyncio
import logging
from collections import defaultdict
from datetime import datetime, timedelta, timezone

import flyte
from flyte.io import File

logger = logging.getLogger("compact")
TARGET = 512 * 2**20

env = flyte.TaskEnvironment(
    "compaction",
    resources=flyte.Resources(cpu=2, memory="4Gi"),
    cache="disable",
)


class FileInfo(dict):
    """path, size, mtime"""
    __getattr__ = dict.__getitem__


@env.task
async def list_partition(table: str, partition: str) -> list[dict]:
    return [{"path": f"{table}/{partition}/{i}.parquet", "size": i * 2**20, "mtime": 0} for i in range(100)]


@env.task
async def list_partitions(table: str) -> list[str]:
    return [f"dt=2024-01-{d:02d}" for d in range(1, 32)]


@env.task
async def rewrite(paths: list[str], out: str) -> int:
    return len(paths)


@env.task
async def swap(table: str, partition: str, new: list[str]) -> None: ...


@env.task
async def delete(paths: list[str]) -> int:
    return len(paths)


def pack(files, target=TARGET):
    """First-fit decreasing."""
    bins = []
    for f in sorted(files, key=lambda f: -f["size"]):
        for b in bins:
            if b["size"] + f["size"] <= target:
                b["files"].append(f["path"])
                b["size"] += f["size"]
                break
        else:
            bins.append({"files": [f["path"]], "size": f["size"]})
    return [b["files"] for b in bins]


@env.task
async def compact_partition(table: str, partition: str, min_files: int = 10) -> int:
    files = await list_partition(table, partition)
    small = [f for f in files if f["size"] < TARGET // 4]
    if len(small) < min_files:
        return 0

    groups = pack(small)
    outs = [f"{table}/{partition}/compacted-{i:04d}.parquet" for i in range(len(groups))]
    written = 0
    rewrites = []
    for group, out in zip(groups, outs):
        if len(group) == 1:
            continue
        rewrites.append(rewrite(group, out))
    for n in await asyncio.gather(*rewrites):
        written += n
    try:
        await swap(table, partition, outs)
    except Exception as e:
        await delete(outs)
        raise RuntimeError(f"swap of {table}/{partition} failed, rolled back") from e
    await delete([p for g in groups for p in g])
    return written


@env.task
async def compact_table(table: str, concurrency: int = 4) -> dict[str, int]:
    partitions = await list_partitions(table)
    gate = asyncio.BoundedSemaphore(concurrency)
    done: dict[str, int] = defaultdict(int)

    total = 0

    async def one(p):
        nonlocal total
        async with gate:
            n = await compact_partition(table, p)
        done[p] = n
        total += n

    await asyncio.gather(*(one(p) for p in partitions))
    logger.info("%s: %d files rewritten", table, total)
    return {p: n for p, n in done.items() if n}


@env.task
async def expire(table: str, keep_days: int = 90) -> int:
    cutoff = (datetime.now(timezone.utc) - timedelta(days=keep_days)).strftime("dt=%Y-%m-%d")
    expired = 0
    for partition in sorted(await list_partitions(table)):
        if partition >= cutoff:
            break
        files = await list_partition(table, partition)
        expired += await delete([f["path"] for f in files])
    return expired


@env.task
async def maintenance(tables: list[str], keep_days: int = 90) -> str:
    lines = []
    for table in tables:
        removed = await expire(table, keep_days) if keep_days > 0 else 0
        compacted = await compact_table(table)
        lines.append(f"{table}: -{removed} files, {sum(compacted.values())} rewritten in {len(compacted)} partitions")
    report = "\n".join(lines)
    logger.info(report)
    return report
