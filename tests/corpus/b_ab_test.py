# drivers: simulate_arm, thompson, analyse_experiment, sequential_test, weekly_experiments
"""Experiments: bandits, sequential tests, analysis with guard rails."""
import asyncio
import itertools
import math
import random
import typing

import flyte
import scipy.stats as st

env = flyte.TaskEnvironment("experiments")


class Arm(typing.NamedTuple):
    name: str
    trials: int = 0
    wins: int = 0

    def rate(self):
        return self.wins / self.trials if self.trials else 0.0


class Outcome(typing.TypedDict):
    winner: str | None
    p: float
    days: int


@env.task
async def expose(experiment: str, arm: str, n: int, seed: int) -> int:
    rng = random.Random(f"{experiment}/{arm}/{seed}")
    return sum(rng.random() < 0.1 for _ in range(n))


@env.task
async def daily_counts(experiment: str, day: int) -> tuple[Arm, Arm]:
    return Arm("control", 1000, 100), Arm("variant", 1000, 110)


@env.task
async def p_value(a: Arm, b: Arm) -> float:
    return float(st.fisher_exact([[a.wins, a.trials - a.wins], [b.wins, b.trials - b.wins]])[1])


@env.task
async def guardrail(experiment: str, metric: str) -> bool:
    return True


@env.task
async def stop_experiment(experiment: str, reason: str) -> None:
    print(experiment, reason)


@env.task
async def simulate_arm(experiment: str, name: str, batches: int, size: int = 100) -> Arm:
    wins = await asyncio.gather(*(expose(experiment, name, size, b) for b in range(batches)))
    return Arm(name, batches * size, sum(wins))


@env.task
async def thompson(experiment: str, names: list[str], rounds: int = 50, seed: int = 0) -> Arm:
    rng = random.Random(seed)
    arms = {n: Arm(n) for n in names}
    for r in range(rounds):
        pick = max(arms.values(), key=lambda a: rng.betavariate(1 + a.wins, 1 + a.trials - a.wins))
        wins = await expose(experiment, pick.name, 20, seed=r)
        arms[pick.name] = pick._replace(trials=pick.trials + 20, wins=pick.wins + wins)
    return max(arms.values(), key=Arm.rate)


@env.task
async def sequential_test(experiment: str, alpha: float = 0.05, max_days: int = 28) -> Outcome:
    total_a, total_b = Arm("control"), Arm("variant")
    p = 1.0
    for day in itertools.count(1):
        a, b = await daily_counts(experiment, day)
        total_a = Arm("control", total_a.trials + a.trials, total_a.wins + a.wins)
        total_b = Arm("variant", total_b.trials + b.trials, total_b.wins + b.wins)
        # O'Brien-Fleming like spending
        level = alpha * math.sqrt(day / max_days)
        p = await p_value(total_a, total_b)
        if p < level:
            break
        if day >= max_days:
            return Outcome(winner=None, p=p, days=day)
    best = total_a if total_a.rate() > total_b.rate() else total_b
    return {"winner": best.name, "p": p, "days": day}


@env.task
async def analyse_experiment(experiment: str, metrics: list[str]) -> Outcome | None:
    checks = {m: guardrail(experiment, m) for m in metrics}
    broken = []
    for metric, check in checks.items():
        if not await check:
            broken.append(metric)
    if broken:
        await stop_experiment(experiment, f"guard rails: {broken}")
        return None
    return await sequential_test(experiment)


@env.task
async def weekly_experiments(names: list[str], pilot: bool = False) -> dict[str, Outcome | None]:
    if pilot:
        a, b = await asyncio.gather(
            simulate_arm(names[0], "control", batches=10), simulate_arm(names[0], "variant", batches=10)
        )
        print(f"pilot p={await p_value(a, b):.3f}; bandit says {(await thompson(names[0], [a.name, b.name])).name}")
    results = await asyncio.gather(*[analyse_experiment(n, ["latency", "churn"]) for n in names])
    return {n: r for n, r in zip(names, results)}


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(weekly_experiments, names=["new-button"])
