# drivers: portfolio_var, stress_portfolio, risk_report
"""Value at risk by Monte Carlo: split the paths, simulate in parallel, take quantiles."""
import argparse
import asyncio
import datetime
import math
from dataclasses import dataclass, replace

import flyte
import numpy as np

env = flyte.TaskEnvironment(
    "var",
    image=flyte.Image.from_debian_base().with_pip_packages("numpy"),
    resources=flyte.Resources(cpu="1", memory="1Gi"),
)

PATHS = 100_000
CHUNK = 10_000


@dataclass
class Position:
    ticker: str
    quantity: float
    price: float
    drift: float
    vol: float


@dataclass
class Scenario:
    name: str
    shock: float = 0.0
    vol_factor: float = 1.0


@env.task(cache="auto")
def simulate(position: Position, horizon_days: int, paths: int, seed: int) -> list[float]:
    rng = np.random.default_rng(seed)
    t = horizon_days / 252
    z = rng.standard_normal(paths)
    end = position.price * np.exp((position.drift - position.vol**2 / 2) * t + position.vol * math.sqrt(t) * z)
    return (position.quantity * (end - position.price)).tolist()


@env.task
def quantile(losses: list[list[float]], alpha: float) -> tuple[float, float]:
    total = np.sum(np.array(losses), axis=0)
    var = float(np.quantile(total, 1 - alpha))
    return -var, -float(total[total <= var].mean())


@env.task
async def portfolio_var(positions: list[Position], alpha: float = 0.99, days: int = 10) -> tuple[float, float]:
    pnl = []
    for p_index, p in enumerate(positions):
        with flyte.group(p.ticker):
            chunks = await asyncio.gather(
                *[simulate.aio(p, days, CHUNK, seed=p_index * 1000 + c) for c in range(PATHS // CHUNK)]
            )
        pnl.append([x for ch in chunks for x in ch])
    var, shortfall = await quantile.aio(pnl, alpha)
    return var, shortfall


@env.task
async def stress_portfolio(positions: list[Position], scenarios: list[Scenario]) -> dict[str, float]:
    stressed = {
        s.name: [replace(p, price=p.price * (1 + s.shock), vol=p.vol * s.vol_factor) for p in positions]
        for s in scenarios
    }
    values = await asyncio.gather(*[portfolio_var(ps) for ps in stressed.values()])
    return {name: var for name, (var, _) in zip(stressed, values)}


@env.task
async def risk_report(positions: list[Position], limit: float) -> str:
    today = datetime.date.today()
    base = asyncio.create_task(portfolio_var(positions))
    stress = asyncio.create_task(
        stress_portfolio(positions, [Scenario("crash", -0.3, 2.0), Scenario("calm", vol_factor=0.5)])
    )
    var, es = await base
    by_scenario = await stress
    worst = max(by_scenario, key=by_scenario.get)
    status = "BREACH" if var > limit else "ok" if var < 0.8 * limit else "close"
    lines = [f"{today:%Y-%m-%d}: VaR {var:,.0f} ES {es:,.0f} [{status}]"]
    lines += [f"  {n}: {v:,.0f}" for n, v in sorted(by_scenario.items())]
    lines.append(f"worst: {worst}")
    return "\n".join(lines)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--limit", type=float, default=1e6)
    args = parser.parse_args()
    flyte.init_from_config()
    book = [Position("ABC", 100, 50.0, 0.05, 0.2), Position("XYZ", -20, 300.0, 0.02, 0.4)]
    print(flyte.run(risk_report, positions=book, limit=args.limit).outputs())
