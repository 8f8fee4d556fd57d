# drivers: RnaSeqPipeline_run, quantify_all, rnaseq
"""Bulk RNA-seq: a pipeline object whose methods call the tasks."""
import asyncio
import csv
import io
import logging

import flyte

log = logging.getLogger("rnaseq")
env = flyte.TaskEnvironment(name="rnaseq", resources=flyte.Resources(cpu=4, memory="16Gi"))


@env.task
async def fastqc(fastq: str) -> bool:
    return not fastq.endswith(".bad.fq.gz")


@env.task
async def trim(fastq: str, adapter: str = "AGATCGGAAGAG") -> str:
    return fastq.replace(".fq.gz", ".trimmed.fq.gz")


@env.task(cache="auto")
async def build_index(transcriptome: str, k: int = 31) -> str:
    return f"{transcriptome}.idx{k}"


@env.task
async def salmon(index: str, fastq: str) -> dict[str, float]:
    return {"ENST0001": 12.0}


@env.task
async def deseq(matrix: str, design: dict[str, str]) -> list[str]:
    return ["ENSG1"]


class RnaSeqPipeline:
    """Holds the index so that samples don't have to pass it around."""

    def __init__(self, transcriptome: str, *, do_trim: bool = True):
        self.transcriptome = transcriptome
        self.do_trim = do_trim
        self.index = None
        self.rejected = []

    async def setup(self):
        self.index = await build_index(self.transcriptome)
        return self

    async def quantify(self, fastq: str):
        if not await fastqc(fastq):
            self.rejected.append(fastq)
            return None
        if self.do_trim:
            fastq = await trim(fastq)
        return await salmon(self.index, fastq)

    async def run(self, fastqs: list[str]):
        return await asyncio.gather(*[self.quantify(f) for f in fastqs])


def to_matrix(names, quants) -> str:
    buf = io.StringIO()
    w = csv.writer(buf)
    genes = sorted({g for q in quants for g in q})
    w.writerow(["sample", *genes])
    for name, q in zip(names, quants):
        w.writerow([name] + [q.get(g, 0.0) for g in genes])
    return buf.getvalue()


@env.task
async def RnaSeqPipeline_run(transcriptome: str, fastqs: list[str]) -> str:
    pipe = await RnaSeqPipeline(transcriptome).setup()
    quants = await pipe.run(fastqs)
    pairs = [(f, q) for f, q in zip(fastqs, quants) if q is not None]
    if pipe.rejected:
        log.warning("rejected: %s", ", ".join(pipe.rejected))
    return to_matrix(*zip(*pairs))


@env.task
async def quantify_all(transcriptome: str, fastqs: list[str], skip_trim: bool = False) -> list[dict[str, float]]:
    pipe = RnaSeqPipeline(transcriptome, do_trim=not skip_trim)
    await pipe.setup()
    out = []
    for f in fastqs:
        q = await pipe.quantify(f)
        if q:
            out.append(q)
    return out


@env.task
async def rnaseq(transcriptome: str, treated: list[str], control: list[str]) -> list[str]:
    design = {**{s: "treated" for s in treated}, **{s: "control" for s in control}}
    matrix = await RnaSeqPipeline_run(transcriptome, list(design))
    return (await deseq(matrix, design))[:50]
