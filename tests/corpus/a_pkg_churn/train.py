# drivers: train_one, train_all
from __future__ import annotations

import asyncio
import logging

import flyte
from sklearn.linear_model import LogisticRegression

from . import envs
from .features import FeatureSpec
from .features import build_features as build

logger = logging.getLogger(__name__)


@envs.train_env.task
async def fit(uri: str, c: float) -> str:
    LogisticRegression(C=c)
    return f"{uri}/model-{c}"


@envs.train_env.task
async def evaluate(model: str, uri: str) -> float:
    return 0.8


@envs.train_env.task
async def train_one(uri: str, c: float) -> tuple[str, float]:
    model = await fit(uri, c)
    auc = await evaluate(model, uri)
    logger.info("C=%s auc=%.3f", c, auc)
    return model, auc


@envs.train_env.task
async def train_all(spec: FeatureSpec, cs: list[float]) -> str:
    uri = await build(spec)
    with flyte.group("grid"):
        scored = await asyncio.gather(*[train_one(uri, c) for c in cs])
    best_model, best_auc = max(scored, key=lambda pair: pair[1])
    if best_auc < 0.6:
        raise ValueError(f"best auc {best_auc:.3f} is no better than chance")
    return best_model
