"""One call after another, with plain Python and a guard between them."""

import flyte

env = flyte.TaskEnvironment("prices", resources=flyte.Resources(cpu=1))


@env.task
def average(prices: list[float]) -> float:
    return sum(prices) / len(prices)


@env.task
def rounded(price: float, digits: int = 2) -> float:
    return round(price, digits)


@env.task
def quote(prices: list[float], rebate: float) -> float:
    price = average(prices)
    price = price * (1 - rebate)
    if price < 0:
        raise ValueError("a price is never negative")
    return rounded(price, digits=1)
