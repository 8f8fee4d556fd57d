# drivers: train_pipeline, retrain
"""Train a model on the wine data. Straight port of a Flyte 1 @workflow."""
import flyte
import pandas as pd
from sklearn.datasets import load_wine
from sklearn.linear_model import LogisticRegression

env = flyte.TaskEnvironment("wine")


@env.task
def get_data() -> pd.DataFrame:
    """Get the wine dataset."""
    return load_wine(as_frame=True).frame


@env.task
def process_data(data: pd.DataFrame) -> pd.DataFrame:
    """Simplify the task from a 3-class to a binary classification problem."""
    return data.assign(target=lambda x: x["target"].where(x["target"] == 0, 1))


@env.task
def train_model(data: pd.DataFrame, hyperparameters: dict) -> LogisticRegression:
    features = data.drop("target", axis="columns")
    target = data["target"]
    return LogisticRegression(max_iter=3000, **hyperparameters).fit(features, target)


@env.task
def score(model: LogisticRegression, data: pd.DataFrame) -> float:
    return float(model.score(data.drop("target", axis="columns"), data["target"]))


@env.task
def train_pipeline(hyperparameters: dict = {"C": 0.1}) -> LogisticRegression:
    data = get_data()
    processed_data = process_data(data=data)
    return train_model(data=processed_data, hyperparameters=hyperparameters)


@env.task
def retrain(c: float = 1.0, good_enough: float = 0.9) -> float:
    data = process_data(get_data())
    model = train_pipeline(hyperparameters={"C": c})
    result = score(model, data)
    if result < good_enough:
        print(f"score {result:.3f} with C={c}; trying C={10 * c}")
        model = train_model(data, {"C": 10 * c})
        result = max(result, score(model, data))
    return result


if __name__ == "__main__":
    flyte.init_from_config()
    print(flyte.run(train_pipeline, hyperparameters={"C": 0.1}).url)
