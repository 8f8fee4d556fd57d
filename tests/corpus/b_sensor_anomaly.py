# drivers: analyse_sensor, analyse_site, fleet_report, tune_threshold
"""Anomaly detection on sensor series; sync tasks, sync driver, and one async driver that calls sync tasks plainly."""
import statistics
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Sequence

import flyte
import numpy as np

env = flyte.TaskEnvironment("sensors", image=flyte.Image.from_debian_base().with_pip_packages("numpy"))

SITES = {"north": ["n1", "n2"], "south": ["s1"]}


@dataclass
class Anomaly:
    sensor: str
    at: datetime
    z: float

    def __str__(self) -> str:
        return f"{self.sensor}@{self.at:%H:%M} z={self.z:.1f}"


@env.task(retries=2)
def read_series(sensor: str, hours: int) -> list[float]:
    return np.random.default_rng(abs(hash(sensor))).normal(size=hours * 60).tolist()


@env.task
def detrend(xs: list[float], window: int = 60) -> list[float]:
    kernel = np.ones(window) / window
    return (np.array(xs) - np.convolve(xs, kernel, mode="same")).tolist()


@env.task
def detect(sensor: str, xs: list[float], threshold: float) -> list[Anomaly]:
    mu, sd = statistics.fmean(xs), statistics.pstdev(xs)
    now = datetime(2025, 1, 1)
    return [
        Anomaly(sensor, now + timedelta(minutes=i), (x - mu) / sd)
        for i, x in enumerate(xs)
        if abs(x - mu) > threshold * sd
    ]


@env.task
def calibrated(sensor: str) -> bool:
    return not sensor.endswith("x")


@env.task
def write_summary(lines: Sequence[str]) -> str:
    return "\n".join(lines)


@env.task
def analyse_sensor(sensor: str, hours: int = 24, threshold: float = 4.0) -> list[Anomaly]:
    if not calibrated(sensor):
        return []
    xs = read_series(sensor, hours)
    return detect(sensor, detrend(xs), threshold)


@env.task
def analyse_site(site: str) -> list[Anomaly]:
    found = []
    for result in flyte.map(analyse_sensor, SITES[site], group_name=site, concurrency=5):
        if isinstance(result, Exception):
            print(f"{site}: {result}")
            continue
        found.extend(result)
    found.sort(key=lambda a: abs(a.z), reverse=True)
    return found


@env.task
async def fleet_report(limit: int = 10) -> str:
    lines = []
    for site in SITES:
        anomalies = analyse_site(site)
        lines.append(f"{site}: {len(anomalies)} anomalies")
        lines.extend(f"  {a}" for a in anomalies[:limit])
    return write_summary(lines)


@env.task
def tune_threshold(sensor: str, wanted: int, lo: float = 1.0, hi: float = 8.0) -> float:
    xs = detrend(read_series(sensor, 72))
    while hi - lo > 0.05:
        mid = (lo + hi) / 2
        n = len(detect(sensor, xs, mid))
        if n == wanted:
            return mid
        elif n > wanted:
            lo = mid
        else:
            hi = mid
    return hi


if __name__ == "__main__":
    flyte.init()
    flyte.run(fleet_report).wait()
