"""Trains with a random start; the driver only looks at the losses."""

import math
import random

import flyte

env = flyte.TaskEnvironment("training", resources=flyte.Resources(cpu=2, memory="1Gi"))


@env.task(retries=2)
async def train_epoch(weights: list[float], rate: float) -> tuple[list[float], float]:
    moved = [weight - rate * (weight - random.gauss(1, 0.1)) for weight in weights]
    loss = sum((weight - 1) ** 2 for weight in moved)
    return moved, loss


@env.task
async def start(size: int, seed: int = 0) -> list[float]:
    random.seed(seed)
    return [random.random() for _ in range(size)]


@env.task
async def main(size: int = 8, epochs: int = 10, rate: float = 0.1) -> float:
    weights = await start(size)
    best = math.inf
    for epoch in range(epochs):
        weights, loss = await train_epoch(weights, rate)
        print(f"epoch {epoch}: {loss:.4f}")
        if loss < best:
            best = loss
        else:
            rate /= 2
    return best


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(main, epochs=3).wait()
