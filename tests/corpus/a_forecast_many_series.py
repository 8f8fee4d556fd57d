# drivers: forecast_series, forecast_store, forecast_all, reconcile_and_report
"""Forecast thousands of series; champion/challenger by back test; hierarchical reconciliation."""
import asyncio
import statistics
from typing import Callable

import flyte
from flyte import Resources, RetryStrategy

env = flyte.TaskEnvironment("forecast", resources=Resources(cpu="500m", memory="512Mi"))


@env.task(retries=RetryStrategy(count=2))
def fit_ets(history: list[float], horizon: int) -> list[float]:
    from statsmodels.tsa.holtwinters import ExponentialSmoothing

    return list(ExponentialSmoothing(history).fit().forecast(horizon))


@env.task
def fit_arima(history: list[float], horizon: int) -> list[float]:
    from statsmodels.tsa.arima.model import ARIMA

    return list(ARIMA(history, order=(1, 1, 1)).fit().forecast(horizon))


@env.task
def naive(history: list[float], horizon: int) -> list[float]:
    return [history[-1]] * horizon


@env.task
def load_series(store: int) -> dict[str, list[float]]:
    return {f"sku{i}": [float(i)] * 100 for i in range(10)}


@env.task
def adjust_totals(store_forecasts: dict[int, float], total: float) -> dict[int, float]:
    ratio = total / (sum(store_forecasts.values()) or 1.0)
    return {k: v * ratio for k, v in store_forecasts.items()}


MODELS: dict[str, Callable] = {"ets": fit_ets, "arima": fit_arima, "naive": naive}


def smape(a, f):
    return statistics.mean(2 * abs(x - y) / (abs(x) + abs(y) or 1) for x, y in zip(a, f))


@env.task
async def forecast_series(history: list[float], horizon: int = 14) -> tuple[str, list[float]]:
    if len(history) < 2 * horizon:
        return "naive", await naive.aio(history, horizon)

    train, test = history[:-horizon], history[-horizon:]
    names = list(MODELS)
    attempts = await asyncio.gather(*[MODELS[n].aio(train, horizon) for n in names], return_exceptions=True)
    errors = {n: smape(test, a) for n, a in zip(names, attempts) if not isinstance(a, Exception)}
    winner = min(errors, key=errors.get) if errors else "naive"
    model = MODELS[winner]
    return winner, await model.aio(history, horizon)


@env.task
async def forecast_store(store: int, horizon: int = 14) -> float:
    series = await load_series.aio(store)
    forecasts = {}
    async with asyncio.TaskGroup() as tg:
        running = {sku: tg.create_task(forecast_series(h, horizon)) for sku, h in series.items()}
    for sku, task in running.items():
        name, values = task.result()
        print(f"store {store} {sku}: {name}")
        forecasts[sku] = sum(values)
    return sum(forecasts.values())


@env.task
async def forecast_all(stores: list[int], horizon: int = 14, batch: int = 50) -> dict[int, float]:
    totals: dict[int, float] = {}
    for i in range(0, len(stores), batch):
        chunk = stores[i : i + batch]
        totals.update(zip(chunk, await asyncio.gather(*[forecast_store(s, horizon) for s in chunk])))
    return totals


@env.task
async def reconcile_and_report(stores: list[int], top_down_total: float | None = None) -> dict[int, float]:
    bottom_up = await forecast_all(stores)
    final = bottom_up if top_down_total is None else await adjust_totals.aio(bottom_up, top_down_total)
    worst, *_, best = sorted(final, key=final.__getitem__)
    print(f"lowest store {worst}, highest store {best}")
    return final


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(reconcile_and_report, stores=list(range(200)))
