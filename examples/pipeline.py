"""A model of electricity demand, from raw meter readings to a report.

Seven drivers in two environments: calls one after another and at once, Python between the calls,
a traced helper, and a search (`models.search`) that goes on until a range is narrow enough.

flyte-compile examples/pipeline.py --graph build/pipeline.svg -o build
flyte run examples/pipeline.py main --days 365
flyte run --source examples build/pipeline.plan.json main --days 365
"""

import asyncio
import math
import random
import statistics
from dataclasses import dataclass

import flyte

data = flyte.TaskEnvironment("data")
models = flyte.TaskEnvironment("models", depends_on=[data])


@dataclass(frozen=True)
class Reading:
    """One day at one site; a fault of the meter reads as a negative demand."""

    site: str
    day: int
    temperature: float
    demand: float


@dataclass(frozen=True)
class Split:
    train: list[Reading]
    test: list[Reading]


@dataclass(frozen=True)
class Model:
    """Demand as a line over the degrees below or above what is comfortable."""

    comfort: float
    base: float
    slope: float

    def predict(self, temperature: float) -> float:
        return self.base + self.slope * abs(temperature - self.comfort)


@dataclass(frozen=True)
class Score:
    name: str
    mean_error: float
    worst_error: float


@dataclass(frozen=True)
class Report:
    title: str
    readings: int
    model: Model
    scores: list[Score]
    text: str


# Ingest


@data.task
async def read_meter(site: str, days: int) -> list[Reading]:
    """Stands for a request to a meter: a year of weather, some noise and a few faults."""
    noise = random.Random(site)
    readings = []
    for day in range(days):
        temperature = 11 - 12 * math.cos(2 * math.pi * day / 365) + noise.gauss(0, 2)
        demand = 40 + 2.2 * abs(temperature - 16) + noise.gauss(0, 3)
        is_fault = noise.random() < 0.03
        readings.append(Reading(site, day, temperature, -1.0 if is_fault else demand))
    return readings


@data.task
async def merge(north: list[Reading], south: list[Reading], coast: list[Reading]) -> list[Reading]:
    return sorted([*north, *south, *coast], key=lambda reading: (reading.day, reading.site))


@data.task
async def ingest(days: int) -> list[Reading]:
    north, south, coast = await asyncio.gather(
        read_meter("north", days), read_meter("south", days), read_meter("coast", days)
    )
    return await merge(north, south, coast)


# Clean


@data.task
async def drop_faults(readings: list[Reading]) -> list[Reading]:
    return [reading for reading in readings if reading.demand >= 0]


@data.task
async def demand_limit(readings: list[Reading]) -> float:
    demands = [reading.demand for reading in readings]
    return statistics.mean(demands) + 3 * statistics.stdev(demands)


@data.task
async def cap(readings: list[Reading], limit: float) -> list[Reading]:
    return [
        Reading(each.site, each.day, each.temperature, min(each.demand, limit)) for each in readings
    ]


@data.task
async def clean(readings: list[Reading]) -> list[Reading]:
    valid = await drop_faults(readings)
    limit = await demand_limit(valid)
    return await cap(valid, limit)


@data.task
async def hold_out(readings: list[Reading], every: int) -> Split:
    train = [reading for reading in readings if reading.day % every]
    test = [reading for reading in readings if not reading.day % every]
    return Split(train, test)


@data.task
async def prepare(days: int) -> Split:
    readings = await ingest(days)
    cleaned = await clean(readings)
    share = len(cleaned) / len(readings)
    print(f"{len(cleaned)} of {len(readings)} readings are valid ({share:.0%})")
    return await hold_out(cleaned, every=5)


# Train


@models.task
async def fit(readings: list[Reading], comfort: float) -> Model:
    distances = [abs(reading.temperature - comfort) for reading in readings]
    line = statistics.linear_regression(distances, [reading.demand for reading in readings])
    return Model(round(comfort, 2), round(line.intercept, 2), round(line.slope, 2))


@models.task
async def error_of(model: Model, readings: list[Reading]) -> float:
    return statistics.mean(abs(model.predict(r.temperature) - r.demand) for r in readings)


@models.task
async def fit_mean(readings: list[Reading]) -> Model:
    """What a model has to beat: the same demand every day."""
    return Model(0.0, statistics.mean(reading.demand for reading in readings), 0.0)


@models.task
async def search(readings: list[Reading], lowest: float, highest: float) -> Model:
    """Halve the range of comfortable temperatures until it is narrow enough."""
    while highest - lowest > 2.0:
        third = (highest - lowest) / 3
        cool, warm = await asyncio.gather(
            fit(readings, lowest + third), fit(readings, highest - third)
        )
        cool_error, warm_error = await asyncio.gather(
            error_of(cool, readings), error_of(warm, readings)
        )
        if cool_error < warm_error:
            highest -= third
        else:
            lowest += third
    return await fit(readings, (lowest + highest) / 2)


@models.task
async def train(readings: list[Reading]) -> tuple[Model, Model]:
    baseline, model = await asyncio.gather(fit_mean(readings), search(readings, 10.0, 22.0))
    return baseline, model


# Evaluate


@models.task
async def worst_error(model: Model, readings: list[Reading]) -> float:
    return max(abs(model.predict(r.temperature) - r.demand) for r in readings)


@models.task
async def evaluate(name: str, model: Model, readings: list[Reading]) -> Score:
    mean, worst = await asyncio.gather(error_of(model, readings), worst_error(model, readings))
    return Score(name, round(mean, 2), round(worst, 2))


# Report


@flyte.trace
async def headline(error: float, baseline_error: float) -> str:
    """Stands for a question to a language model: recorded, and never asked again on resume."""
    return f"{1 - error / baseline_error:.0%} better than guessing the mean"


@models.task
async def write_report(title: str, readings: int, model: Model, scores: list[Score]) -> Report:
    lines = [f"{score.name}: {score.mean_error} on average" for score in scores]
    return Report(title, readings, model, scores, "; ".join(lines))


@models.task
async def main(days: int = 365) -> Report:
    split = await prepare(days)
    baseline, model = await train(split.train)
    baseline_score, model_score = await asyncio.gather(
        evaluate("baseline", baseline, split.test), evaluate("model", model, split.test)
    )
    title = await headline(model_score.mean_error, baseline_score.mean_error)
    readings = len(split.train) + len(split.test)
    return await write_report(title, readings, model, [baseline_score, model_score])
