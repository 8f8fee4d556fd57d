# drivers: dedup_shard, dedup_corpus, near_duplicates
"""Near-duplicate removal: minhash per shard, then tree reduction."""
import asyncio
import functools
import itertools
import typing as T

import flyte

env = flyte.TaskEnvironment(name="dedup", resources=flyte.Resources(cpu=2, memory="8Gi"))

Signature = list[int]


@env.task
def read_shard(path: str) -> list[str]:
    with open(path) as fh:
        return [line.rstrip("\n") for line in fh]


@env.task
def minhash(docs: list[str], perms: int = 128) -> list[Signature]:
    return [[hash((d, p)) & 0xFFFFFFFF for p in range(perms)] for d in docs]


@env.task
def lsh_candidates(sigs: list[Signature], bands: int) -> list[tuple[int, int]]:
    buckets: dict[tuple, list[int]] = {}
    for i, s in enumerate(sigs):
        for b in range(bands):
            buckets.setdefault((b, *s[b * 4 : b * 4 + 4]), []).append(i)
    return sorted({pair for ids in buckets.values() for pair in itertools.combinations(ids, 2)})


@env.task
def verify_pair(a: str, b: str, threshold: float) -> bool:
    sa, sb = set(a.split()), set(b.split())
    return len(sa & sb) / (len(sa | sb) or 1) >= threshold


@env.task
def merge_unique(left: list[str], right: list[str]) -> list[str]:
    seen = set(left)
    return left + [r for r in right if r not in seen]


@env.task
def near_duplicates(docs: list[str], threshold: float = 0.8, bands: int = 32) -> list[tuple[int, int]]:
    pairs = lsh_candidates(minhash(docs), bands)
    flags = flyte.map(
        functools.partial(verify_pair, threshold=threshold),
        [docs[i] for i, _ in pairs],
        [docs[j] for _, j in pairs],
        concurrency=100,
        return_exceptions=False,
    )
    return [pair for pair, same in zip(pairs, flags) if same]


@env.task
def dedup_shard(path: str, threshold: float = 0.8) -> list[str]:
    docs = read_shard(path)
    drop = {j for _, j in near_duplicates(docs, threshold)}
    print(f"{path}: dropping {len(drop)} of {len(docs)}")
    return [d for i, d in enumerate(docs) if i not in drop]


@env.task
async def dedup_corpus(paths: list[str]) -> int:
    """Tree reduction over the shards."""
    level = list(await asyncio.gather(*[dedup_shard.aio(p) for p in paths]))
    depth = 0
    while len(level) > 1:
        pairs = list(zip(level[::2], level[1::2]))
        leftover = level[-1:] if len(level) % 2 else []
        with flyte.group(f"reduce-{depth}"):
            merged = await asyncio.gather(*[merge_unique.aio(a, b) for a, b in pairs])
        level = [*merged, *leftover]
        depth += 1
    return len(level[0]) if level else 0


if __name__ == "__main__":
    flyte.init_from_config()
    import sys

    flyte.run(dedup_corpus, paths=sys.argv[1:])
