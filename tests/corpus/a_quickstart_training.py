# drivers: pipeline, pipeline_with_validation
"""The sort of file people write on their first day with Flyte."""
import asyncio

import flyte
import pandas as pd
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import accuracy_score
from sklearn.model_selection import train_test_split

env = flyte.TaskEnvironment(
    name="quickstart",
    image=flyte.Image.from_debian_base().with_pip_packages("pandas", "scikit-learn"),
    resources=flyte.Resources(cpu=1, memory="2Gi"),
)


@env.task
async def load_data(url: str) -> pd.DataFrame:
    return pd.read_csv(url)


@env.task
async def preprocess(df: pd.DataFrame, target: str) -> pd.DataFrame:
    df = df.dropna()
    df[target] = df[target].astype("category").cat.codes
    return df


@env.task
async def split(df: pd.DataFrame, test_size: float = 0.2) -> tuple[pd.DataFrame, pd.DataFrame]:
    train, test = train_test_split(df, test_size=test_size, random_state=42)
    return train, test


@env.task
async def train(df: pd.DataFrame, target: str, C: float = 1.0) -> LogisticRegression:
    model = LogisticRegression(C=C, max_iter=500)
    model.fit(df.drop(columns=[target]), df[target])
    return model


@env.task
async def evaluate(model: LogisticRegression, df: pd.DataFrame, target: str) -> float:
    return accuracy_score(df[target], model.predict(df.drop(columns=[target])))


@env.task
async def pipeline(url: str, target: str = "species") -> float:
    raw = await load_data(url)
    df = await preprocess(raw, target)
    train_df, test_df = await split(df)
    model = await train(train_df, target)
    accuracy = await evaluate(model, test_df, target)
    print(f"Accuracy: {accuracy:.2%}")
    return accuracy


@env.task
async def pipeline_with_validation(url: str, target: str = "species", cs: list[float] = [0.1, 1.0, 10.0]) -> float:
    df = await preprocess(await load_data(url), target)
    train_df, test_df = await split(df)
    fit_df, val_df = await split(train_df, 0.25)

    models = await asyncio.gather(*[train(fit_df, target, C=c) for c in cs])
    scores = await asyncio.gather(*[evaluate(m, val_df, target) for m in models])
    best_c = cs[scores.index(max(scores))]

    final = await train(train_df, target, C=best_c)
    return await evaluate(final, test_df, target)


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(pipeline, url="https://example.com/iris.csv")
    print(run.name)
    print(run.url)
    run.wait()
