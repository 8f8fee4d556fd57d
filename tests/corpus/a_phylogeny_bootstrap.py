# drivers: align_divide, tree_with_support, consensus_run
"""Divide-and-conquer alignment (recursive) and bootstrapped trees."""
import asyncio
import random
from collections import Counter

import flyte
from Bio import Phylo, SeqIO

env = flyte.TaskEnvironment(name="phylo", resources=flyte.Resources(cpu=4, memory="4Gi"))
LEAF = 50


@env.task
async def mafft(seqs: list[str], accurate: bool = False) -> list[str]:
    return seqs


@env.task
async def merge_alignments(left: list[str], right: list[str]) -> list[str]:
    return left + right


@env.task
async def iqtree(alignment: list[str], model: str = "GTR+G", seed: int = 0) -> str:
    return "(a,(b,c));"


@env.task
async def model_finder(alignment: list[str]) -> str:
    return "GTR+I+G"


@env.task
async def trimal(alignment: list[str], gap: float) -> list[str]:
    return alignment


def splits(newick: str) -> frozenset[str]:
    return frozenset(newick.strip("();").split(","))


def resample(alignment: list[str], seed: int) -> list[str]:
    rng = random.Random(seed)
    if not alignment:
        return alignment
    cols = rng.choices(range(len(alignment[0])), k=len(alignment[0]))
    return ["".join(row[c] for c in cols) for row in alignment]


@env.task
async def align_divide(seqs: list[str], accurate: bool = False) -> list[str]:
    if len(seqs) <= LEAF:
        return await mafft(seqs, accurate=accurate)
    mid = len(seqs) // 2
    left, right = await asyncio.gather(
        align_divide(seqs[:mid], accurate),
        align_divide(seqs[mid:], accurate),
    )
    return await merge_alignments(left, right)


@env.task
async def tree_with_support(alignment: list[str], replicates: int = 100) -> tuple[str, dict[str, float]]:
    model = await model_finder(alignment)
    main_tree = asyncio.create_task(iqtree(alignment, model))
    boots = [iqtree(resample(alignment, s), model, seed=s) for s in range(1, replicates + 1)]
    counts: Counter[frozenset[str]] = Counter()
    for i, done in enumerate(asyncio.as_completed(boots), 1):
        counts[splits(await done)] += 1
        if i % 25 == 0:
            print(f"{i}/{replicates} bootstrap trees")
    best = await main_tree
    return best, {",".join(sorted(k)): v / replicates for k, v in counts.items()}


@env.task
async def consensus_run(seqs: list[str], min_support: float = 0.7) -> str:
    alignment = await align_divide(seqs)
    gap = 0.9
    tree, support = "", {}
    while gap > 0.3:
        trimmed = await trimal(alignment, gap)
        tree, support = await tree_with_support(trimmed, 100)
        if support and min(support.values()) >= min_support:
            return tree
        gap -= 0.2
    # last resort, slow but better
    alignment = await align_divide(seqs, accurate=True)
    tree, _ = await tree_with_support(alignment, replicates=1000)
    return tree
