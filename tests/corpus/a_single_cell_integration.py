# drivers: qc_library, integrate, annotate, atlas
"""scRNA-seq atlas. Four stages, each a driver."""
import asyncio
from dataclasses import dataclass
from typing import Literal

import flyte
from flyte.io import Dir, File

Method = Literal["harmony", "scvi", "none"]

env = flyte.TaskEnvironment(
    name="atlas",
    image=flyte.Image.from_debian_base(name="scanpy").with_pip_packages("scanpy", "scvi-tools", "harmonypy"),
    resources=flyte.Resources(cpu=8, memory="64Gi"),
)


@dataclass
class Library:
    id: str
    path: str
    tissue: str
    chemistry: str = "v3"


@dataclass
class QcReport:
    library: str
    cells: int
    mito: float

    def ok(self, min_cells=500):
        return self.cells >= min_cells and self.mito < 0.2


@env.task
async def cellranger(lib: Library) -> Dir:
    return await Dir.from_local(lib.path)


@env.task
async def filter_cells(counts: Dir, mito_max: float) -> tuple[File, int, float]:
    ...


@env.task
async def doublets(h5ad: File) -> File: return h5ad


@env.task
async def harmony(files: list[File]) -> File: return files[0]


@env.task
async def scvi_integrate(files: list[File], epochs: int) -> File: return files[0]


@env.task
async def concatenate(files: list[File]) -> File: return files[0]


@env.task
async def leiden(h5ad: File, resolution: float) -> dict[str, int]:
    return {"0": 100, "1": 50}


@env.task
async def silhouette(h5ad: File, clusters: dict[str, int]) -> float:
    return 0.3


@env.task
async def markers(h5ad: File, cluster: str) -> list[str]:
    return ["CD3D"]


@env.task
async def qc_library(lib: Library, mito_max: float = 0.2) -> tuple[QcReport, File]:
    counts = await cellranger(lib)
    h5ad, n, mito = await filter_cells(counts, mito_max)
    h5ad = await doublets(h5ad)
    return QcReport(lib.id, n, mito), h5ad


@env.task
async def integrate(files: list[File], method: Method = "harmony") -> File:
    if len(files) == 1:
        return files[0]
    match method:
        case "harmony":
            return await harmony(files)
        case "scvi":
            epochs = 400 if len(files) < 10 else 100
            return await scvi_integrate(files, epochs)
        case "none":
            return await concatenate(files)


@env.task
async def annotate(h5ad: File, resolutions: list[float]) -> dict[str, list[str]]:
    best, best_score = None, float("-inf")
    for res in resolutions:
        clusters = await leiden(h5ad, res)
        if len(clusters) < 2:
            continue
        score = await silhouette(h5ad, clusters)
        if score > best_score:
            best, best_score = clusters, score
    if best is None:
        raise ValueError("one cluster at every resolution")
    names = list(best)
    genes = await asyncio.gather(*[markers(h5ad, c) for c in names])
    return dict(zip(names, genes))


@env.task
async def atlas(libraries: list[Library], method: Method = "harmony") -> dict[str, list[str]]:
    with flyte.group("qc"):
        qc = await asyncio.gather(*[qc_library(lib) for lib in libraries])
    reports, files = zip(*qc)
    passed = [f for r, f in zip(reports, files) if r.ok()]
    print(f"{len(passed)}/{len(reports)} libraries passed; mean mito {sum(r.mito for r in reports) / len(reports):.2%}")
    with flyte.group("integration"):
        merged = await integrate(passed, method)
    return await annotate(merged, resolutions=[0.4, 0.8, 1.2])
