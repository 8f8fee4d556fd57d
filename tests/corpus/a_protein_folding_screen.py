# drivers: fold_one, screen, dock_top, campaign
import asyncio
import heapq
from dataclasses import dataclass
from operator import attrgetter

import flyte

cpu = flyte.TaskEnvironment("screen_cpu", resources=flyte.Resources(cpu=4, memory="8Gi"))
gpu = flyte.TaskEnvironment("screen_gpu", resources=flyte.Resources(cpu=8, memory="64Gi", gpu="A100:1"))
main_env = flyte.TaskEnvironment("screen", depends_on=[cpu, gpu])


@dataclass(order=True)
class Structure:
    plddt: float
    name: str
    pdb: str = ""


@dataclass
class Pose:
    target: str
    ligand: str
    energy: float


@cpu.task(cache="auto")
async def msa(sequence: str) -> str:
    """jackhmmer + hhblits"""
    return f">{sequence}"


@cpu.task
async def templates(sequence: str) -> list[str]:
    return []


@gpu.task
async def alphafold(sequence: str, alignment: str, hits: list[str], recycles: int = 3) -> Structure:
    return Structure(70.0 + recycles, sequence[:8])


@gpu.task
async def dock(structure: Structure, ligand: str, exhaustiveness: int = 8) -> Pose:
    return Pose(structure.name, ligand, -7.5)


@cpu.task
async def relax(structure: Structure) -> Structure:
    return structure


@main_env.task
async def fold_one(sequence: str, min_plddt: float = 80.0, max_recycles: int = 24) -> Structure:
    alignment, hits = await asyncio.gather(msa(sequence), templates(sequence))
    recycles = 3
    structure = await alphafold(sequence, alignment, hits, recycles)
    while structure.plddt < min_plddt and recycles < max_recycles:
        recycles *= 2
        better = await alphafold.override(short_name=f"alphafold-r{recycles}")(sequence, alignment, hits, recycles)
        structure = max(structure, better)
    return await relax(structure) if structure.plddt >= min_plddt else structure


@main_env.task
async def screen(sequences: list[str], top: int = 10) -> list[Structure]:
    structures = [s async for s in flyte.map.aio(fold_one, sequences, return_exceptions=True)]
    good = [s for s in structures if not isinstance(s, Exception)]
    return heapq.nlargest(top, good)


@main_env.task
async def dock_top(structures: list[Structure], ligands: list[str]) -> list[Pose]:
    poses = await asyncio.gather(*[dock(s, lig) for s in structures for lig in ligands])
    shortlist = sorted(poses, key=attrgetter("energy"))[:20]
    by_name = {s.name: s for s in structures}
    # dock again, harder
    final = await asyncio.gather(*[dock(by_name[p.target], p.ligand, exhaustiveness=64) for p in shortlist])
    final.sort(key=lambda p: p.energy)
    return final


@main_env.task
async def campaign(sequences: list[str], ligands: list[str]) -> dict[str, float]:
    if not (sequences and ligands):
        raise ValueError("need sequences and ligands")
    poses = await dock_top(await screen(sequences), ligands)
    return {f"{p.target}:{p.ligand}": p.energy for p in poses}
