# drivers: churn_flow, ltv_flow, replay
"""A home-grown pipeline builder: steps are tasks held in a dataclass, run by a method."""
from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any, Callable

import flyte

log = logging.getLogger("builder")
env = flyte.TaskEnvironment("builder", resources=flyte.Resources(cpu=1, memory="1Gi"))


@env.task
async def read(uri: str) -> list[float]:
    return [1.0, 2.0, 3.0]


@env.task
async def scale(values: list[float], factor: float = 1.0) -> list[float]:
    return [v * factor for v in values]


@env.task
async def clip(values: list[float], lo: float = 0.0, hi: float = 1.0) -> list[float]:
    return [min(max(v, lo), hi) for v in values]


@env.task
async def mean(values: list[float]) -> float:
    return sum(values) / len(values)


@env.task
async def audit(step: str, n: int) -> None:
    log.info("%s: %d values", step, n)


@dataclass
class Step:
    name: str
    task: Callable[..., Any]
    options: dict[str, Any] = field(default_factory=dict)
    when: Callable[[list[float]], bool] = lambda values: True


@dataclass
class Pipeline:
    source: str
    steps: list[Step] = field(default_factory=list)
    audited: bool = False

    def then(self, name: str, task: Callable[..., Any], **options: Any) -> Pipeline:
        self.steps.append(Step(name, task, options))
        return self

    def only_if(self, predicate: Callable[[list[float]], bool]) -> Pipeline:
        self.steps[-1].when = predicate
        return self

    async def run(self) -> list[float]:
        values = await read(self.source)
        for step in self.steps:
            if not step.when(values):
                log.info("skipping %s", step.name)
                continue
            values = await step.task(values, **step.options)
            if self.audited:
                await audit(step.name, len(values))
        return values


@env.task
async def churn_flow(uri: str) -> float:
    pipeline = (
        Pipeline(uri, audited=True)
        .then("scale", scale, factor=0.1)
        .then("clip", clip, hi=0.9)
        .only_if(lambda vs: max(vs) > 0.9)
    )
    return await mean(await pipeline.run())


@env.task
async def ltv_flow(uris: list[str], factor: float) -> list[float]:
    flows = [Pipeline(u).then("scale", scale, factor=factor) for u in uris]
    results = await asyncio.gather(*[f.run() for f in flows])
    return list(await asyncio.gather(*[mean(r) for r in results]))


@env.task
async def replay(uri: str, recipe: list[str]) -> float:
    """Recipe such as ["scale", "clip", "scale"]."""
    known = {"scale": scale, "clip": clip}
    values = await read(uri)
    for name in recipe:
        try:
            task = known[name]
        except KeyError:
            raise ValueError(f"unknown step {name!r}; one of {sorted(known)}") from None
        values = await task(values)
    return await mean(values)
