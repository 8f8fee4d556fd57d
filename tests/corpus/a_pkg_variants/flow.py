# drivers: call_pair, annotate_pair, tumor_only, cohort
from __future__ import annotations

import asyncio
import typing
from collections import Counter

import flyte

from .steps import CALLERS, align, align_env, call_env, mutect
from .steps.call import Variant, annotate as vep

if typing.TYPE_CHECKING:
    from collections.abc import Iterable

env = flyte.TaskEnvironment(name="somatic", depends_on=[align_env, call_env])
CHROMS = [*map(str, range(1, 23)), "X"]


def consensus(calls: Iterable[list[Variant]], at_least: int = 2) -> list[Variant]:
    votes = Counter(v for vs in calls for v in set(vs))
    return [v for v, n in votes.items() if n >= at_least]


@env.task
async def call_pair(tumor: list[str], normal: list[str], callers: list[str] | None = None) -> list[Variant]:
    t_bam, n_bam = await asyncio.gather(align(tumor), align(normal))
    found: list[Variant] = []
    names = callers or list(CALLERS)
    for chrom in CHROMS:
        with flyte.group(f"chr{chrom}"):
            calls = await asyncio.gather(*[CALLERS[n](t_bam, n_bam, chrom) for n in names])
        found += consensus(calls, at_least=min(2, len(names)))
    return found


@env.task
async def annotate_pair(tumor: list[str], normal: list[str]) -> dict[str, str]:
    variants = await call_pair(tumor, normal)
    return {v.chrom: label for v, label in zip(variants, await vep(variants))}


@env.task
async def tumor_only(tumor: list[str], panel: str) -> list[Variant]:
    bam = await align(tumor)
    per_chrom = await asyncio.gather(*(mutect(bam, panel, chrom=c) for c in CHROMS))
    return [v for vs in per_chrom for v in vs if v.vaf > 0.05]


@env.task
async def cohort(pairs: dict[str, tuple[list[str], list[str]]], panel: str = "pon.vcf") -> dict[str, int]:
    async def one(name: str) -> tuple[str, int]:
        tumor, normal = pairs[name]
        if not normal:
            return name, len(await tumor_only(tumor, panel))
        return name, len(await annotate_pair(tumor, normal))

    return dict(await asyncio.gather(*map(one, pairs)))
