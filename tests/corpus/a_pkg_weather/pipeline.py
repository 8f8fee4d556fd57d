# drivers: daily, hindcast, nearest_forecast
import asyncio
import logging
from datetime import datetime
from statistics import fmean

import flyte

from .helpers import days, forecast_station, verify
from .models import Forecast, Station
from .tasks import env, observations as obs
from .tasks import publish

log = logging.getLogger(__name__)


@env.task
async def daily(stations: list[Station], at: datetime | None = None) -> int:
    at = at or datetime.now().replace(minute=0, second=0, microsecond=0)
    got = await asyncio.gather(*[forecast_station(s, at) for s in stations], return_exceptions=True)
    ok = [f for f in got if isinstance(f, Forecast)]
    for s, f in zip(stations, got):
        if isinstance(f, Exception):
            log.warning(f"{s.id}: {f!r}")
    return await publish(ok)


@env.task
async def hindcast(station: Station, start: datetime, n_days: int = 30) -> float:
    errors = []
    for day in days(start, n_days):
        with flyte.group(day.date().isoformat()):
            fc = await forecast_station(station, day)
            errors.append(await verify(fc, station))
    return fmean(errors)


@env.task
async def nearest_forecast(lat: float, lon: float, stations: list[Station], at: datetime) -> tuple[Forecast, float]:
    near = min(stations, key=lambda s: (s.lat - lat) ** 2 + (s.lon - lon) ** 2)
    now = await obs(near, at, hours=1)
    return await forecast_station(near, at), now[0]
