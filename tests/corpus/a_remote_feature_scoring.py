# drivers: score_customers, score_with_fallback, orchestrate
"""Uses tasks that another team deployed (remote.Task.get)."""
import asyncio
import logging
import os

import flyte
from flyte import remote

log = logging.getLogger(__name__)

VERSION = os.getenv("MODEL_ENV_VERSION", "2024.11.3")

env = flyte.TaskEnvironment("scoring", resources=flyte.Resources(cpu=1, memory="1Gi"))


@env.task
async def local_score(features: dict[str, float]) -> float:
    return 0.5 * features.get("recency", 0.0)


@env.task
async def store_scores(scores: dict[str, float], table: str = "scores") -> int:
    return len(scores)


@env.task
async def customers(segment: str, limit: int = 1000) -> list[str]:
    return [f"{segment}-{i}" for i in range(limit)]


@env.task
async def score_customers(segment: str) -> dict[str, float]:
    features = remote.Task.get("feature_store.features_for", auto_version="latest")
    model = remote.Task.get("risk_models.score", version=VERSION)

    ids = await customers(segment)
    feats = await asyncio.gather(*[features(customer_id=i) for i in ids])
    scores = await asyncio.gather(*[model(features=f) for f in feats])
    return dict(zip(ids, scores))


@env.task
async def score_with_fallback(customer: str) -> tuple[float, str]:
    features = remote.Task.get("feature_store.features_for", auto_version="latest")
    f = await features(customer_id=customer)
    try:
        model = remote.Task.get("risk_models.score", version=VERSION)
        return await model(features=f), "remote"
    except Exception as e:
        log.warning(f"remote model failed for {customer}: {e}")
        return await local_score(f), "local"


@env.task
async def orchestrate(segments: list[str], careful: bool = False) -> dict[str, int]:
    written: dict[str, int] = {}
    for segment in segments:
        if careful:
            ids = await customers(segment, limit=10)
            pairs = await asyncio.gather(*[score_with_fallback(i) for i in ids])
            scores = {i: s for i, (s, _) in zip(ids, pairs)}
            n_local = sum(1 for _, origin in pairs if origin == "local")
            log.info(f"{segment}: {n_local} scored locally")
        else:
            scores = await score_customers(segment)
        written[segment] = await store_scores(scores, table=f"scores_{segment}")
    return written


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.deploy(env)
    run = flyte.run(orchestrate, segments=["gold", "silver"])
    print(run.name, run.url)
