# drivers: abc_smc, counterfactuals, region_report
"""ABC-SMC calibration of an SEIR model (particles -> accept -> perturb), then scenarios."""
import asyncio
import math
import random
from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("seir", resources=flyte.Resources(cpu=1, memory="256Mi"))


@dataclass
class Theta:
    beta: float
    gamma: float

    def perturb(self, rng: random.Random, scale: float = 0.1) -> "Theta":
        return Theta(self.beta * math.exp(rng.gauss(0, scale)), self.gamma * math.exp(rng.gauss(0, scale)))

    @property
    def r0(self) -> float:
        return self.beta / self.gamma


@env.task
async def cases(region: str) -> list[int]:
    return [10, 20, 40, 80, 120]


@env.task
async def simulate(theta: Theta, days: int, seed: int, lockdown: int | None = None) -> list[int]:
    return [int(10 * math.exp((theta.beta - theta.gamma) * d)) for d in range(days)]


@env.task
async def hospital_load(curve: list[int]) -> int:
    return max(curve) // 20


def distance(a: list[int], b: list[int]) -> float:
    return math.sqrt(sum((x - y) ** 2 for x, y in zip(a, b)))


@env.task
async def abc_smc(region: str, particles: int = 100, rounds: int = 5, seed: int = 1) -> list[Theta]:
    data = await cases(region)
    rng = random.Random(seed)
    population = [Theta(rng.uniform(0.1, 1), rng.uniform(0.05, 0.5)) for _ in range(particles)]
    eps = math.inf
    for r in range(rounds):
        accepted: list[tuple[float, Theta]] = []
        tries = 0
        while len(accepted) < particles:
            tries += 1
            if tries > 20:
                print(f"{region}: acceptance collapsed in round {r}, eps={eps:.1f}")
                return population
            proposals = [rng.choice(population).perturb(rng) for _ in range(particles)]
            curves = await asyncio.gather(*[simulate(p, len(data), rng.randrange(2**31)) for p in proposals])
            accepted.extend((d, p) for p, c in zip(proposals, curves) if (d := distance(c, data)) < eps)
        accepted.sort(key=lambda dp: dp[0])
        population = [p for _, p in accepted[:particles]]
        eps = accepted[particles // 2][0]
    return population


@env.task
async def counterfactuals(thetas: list[Theta], days: int = 90) -> dict[str, float]:
    scenarios = {"none": None, "early": 10, "late": 30}
    peaks: dict[str, float] = {}
    for name, day in scenarios.items():
        curves = await asyncio.gather(*[simulate(t, days, i, lockdown=day) for i, t in enumerate(thetas)])
        loads = [await hospital_load(c) for c in curves]
        peaks[name] = sum(loads) / len(loads)
    return peaks


@env.task
async def region_report(regions: list[str]) -> dict[str, str]:
    posteriors = dict(zip(regions, await asyncio.gather(*[abc_smc(r) for r in regions])))
    report = {}
    for region, thetas in posteriors.items():
        r0 = sum(t.r0 for t in thetas) / len(thetas)
        if r0 <= 1:
            report[region] = f"R0={r0:.2f}, dying out"
            continue
        peaks = await counterfactuals(thetas[:20])
        gain = peaks["late"] - peaks["early"]
        report[region] = f"R0={r0:.2f}, early lockdown saves {gain:.0f} beds"
    return report
