# drivers: train_classic, train_deep, benchmark
"""Trainers behind a common abstract class; drivers pick an implementation."""
from __future__ import annotations

import abc
import asyncio
import logging
from dataclasses import dataclass
from typing import ClassVar

import flyte

log = logging.getLogger("trainers")

cpu = flyte.TaskEnvironment("train_cpu", resources=flyte.Resources(cpu=4, memory="8Gi"))
gpu = flyte.TaskEnvironment("train_gpu", resources=flyte.Resources(gpu=1, cpu=8, memory="32Gi"))
bench = flyte.TaskEnvironment("bench", depends_on=[cpu, gpu])


@dataclass
class Result:
    name: str
    score: float
    seconds: float = 0.0


@cpu.task
async def load(dataset: str) -> list[list[float]]:
    return [[0.0, 1.0]] * 100


@cpu.task
async def fit_xgb(rows: list[list[float]], depth: int) -> float:
    return 0.8 + depth / 100


@cpu.task
async def fit_knn(rows: list[list[float]], k: int) -> float:
    return 0.7


@gpu.task
async def fit_mlp(rows: list[list[float]], layers: list[int], epochs: int) -> float:
    return 0.85


@gpu.task
async def lr_finder(rows: list[list[float]]) -> float:
    return 1e-3


class Trainer(abc.ABC):
    name: ClassVar[str] = "?"

    @abc.abstractmethod
    async def fit(self, rows: list[list[float]]) -> float: ...

    async def run(self, dataset: str) -> Result:
        rows = await load(dataset)
        score = await self.fit(rows)
        return Result(self.name, score)


class XgbTrainer(Trainer):
    name = "xgb"

    def __init__(self, depths=(3, 6, 9)):
        self.depths = depths

    async def fit(self, rows):
        return max(await asyncio.gather(*[fit_xgb(rows, d) for d in self.depths]))


class KnnTrainer(Trainer):
    name = "knn"

    async def fit(self, rows):
        best = 0.0
        for k in (1, 5, 15):
            score = await fit_knn(rows, k)
            if score <= best:
                break
            best = score
        return best


class MlpTrainer(Trainer):
    name = "mlp"

    async def fit(self, rows):
        lr = await lr_finder(rows)
        epochs = 50 if lr < 1e-2 else 10
        return await fit_mlp(rows, layers=[64, 64], epochs=epochs)


TRAINERS: dict[str, type[Trainer]] = {t.name: t for t in (XgbTrainer, KnnTrainer, MlpTrainer)}


@cpu.task
async def train_classic(dataset: str) -> Result:
    results = await asyncio.gather(XgbTrainer().run(dataset), KnnTrainer().run(dataset))
    return max(results, key=lambda r: r.score)


@gpu.task
async def train_deep(dataset: str) -> Result:
    trainer = MlpTrainer()
    return await trainer.run(dataset)


@bench.task
async def benchmark(datasets: list[str], names: list[str]) -> dict[str, str]:
    winners = {}
    for ds in datasets:
        trainers = [TRAINERS[n]() for n in names]
        results = await asyncio.gather(*[t.run(ds) for t in trainers])
        winners[ds] = max(results, key=lambda r: r.score).name
        log.info("%s: %s", ds, ", ".join(f"{r.name}={r.score:.3f}" for r in results))
    return winners
