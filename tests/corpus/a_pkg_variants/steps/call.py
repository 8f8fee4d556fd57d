# drivers:
import flyte
from pydantic import BaseModel

env = flyte.TaskEnvironment(name="somatic_call", resources=flyte.Resources(cpu=4, memory="16Gi"))


class Variant(BaseModel):
    chrom: str
    pos: int
    ref: str
    alt: str
    vaf: float = 0.0

    def __hash__(self) -> int:
        return hash((self.chrom, self.pos, self.ref, self.alt))


@env.task
async def mutect(tumor: str, normal: str, chrom: str) -> list[Variant]:
    return [Variant(chrom=chrom, pos=1, ref="A", alt="T")]


@env.task
async def strelka(tumor: str, normal: str, chrom: str) -> list[Variant]:
    return []


@env.task
async def annotate(variants: list[Variant]) -> list[str]:
    return [f"{v.chrom}:{v.pos}" for v in variants]
