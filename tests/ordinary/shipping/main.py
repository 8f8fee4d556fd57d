"""Parcels, sorted by country."""

from collections import defaultdict

import flyte

env = flyte.TaskEnvironment("main")


@env.task
async def weigh(parcel: str) -> float:
    return float(len(parcel))


@env.task
async def label(parcel: str, weight: float, country: str) -> str:
    return f"{country}/{parcel}/{weight:.1f}"


@env.task
async def main(parcels: dict[str, str]) -> dict[str, list[str]]:
    by_country: dict[str, list[str]] = defaultdict(list)
    for parcel, country in parcels.items():
        weight = await weigh(parcel)
        by_country[country].append(await label(parcel, weight, country))
    return dict(by_country)
