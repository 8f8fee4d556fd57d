from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Optional

import flyte
from pydantic import BaseModel, ConfigDict, Field, field_validator

env = flyte.TaskEnvironment(
    "api", image=flyte.Image.from_debian_base().with_pip_packages("pydantic")
)


class Level(StrEnum):
    LOW = "low"
    HIGH = "high"


class Point(BaseModel):
    model_config = ConfigDict(frozen=True)

    x: float
    y: float = 0.0


class Track(BaseModel):
    name: str
    points: list[Point] = Field(default_factory=list)
    level: Level = Level.LOW
    started: Optional[datetime] = None
    weight: Annotated[float, Field(ge=0)] = 1.0

    @field_validator("name")
    @classmethod
    def strip(cls, value: str) -> str:
        return value.strip()


@env.task
async def record(name: str, count: int) -> Track:
    return Track(name=name, points=[Point(x=i) for i in range(count)])


@env.task
async def smooth(track: Track, level: Level = Level.HIGH) -> Track:
    return track.model_copy(update={"level": level})


@env.task
async def length(points: list[Point]) -> float:
    return sum(abs(b.x - a.x) for a, b in zip(points, points[1:]))


@env.task
async def main(name: str = "a", count: int = 5) -> float:
    track = await record(name, count)
    track = await smooth(track)
    if track.level == Level.HIGH and track.points:
        return await length(track.points)
    return 0.0
