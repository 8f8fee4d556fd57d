# drivers:
"""Leaf tasks only."""
from datetime import datetime

import flyte

from .models import Forecast, Station

env = flyte.TaskEnvironment(name="weather", resources=flyte.Resources(cpu=1, memory="2Gi"))


@env.task(cache="auto")
async def observations(station: Station, at: datetime, hours: int = 24) -> list[float]:
    return [15.0] * hours


@env.task(cache="auto")
async def nwp(lat: float, lon: float, at: datetime) -> list[float]:
    return [14.0] * 24


@env.task
async def bias_correct(raw: list[float], recent: list[float], station: Station, at: datetime) -> Forecast:
    shift = sum(recent) / len(recent) - sum(raw) / len(raw)
    return Forecast(station.id, at, [v + shift for v in raw])


@env.task
async def publish(forecasts: list[Forecast]) -> int:
    return len(forecasts)
