# drivers:
"""Async helpers shared by the drivers; they call tasks but are no tasks."""
import asyncio
from datetime import datetime, timedelta

from . import tasks
from .models import Forecast, Station


async def forecast_station(station: Station, at: datetime) -> Forecast:
    raw, recent = await asyncio.gather(
        tasks.nwp(station.lat, station.lon, at),
        tasks.observations(station, at - timedelta(days=1)),
    )
    return await tasks.bias_correct(raw, recent, station, at)


async def verify(fc: Forecast, station: Station) -> float:
    truth = await tasks.observations(station, fc.issued + timedelta(days=1))
    return fc.rmse(truth)


def days(start: datetime, n: int):
    return (start + timedelta(days=i) for i in range(n))
