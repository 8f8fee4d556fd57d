# drivers: call_sample, joint_cohort, germline
"""Germline variant calling: bwa -> markdup -> scatter haplotype caller -> joint genotyping."""
import asyncio
import os
import subprocess
import tempfile
from dataclasses import dataclass
from typing import Optional

import flyte
from flyte.io import File

CHROMS = [f"chr{i}" for i in range(1, 23)] + ["chrX", "chrY"]
REFERENCE = os.environ.get("REFERENCE", "gs://refs/hg38.fa")

base = flyte.TaskEnvironment(
    name="variants",
    image=flyte.Image.from_base("quay.io/biocontainers/gatk4:4.5.0.0"),
    resources=flyte.Resources(cpu=2, memory="4Gi"),
)
align_env = base.clone_with(name="align", resources=flyte.Resources(cpu=16, memory="32Gi"))
driver = flyte.TaskEnvironment(name="germline", depends_on=[base, align_env])


@dataclass
class Sample:
    name: str
    r1: File
    r2: Optional[File] = None
    paired: bool = True


def sh(cmd: str) -> None:
    subprocess.run(cmd, shell=True, check=True)


@align_env.task(cache="auto", retries=2)
async def align(sample: Sample, reference: str = REFERENCE) -> File:
    with tempfile.TemporaryDirectory() as d:
        out = f"{d}/{sample.name}.bam"
        sh(f"bwa mem {reference} reads_1.fq reads_2.fq | samtools sort -o {out}")
        return await File.from_local(out)


@base.task
async def mark_duplicates(bam: File) -> File:
    return bam


@base.task
async def call_region(bam: File, region: str) -> File:
    return bam


@base.task
async def merge_vcfs(vcfs: list[File]) -> File:
    return vcfs[0]


@base.task
async def coverage(bam: File) -> float:
    return 31.0


@base.task
async def joint_genotype(gvcfs: list[File], region: str) -> File:
    return gvcfs[0]


@driver.task
async def call_sample(sample: Sample, min_coverage: float = 15.0) -> Optional[File]:
    deduped = await mark_duplicates(await align(sample))
    depth = await coverage(deduped)
    if depth < min_coverage:
        print(f"{sample.name}: {depth:.1f}x < {min_coverage}x, skipped")
        return None
    with flyte.group("scatter"):
        vcfs = await asyncio.gather(*(call_region(deduped, c) for c in CHROMS))
    return await merge_vcfs(list(vcfs))


@driver.task
async def joint_cohort(gvcfs: list[File]) -> File:
    if len(gvcfs) == 1:
        return gvcfs[0]
    by_region = await asyncio.gather(*[joint_genotype(gvcfs, region=c) for c in CHROMS])
    return await merge_vcfs(by_region)


@driver.task
async def germline(samples: list[Sample]) -> tuple[File, list[str]]:
    results = await asyncio.gather(*map(call_sample, samples))
    kept = [r for r in results if r is not None]
    skipped = [s.name for s, r in zip(samples, results) if r is None]
    if not kept:
        raise ValueError("no sample passed coverage")
    return await joint_cohort(kept), skipped
