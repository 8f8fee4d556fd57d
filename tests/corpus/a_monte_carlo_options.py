# drivers: price, greeks, book_risk, estimate_pi
"""Monte-Carlo pricing, variance driven stopping. Plus the obligatory pi."""
import asyncio
import math
import typing
from dataclasses import dataclass

import flyte
import numpy as np

env = flyte.TaskEnvironment(name="monte_carlo", resources=flyte.Resources(cpu=1, memory="256Mi"))


@dataclass(frozen=True)
class Option:
    spot: float
    strike: float
    vol: float
    maturity: float
    rate: float = 0.01

    def bump(self, **kw: float) -> "Option":
        return Option(**{**self.__dict__, **kw})


class Estimate(typing.NamedTuple):
    mean: float
    stderr: float
    n: int


@env.task
async def paths(option: Option, n: int, seed: int) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    z = rng.standard_normal(n)
    st = option.spot * np.exp((option.rate - option.vol**2 / 2) * option.maturity + option.vol * math.sqrt(option.maturity) * z)
    pay = np.exp(-option.rate * option.maturity) * np.maximum(st - option.strike, 0)
    return float(pay.sum()), float((pay**2).sum())


@env.task
def darts(n: int, seed: int) -> int:
    rng = np.random.default_rng(seed)
    return int((rng.random(n) ** 2 + rng.random(n) ** 2 < 1).sum())


@env.task
async def price(option: Option, tol: float = 0.01, batch: int = 8, n: int = 100_000) -> Estimate:
    total = total_sq = 0.0
    count = 0
    seed = 0
    est = Estimate(math.nan, math.inf, 0)
    while est.stderr > tol and seed < 1000:
        sums = await asyncio.gather(*[paths(option, n, s) for s in range(seed, seed + batch)])
        for s, ss in sums:
            total += s
            total_sq += ss
        count += n * batch
        seed += batch
        mean = total / count
        var = total_sq / count - mean**2
        est = Estimate(mean, math.sqrt(var / count), count)
    return est


@env.task
async def greeks(option: Option, h: float = 0.01) -> dict[str, float]:
    up, mid, down, vega_up = await asyncio.gather(
        price(option.bump(spot=option.spot + h)),
        price(option),
        price(option.bump(spot=option.spot - h)),
        price(option.bump(vol=option.vol + h)),
    )
    return {
        "price": mid.mean,
        "delta": (up.mean - down.mean) / (2 * h),
        "gamma": (up.mean - 2 * mid.mean + down.mean) / h**2,
        "vega": (vega_up.mean - mid.mean) / h,
    }


@env.task
async def book_risk(book: dict[str, Option], positions: dict[str, float]) -> dict[str, float]:
    names = [n for n in book if positions.get(n)]
    risks = {n: g for n, g in zip(names, await asyncio.gather(*[greeks(book[n]) for n in names]))}
    net: dict[str, float] = {}
    for name, g in risks.items():
        for k, v in g.items():
            net[k] = net.get(k, 0.0) + positions[name] * v
    return net


@env.task
def estimate_pi(n: int = 1_000_000, shards: int = 20) -> float:
    hits = sum(flyte.map(darts, [n] * shards, list(range(shards)), return_exceptions=False))
    return 4 * hits / (n * shards)


if __name__ == "__main__":
    flyte.init()
    print(flyte.with_runcontext(mode="local").run(estimate_pi, n=1000, shards=2).outputs())
