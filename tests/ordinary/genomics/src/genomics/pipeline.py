import asyncio
from dataclasses import dataclass

from flyte.io import File

from genomics.align import align, call_variants
from genomics.settings import env


@dataclass
class Sample:
    name: str
    reads: File
    quality: int = 20


async def one_sample(sample: Sample) -> File:
    alignment = await align.aio(sample.reads)
    return await call_variants.aio(alignment, quality=sample.quality)


@env.task
async def merge(calls: list[File]) -> int:
    return len(calls)


@env.task
async def main(samples: list[Sample]) -> int:
    calls = await asyncio.gather(*[one_sample(sample) for sample in samples])
    return await merge(list(calls))
