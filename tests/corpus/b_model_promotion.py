# drivers: canary, promote, release_all
"""Model registry: validate a candidate, canary it in growing slices of traffic, promote or roll back."""
import asyncio
import logging
from contextlib import asynccontextmanager
from typing import NamedTuple

import flyte
import mlflow

env = flyte.TaskEnvironment("registry", secrets="MLFLOW_TOKEN")
logger = logging.getLogger("registry")

SLICES = (0.01, 0.05, 0.25, 0.5, 1.0)


class Model(NamedTuple):
    name: str
    version: int
    uri: str


class Metrics(NamedTuple):
    error_rate: float
    p99_ms: float


class CanaryFailed(Exception):
    def __init__(self, model: Model, share: float, metrics: Metrics):
        self.model, self.share, self.metrics = model, share, metrics
        super().__init__(f"{model.name} v{model.version} failed at {share:.0%}: {metrics}")


@env.task
async def latest_candidate(name: str) -> Model:
    v = mlflow.MlflowClient().get_latest_versions(name, stages=["Staging"])[0]
    return Model(name, int(v.version), v.source)


@env.task
async def current_production(name: str) -> Model | None:
    return None


@env.task(retries=2)
async def set_traffic(model: Model, share: float) -> None:
    logger.info("traffic of %s → %.2f", model.uri, share)


@env.task
async def measure(model: Model, minutes: int) -> Metrics:
    return Metrics(0.001, 120.0)


@env.task
async def validate(model: Model, dataset: str) -> float:
    return 0.93


@env.task
async def tag(model: Model, stage: str) -> Model:
    return model


@env.task
async def acquire_lease(name: str) -> str:
    return "lease-" + name


@env.task
async def release_lease(lease: str) -> None: ...


@asynccontextmanager
async def lease(name: str):
    token = await acquire_lease(name)
    try:
        yield token
    finally:
        await release_lease(token)


@env.task
async def canary(candidate: Model, production: Model | None, max_error: float = 0.01) -> Metrics:
    baseline = await measure(production, 10) if production else Metrics(max_error, 500.0)
    metrics = baseline
    for share in SLICES:
        await set_traffic(candidate, share)
        metrics = await measure(candidate, minutes=5 if share < 0.5 else 15)
        healthy = metrics.error_rate <= max_error and metrics.p99_ms <= 1.2 * baseline.p99_ms
        if not healthy:
            raise CanaryFailed(candidate, share, metrics)
    return metrics


@env.task
async def promote(name: str, threshold: float = 0.9) -> str:
    async with lease(name) as token:
        logger.info("holding %s", token)
        candidate, production = await asyncio.gather(latest_candidate(name), current_production(name))
        if production is not None and candidate.version <= production.version:
            return "nothing to do"
        scores = await asyncio.gather(*[validate(candidate, ds) for ds in ("holdout", "golden", "recent")])
        if min(scores) < threshold:
            await tag(candidate, "rejected")
            return f"rejected ({min(scores):.3f})"
        try:
            await canary(candidate, production)
        except CanaryFailed as err:
            await set_traffic(candidate, 0.0)
            if production is not None:
                await set_traffic(production, 1.0)
            await tag(candidate, "rolled-back")
            return str(err)
        else:
            promoted = await tag(candidate, "production")
            if production:
                await tag(production, "archived")
    return f"promoted v{promoted.version}"


@env.task
async def release_all(names: list[str]) -> dict[str, str]:
    outcome = dict(zip(names, await asyncio.gather(*map(promote, names))))
    return outcome


if __name__ == "__main__":
    import typer

    def cli(names: list[str]):
        flyte.init_from_config()
        print(flyte.run(release_all, names=names).url)

    typer.run(cli)
