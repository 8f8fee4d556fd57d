# drivers: train_model, iris_pipeline, predict_batch, main
"""The plain kind: straight-line calls with a little Python between them."""
import asyncio
from typing import Tuple

import flyte
import pandas as pd
from sklearn.ensemble import RandomForestClassifier

env = flyte.TaskEnvironment(
    name="iris",
    image=flyte.Image.from_debian_base().with_pip_packages("pandas", "scikit-learn"),
    resources=flyte.Resources(cpu=1, memory="1Gi"),
)


@env.task
def load_data(url: str) -> pd.DataFrame:
    return pd.read_csv(url)


@env.task
def split(df: pd.DataFrame, test_size: float, seed: int) -> Tuple[pd.DataFrame, pd.DataFrame]:
    test = df.sample(frac=test_size, random_state=seed)
    return df.drop(test.index), test


@env.task
def scale(df: pd.DataFrame) -> pd.DataFrame:
    num = df.select_dtypes("number")
    return df.assign(**((num - num.mean()) / num.std()))


@env.task
def fit(df: pd.DataFrame, n_estimators: int = 100) -> RandomForestClassifier:
    return RandomForestClassifier(n_estimators).fit(df.drop(columns="target"), df["target"])


@env.task
def accuracy(model: RandomForestClassifier, df: pd.DataFrame) -> float:
    return float(model.score(df.drop(columns="target"), df["target"]))


@env.task
def predict(model: RandomForestClassifier, rows: pd.DataFrame) -> list[int]:
    return model.predict(rows).tolist()


@env.task
def train_model(df: pd.DataFrame, trees: int) -> RandomForestClassifier:
    return fit(scale(df), n_estimators=trees)


@env.task
def iris_pipeline(url: str, test_size: float = 0.2, seed: int = 0) -> Tuple[RandomForestClassifier, float]:
    df = load_data(url)
    train_df, test_df = split(df, test_size, seed)
    model = train_model(train_df, trees=200)
    acc = accuracy(model, scale(test_df))
    percent = round(acc * 100, 1)
    print(f"accuracy: {percent}%")
    return model, acc


@env.task
async def predict_batch(model: RandomForestClassifier, frames: list[pd.DataFrame]) -> list[int]:
    scaled = await asyncio.gather(*[scale.aio(f) for f in frames])
    predictions = await asyncio.gather(*[predict.aio(model, s) for s in scaled])
    return sum(predictions, [])


@env.task
async def main(url: str = "https://example.com/iris.csv", minimum: float = 0.9) -> list[int]:
    model, acc = await iris_pipeline.aio(url)
    if acc < minimum:
        raise ValueError(f"accuracy {acc:.2f} is below {minimum}")
    fresh = await load_data.aio(url)
    return await predict_batch(model, [fresh.head(10), fresh.tail(10)])


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(main)
    print(run.name)
    print(run.url)
    run.wait()
