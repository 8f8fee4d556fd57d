# drivers: candidate, shadow_test, promote, rollback
"""Champion/challenger promotion with a shadow period and rollback."""
import asyncio
import datetime as dt
import logging
from dataclasses import dataclass
from enum import StrEnum

import flyte
import mlflow

logger = logging.getLogger(__name__)
env = flyte.TaskEnvironment("registry", secrets=[flyte.Secret(key="mlflow", as_env_var="MLFLOW_TRACKING_TOKEN")])


class Stage(StrEnum):
    NONE = "None"
    SHADOW = "Shadow"
    PRODUCTION = "Production"
    ARCHIVED = "Archived"


@dataclass
class Version:
    model: str
    number: int
    stage: Stage = Stage.NONE
    auc: float = 0.0


class PromotionRefused(Exception):
    def __init__(self, version: Version, reason: str):
        super().__init__(f"{version.model} v{version.number}: {reason}")
        self.version = version


@env.task
async def train(model: str, until: dt.date) -> Version:
    return Version(model, 7)


@env.task
async def validate(version: Version, day: dt.date) -> float:
    return 0.8


@env.task
async def current(model: str, stage: Stage) -> Version | None:
    return None


@env.task
async def transition(version: Version, stage: Stage) -> Version:
    mlflow.MlflowClient().transition_model_version_stage(version.model, version.number, stage.value)
    version.stage = stage
    return version


@env.task
async def bias_audit(version: Version, attribute: str) -> float:
    return 0.01


@env.task
async def mirror_traffic(version: Version, day: dt.date) -> dict[str, float]:
    return {"latency_ms": 12.0, "auc": 0.8}


@env.task
async def candidate(model: str, until: dt.date, attributes: list[str]) -> Version:
    version = await train(model, until)
    version.auc, *gaps = await asyncio.gather(
        validate(version, until), *[bias_audit(version, a) for a in attributes]
    )
    unfair = [a for a, g in zip(attributes, gaps) if g > 0.05]
    if unfair:
        raise PromotionRefused(version, f"unfair on {unfair}")
    return await transition(version, Stage.SHADOW)


@env.task
async def shadow_test(version: Version, start: dt.date, days: int = 7) -> bool:
    slow = 0
    for n in range(days):
        m = await mirror_traffic(version, start + dt.timedelta(days=n))
        if m["auc"] < version.auc - 0.05:
            return False
        slow += m["latency_ms"] > 50
    return slow <= days // 3


@env.task
async def promote(model: str, today: dt.date, attributes: list[str]) -> Version:
    try:
        new = await candidate(model, today, attributes)
    except PromotionRefused as e:
        logger.error("refused: %s", e)
        raise
    old = await current(model, Stage.PRODUCTION)
    if old is not None and old.auc >= new.auc:
        return old
    passed = await shadow_test(new, today)
    if not passed:
        await transition(new, Stage.ARCHIVED)
        raise PromotionRefused(new, "failed in shadow")
    if old:
        await transition(old, Stage.ARCHIVED)
    return await transition(new, Stage.PRODUCTION)


@env.task
async def rollback(model: str, to: Version) -> Version:
    if (bad := await current(model, Stage.PRODUCTION)) and bad.number != to.number:
        await transition(bad, Stage.ARCHIVED)
    return await transition(to, Stage.PRODUCTION)
