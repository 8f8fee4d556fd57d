# drivers: check_sensor, check_site, check_fleet, recheck
import asyncio
import logging
import time

import flyte

# IoT sensor QC. untyped on purpose, this started life as a script

log = logging.getLogger()
env = flyte.TaskEnvironment("sensors")
CHECKS = []
total_alerts = 0


def register(fn):
    CHECKS.append(fn)
    return fn


def logged(fn):
    """Log how long a helper takes."""
    async def wrapper(*args, **kwargs):
        t = time.time()
        try:
            return await fn(*args, **kwargs)
        finally:
            log.info("%s: %.1fs", fn.__name__, time.time() - t)
    return wrapper


@env.task
async def read_sensor(sensor, day):
    return [20.0, 20.5, 21.0, None, 80.0]


@register
@env.task
async def check_range(values, lo=-40, hi=60):
    return all(v is None or lo <= v <= hi for v in values)


@register
@env.task
async def check_gaps(values, max_gaps=3):
    return sum(v is None for v in values) <= max_gaps


@register
@env.task
async def check_stuck(values):
    return len(set(values)) > 1


@env.task
async def send_alert(sensor, message):
    print(sensor, message)


@env.task
async def check_sensor(sensor, day):
    values = await read_sensor(sensor, day)
    if not values:
        await send_alert(sensor, "no data")
        return False
    ok = await check_range(values) and await check_gaps(values)
    if ok or not await check_stuck(values):
        return ok
    await send_alert(sensor, f"bad data on {day}")
    return False


@logged
async def all_sensors(sensors, day):
    return await asyncio.gather(*[check_sensor(s, day) for s in sensors])


@env.task
async def check_site(site, sensors, day):
    global total_alerts
    results = await all_sensors([f"{site}/{s}" for s in sensors], day)
    bad = results.count(False)
    total_alerts += bad
    if bad > len(sensors) / 2:
        await send_alert(site, "more than half of the sensors are bad")
    return bad


@env.task
async def check_fleet(sites, day):
    out = {}
    for site in sites:
        out[site] = await check_site(site, sites[site], day)
    return out


@env.task
async def recheck(sensor, day):
    values = await read_sensor(sensor, day)
    verdicts = []
    for check in (check_range, check_gaps, check_stuck):
        verdicts.append(check(values))
    return all(await asyncio.gather(*verdicts))


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(check_fleet, sites={"a": ["t1", "t2"]}, day="2024-01-01")
