# drivers: analyse_metric, sequential_test, experiment_report
"""A/B test read-out with a sequential variant."""
import asyncio
import enum
import math
import random

import flyte
import numpy as np
from scipy import stats

env = flyte.TaskEnvironment(name="abtest", description="experiment analysis")


class Verdict(enum.Enum):
    SHIP = "ship"
    KILL = "kill"
    KEEP_RUNNING = "keep running"


class NotEnoughData(ValueError):
    """Raised when an arm has fewer than MIN_USERS users."""


MIN_USERS = 200


@env.task
async def pull_metric(experiment: str, arm: str, metric: str, day: int = -1) -> list[float]:
    rng = random.Random(f"{experiment}{arm}{metric}{day}")
    return [rng.gauss(0, 1) for _ in range(1000)]


@env.task
async def winsorize(values: list[float], pct: float = 0.01) -> list[float]:
    lo, hi = np.quantile(values, [pct, 1 - pct])
    return np.clip(values, lo, hi).tolist()


@env.task
async def bootstrap(a: list[float], b: list[float], n: int, seed: int) -> tuple[float, float]:
    rng = np.random.default_rng(seed)
    diffs = [rng.choice(b, len(b)).mean() - rng.choice(a, len(a)).mean() for _ in range(n)]
    return tuple(np.quantile(diffs, [0.025, 0.975]))


@env.task
async def welch(a: list[float], b: list[float]) -> tuple[float, float]:
    r = stats.ttest_ind(a, b, equal_var=False)
    return float(r.statistic), float(r.pvalue)


@env.task
async def analyse_metric(experiment: str, metric: str, *, robust: bool = True) -> dict[str, float]:
    control, treatment = await asyncio.gather(
        pull_metric(experiment, "control", metric),
        pull_metric(experiment, "treatment", metric),
    )
    if min(len(control), len(treatment)) < MIN_USERS:
        raise NotEnoughData(f"{metric}: {len(control)}/{len(treatment)} users")
    if robust:
        control, treatment = await asyncio.gather(winsorize(control), winsorize(treatment))
    (stat, p), (lo, hi) = await asyncio.gather(
        welch(control, treatment), bootstrap(control, treatment, n=2000, seed=1)
    )
    return {"t": stat, "p": p, "lo": lo, "hi": hi}


@env.task
async def sequential_test(experiment: str, metric: str, max_days: int = 28, alpha: float = 0.05) -> tuple[Verdict, int]:
    seen_a: list[float] = []
    seen_b: list[float] = []
    for day in range(1, max_days + 1):
        seen_a.extend(await pull_metric(experiment, "control", metric, day))
        seen_b.extend(await pull_metric(experiment, "treatment", metric, day))
        if len(seen_a) < MIN_USERS:
            continue
        t, p = await welch(seen_a, seen_b)
        # alpha spending, O'Brien-Fleming-ish
        if p < alpha * math.sqrt(day / max_days):
            return (Verdict.SHIP if t < 0 else Verdict.KILL), day
    return Verdict.KEEP_RUNNING, max_days


@env.task
async def experiment_report(experiment: str, metrics: list[str], primary: str) -> str:
    lines = [f"# {experiment}"]
    for metric in [primary, *(m for m in metrics if m != primary)]:
        try:
            res = await analyse_metric(experiment, metric)
        except NotEnoughData as e:
            lines.append(f"- {metric}: not enough data ({e})")
            continue
        star = "*" if res["p"] < 0.05 else ""
        lines.append(f"- {metric}: [{res['lo']:.3f}, {res['hi']:.3f}]{star}")
    verdict, day = await sequential_test(experiment, primary)
    lines.append(f"\nVerdict: **{verdict.value}** (day {day})")
    return "\n".join(lines)


if __name__ == "__main__":
    flyte.init_from_config()
    out = flyte.run(experiment_report, "new_checkout", ["revenue", "ctr"], primary="revenue")
    out.wait()
    print(out.outputs())
