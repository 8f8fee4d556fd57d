from functools import partial

import flyte

env = flyte.TaskEnvironment("partials")


@env.task
def scale(factor: float, value: float) -> float:
    return factor * value


@env.task
def shift(value: float, by: float = 1.0) -> float:
    return value + by


@env.task
def main(values: list[float], factor: float = 2.0) -> list[float]:
    scaled = list(flyte.map(partial(scale, factor), values, return_exceptions=False))
    shifted = flyte.map(partial(shift, by=0.5), scaled, return_exceptions=False)
    return [value for value in shifted if value > 0]
