# drivers: simulate_policy, search_policy, stress
"""Inventory simulation; policy search by bisection; stress test by scenario dict."""
import asyncio
import dataclasses
import random
from typing import Callable, Iterable

import flyte

env = flyte.TaskEnvironment(name="inventory")


@dataclasses.dataclass
class Policy:
    reorder_point: int
    order_up_to: int

    def __post_init__(self):
        if not 0 <= self.reorder_point < self.order_up_to:
            raise ValueError(f"bad policy {self}")


@dataclasses.dataclass
class Outcome:
    fill_rate: float
    cost: float


@env.task
async def demand_path(sku: str, weeks: int, seed: int, shock: float = 1.0) -> list[int]:
    rng = random.Random(seed)
    return [max(0, int(rng.gauss(20, 5) * shock)) for _ in range(weeks)]


@env.task
async def simulate(policy: Policy, demand: list[int], lead_time: int = 2) -> Outcome:
    stock, served, cost = policy.order_up_to, 0, 0.0
    pipeline: list[int] = [0] * lead_time
    for d in demand:
        stock += pipeline.pop(0)
        s = min(stock, d)
        served += s
        stock -= s
        pipeline.append(policy.order_up_to - stock if stock <= policy.reorder_point else 0)
        cost += 0.1 * stock
    return Outcome(served / max(1, sum(demand)), cost)


@env.task
async def summarise(outcomes: list[Outcome]) -> Outcome:
    n = len(outcomes)
    return Outcome(sum(o.fill_rate for o in outcomes) / n, sum(o.cost for o in outcomes) / n)


async def replicate(policy: Policy, sku: str, n: int, shock: float = 1.0) -> list[Outcome]:
    async def one(seed: int) -> Outcome:
        return await simulate(policy, await demand_path(sku, 52, seed, shock))

    return list(await asyncio.gather(*[one(s) for s in range(n)]))


@env.task
async def simulate_policy(sku: str, policy: Policy, replications: int = 20) -> Outcome:
    return await summarise(await replicate(policy, sku, replications))


@env.task
async def search_policy(sku: str, target: float = 0.98, hi: int = 200) -> Policy | None:
    lo, best = 1, None
    while lo < hi:
        mid = (lo + hi) // 2
        policy = Policy(mid, mid * 2)
        outcome = await simulate_policy(sku, policy)
        print(f"{sku}: s={mid} fill={outcome.fill_rate:.3f} cost={outcome.cost:.0f}")
        if outcome.fill_rate >= target:
            best, hi = policy, mid
        else:
            lo = mid + 1
    return best


@env.task
async def stress(skus: list[str], policies: dict[str, Policy]) -> dict[str, dict[str, float]]:
    scenarios: dict[str, Callable[[str], float]] = {
        "base": lambda sku: 1.0,
        "promo": lambda sku: 1.5 if sku.startswith("A") else 1.1,
        "crash": lambda sku: 0.4,
    }
    report: dict[str, dict[str, float]] = {}
    for name, shock in scenarios.items():
        row = {}
        for sku in skus:
            if sku not in policies:
                continue
            outcomes = await replicate(policies[sku], sku, 10, shock(sku))
            row[sku] = (await summarise(outcomes)).fill_rate
        report[name] = row
    return report


if __name__ == "__main__":
    flyte.init_from_config()
    print(flyte.run(search_policy, sku="A-100").outputs())
