"""Settings in nested dataclasses, with defaults and `replace`."""

import asyncio
import dataclasses
from dataclasses import dataclass, field
from typing import Any, Mapping, Optional, Sequence

import flyte

env = flyte.TaskEnvironment("configured")


@dataclass(frozen=True)
class Optimiser:
    name: str = "adam"
    rate: float = 1e-3
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Settings:
    seeds: tuple[int, ...] = (0, 1, 2)
    optimiser: Optimiser = field(default_factory=Optimiser)
    limit: Optional[int] = None

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> "Settings":
        known = {f.name for f in dataclasses.fields(cls)}
        return cls(**{key: value for key, value in values.items() if key in known})


@env.task
async def train(seed: int, optimiser: Optimiser, limit: Optional[int] = None) -> float:
    return seed * optimiser.rate + (limit or 0)


@env.task
async def pick(losses: Sequence[float], seeds: tuple[int, ...]) -> int:
    return seeds[min(range(len(losses)), key=losses.__getitem__)]


@env.task
async def main(values: dict[str, Any], rate: float = 0.1) -> int:
    settings = Settings.parse(values)
    optimiser = dataclasses.replace(settings.optimiser, rate=rate)
    losses = await asyncio.gather(
        *(train(seed, optimiser, settings.limit) for seed in settings.seeds)
    )
    again = await train(seed=settings.seeds[0], optimiser=Optimiser(rate=1))
    print(again)
    return await pick(losses, settings.seeds)
