# drivers: align
import asyncio

import flyte

env = flyte.TaskEnvironment(name="somatic_align", resources=flyte.Resources(cpu=16, memory="32Gi"))


@env.task
async def bwa(lane: str) -> str:
    return f"{lane}.bam"


@env.task
async def merge(bams: list[str]) -> str:
    return "+".join(bams)


@env.task
async def align(lanes: list[str]) -> str:
    """One lane at a time is slow: fan out, then merge (unless there's only one)."""
    bams = await asyncio.gather(*[bwa(lane) for lane in lanes])
    return bams[0] if len(bams) == 1 else await merge(list(bams))
