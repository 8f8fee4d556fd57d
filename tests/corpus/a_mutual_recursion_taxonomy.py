# drivers: assign_clade, refine_clade, classify_reads
"""Metagenomics: hierarchical read classification by mutual recursion over a taxonomy."""
import asyncio
import dataclasses
import json
import pathlib
from functools import lru_cache

import flyte

env = flyte.TaskEnvironment(name="taxonomy")

TAXONOMY_PATH = pathlib.Path(__file__).parent / "taxonomy.json"
MAX_DEPTH = 7  # kingdom .. species
MIN_READS = 50


@lru_cache(maxsize=None)
def taxonomy() -> dict[str, list[str]]:
    return json.loads(TAXONOMY_PATH.read_text())


@dataclasses.dataclass
class Call:
    clade: str
    reads: int
    confidence: float


@env.task(cache="auto")
async def kmer_profile(reads: list[str], k: int = 21) -> dict[str, int]:
    counts: dict[str, int] = {}
    for r in reads:
        for i in range(len(r) - k + 1):
            counts[r[i : i + k]] = counts.get(r[i : i + k], 0) + 1
    return counts


@env.task
async def score_clade(profile: dict[str, int], clade: str) -> float:
    return sum(profile.values()) / (1 + len(clade))


@env.task
async def partition(reads: list[str], clades: list[str]) -> dict[str, list[str]]:
    return {c: reads[i :: len(clades)] for i, c in enumerate(clades)}


@env.task
async def assign_clade(reads: list[str], clade: str, depth: int = 0) -> list[Call]:
    if len(reads) < MIN_READS or depth >= MAX_DEPTH:
        return [Call(clade, len(reads), 0.5)]
    profile = await kmer_profile(reads)
    own = await score_clade(profile, clade)
    below = taxonomy().get(clade) or []
    if not below:
        return [Call(clade, len(reads), own)]
    scores = await asyncio.gather(*[score_clade(profile, c) for c in below])
    candidates = [c for c, s in zip(below, scores) if s > own / 2]
    return await refine_clade(reads, candidates, depth) if candidates else [Call(clade, len(reads), own)]


@env.task
async def refine_clade(reads: list[str], clades: list[str], depth: int) -> list[Call]:
    groups = await partition(reads, clades)
    nested = await asyncio.gather(*[assign_clade(rs, c, depth + 1) for c, rs in groups.items() if rs])
    return [call for calls in nested for call in calls]


@env.task
async def classify_reads(samples: dict[str, list[str]], root: str = "root") -> dict[str, str]:
    top = {}
    for sample, reads in samples.items():
        calls = await assign_clade(reads, root)
        best = max(calls, key=lambda c: c.reads * c.confidence, default=None)
        top[sample] = best.clade if best else "unclassified"
    return top


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(classify_reads, samples={"s1": ["ACGT" * 40] * 100})
    print(run.url)
