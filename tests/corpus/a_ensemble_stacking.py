# drivers: fit_base_models, stack, blend_sync
"""Stacked ensemble. Base learners live in a registry (dict name -> task)."""
import asyncio

import flyte
import joblib
import numpy as np
import pandas as pd
from flyte.io import DataFrame, File
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression

image = flyte.Image.from_debian_base().with_pip_packages("scikit-learn", "joblib", "pandas")
env = flyte.TaskEnvironment(name="stacking", image=image, resources=flyte.Resources(cpu=4, memory="8Gi"))


async def _dump(model, name) -> File:
    path = f"/tmp/{name}.joblib"
    joblib.dump(model, path)
    return await File.from_local(path)


@env.task
async def fit_rf(data: DataFrame, seed: int) -> File:
    df = await data.open(pd.DataFrame).all()
    m = RandomForestClassifier(random_state=seed).fit(df.drop(columns="y"), df.y)
    return await _dump(m, f"rf-{seed}")


@env.task
async def fit_et(data: DataFrame, seed: int) -> File:
    df = await data.open(pd.DataFrame).all()
    m = ExtraTreesClassifier(random_state=seed).fit(df.drop(columns="y"), df.y)
    return await _dump(m, f"et-{seed}")


@env.task
async def fit_lr(data: DataFrame, seed: int) -> File:
    df = await data.open(pd.DataFrame).all()
    return await _dump(LogisticRegression(random_state=seed).fit(df.drop(columns="y"), df.y), "lr")


BASE_LEARNERS = {"rf": fit_rf, "et": fit_et, "lr": fit_lr}


@env.task
async def predict(model: File, data: DataFrame) -> list[float]:
    return [0.0]


@env.task
async def fit_meta(columns: dict[str, list[float]], data: DataFrame) -> File:
    X = np.column_stack(list(columns.values()))
    return await _dump(LogisticRegression().fit(X, [0] * len(X)), "meta")


@env.task
def average(columns: list[list[float]], weights: list[float]) -> list[float]:
    return list(np.average(np.array(columns), axis=0, weights=weights))


@env.task
async def fit_base_models(data: DataFrame, seed: int = 7) -> dict[str, File]:
    names = list(BASE_LEARNERS)
    models = await asyncio.gather(*[BASE_LEARNERS[name](data, seed) for name in names])
    return dict(zip(names, models))


@env.task
async def stack(train: DataFrame, holdout: DataFrame) -> File:
    models = await fit_base_models(train)
    pending = {name: asyncio.create_task(predict(model, holdout)) for name, model in models.items()}
    columns = {}
    for name, fut in pending.items():
        columns[name] = await fut
    return await fit_meta(columns, holdout)


@env.task
def blend_sync(models: list[File], data: DataFrame, weights: list[float]) -> list[float]:
    assert len(models) == len(weights)
    preds = list(flyte.map(predict, models, [data] * len(models)))
    return average(preds, weights)


if __name__ == "__main__":
    flyte.init_from_config("config.yaml")
    run = flyte.run(stack, train=DataFrame.from_existing_remote("s3://b/train"), holdout=DataFrame.from_existing_remote("s3://b/hold"))
    run.wait()
