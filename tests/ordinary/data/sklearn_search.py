"""A grid search over a forest."""

import asyncio
import itertools
from dataclasses import dataclass
from typing import Any

import flyte
import joblib
from flyte.io import File
from sklearn.datasets import load_breast_cancer
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import cross_val_score

env = flyte.TaskEnvironment(
    "forest",
    image=flyte.Image.from_debian_base().with_pip_packages("scikit-learn", "joblib"),
)


@dataclass
class Trial:
    depth: int
    trees: int
    score: float


@env.task
async def evaluate(depth: int, trees: int, folds: int = 5) -> Trial:
    features, target = load_breast_cancer(return_X_y=True)
    model = RandomForestClassifier(max_depth=depth, n_estimators=trees, random_state=0)
    scores = cross_val_score(model, features, target, cv=folds)
    return Trial(depth, trees, float(scores.mean()))


@env.task
async def fit(params: dict[str, int]) -> File:
    features, target = load_breast_cancer(return_X_y=True)
    model = RandomForestClassifier(**params, random_state=0).fit(features, target)
    joblib.dump(model, "model.joblib")
    return await File.from_local("model.joblib")


@env.task
async def main(depths: list[int], trees: list[int]) -> File:
    grid = list(itertools.product(depths, trees))
    trials = await asyncio.gather(*[evaluate(depth, count) for depth, count in grid])
    best = max(trials, key=lambda trial: trial.score)
    params: dict[str, Any] = {"max_depth": best.depth, "n_estimators": best.trees}
    return await fit(params)
