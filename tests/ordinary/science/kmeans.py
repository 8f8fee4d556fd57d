"""k-means: the assignment in parallel, the centres in the driver."""

import asyncio
import math

import flyte

env = flyte.TaskEnvironment("kmeans")

Point = tuple[float, float]


@env.task
async def assign(points: list[Point], centres: list[Point]) -> list[int]:
    return [
        min(range(len(centres)), key=lambda i: math.dist(point, centres[i])) for point in points
    ]


def centre(points: list[Point]) -> Point:
    return (
        sum(x for x, _ in points) / len(points),
        sum(y for _, y in points) / len(points),
    )


@env.task
async def main(points: list[Point], k: int = 2, rounds: int = 10, parts: int = 4) -> list[Point]:
    centres = points[:k]
    for _ in range(rounds):
        chunks = [points[i::parts] for i in range(parts)]
        labels = await asyncio.gather(*[assign(chunk, centres) for chunk in chunks])
        groups: dict[int, list[Point]] = {i: [] for i in range(k)}
        for chunk, found in zip(chunks, labels):
            for point, label in zip(chunk, found):
                groups[label].append(point)
        moved = [centre(group) if group else centres[i] for i, group in groups.items()]
        if moved == centres:
            break
        centres = moved
    return centres
