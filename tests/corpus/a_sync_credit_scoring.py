# drivers: make_dataset, train_and_validate, champion_challenger, main
"""Credit scoring, sync tasks throughout, straight-line and loops."""
import math
from typing import Dict, List, NamedTuple, Tuple

import flyte
import numpy as np
import pandas as pd
from sklearn.metrics import roc_auc_score

env = flyte.TaskEnvironment("credit", resources=flyte.Resources(cpu=2, memory="8Gi"))

SEGMENTS = ["retail", "sme"]
MODELS = ("logit", "gbm")


class Metrics(NamedTuple):
    auc: float
    gini: float
    ks: float


@env.task(cache="auto")
def bureau_data(segment: str, year: int) -> pd.DataFrame:
    return pd.DataFrame({"id": range(10), "score": np.random.rand(10)})


@env.task(cache="auto")
def applications(segment: str, year: int) -> pd.DataFrame:
    return pd.DataFrame({"id": range(10), "bad": np.random.randint(0, 2, 10)})


@env.task
def merge(left: pd.DataFrame, right: pd.DataFrame) -> pd.DataFrame:
    return left.merge(right, on="id")


@env.task
def woe(df: pd.DataFrame, bins: int = 10) -> pd.DataFrame:
    return df


@env.task
def fit(df: pd.DataFrame, kind: str) -> bytes:
    import pickle

    return pickle.dumps(kind)


@env.task
def metrics(model: bytes, df: pd.DataFrame) -> Metrics:
    auc = roc_auc_score(df.bad, df.score)
    return Metrics(auc, 2 * auc - 1, 0.3)


@env.task
def psi(a: pd.DataFrame, b: pd.DataFrame) -> float:
    return 0.05


@env.task
def make_dataset(segment: str, years: List[int]) -> pd.DataFrame:
    frames = [merge(applications(segment, y), bureau_data(segment, y)) for y in years]
    return woe(pd.concat(frames))


@env.task
def train_and_validate(segment: str, kind: str, dev_years: List[int], oot_year: int) -> Tuple[bytes, Metrics]:
    dev = make_dataset(segment, dev_years)
    oot = make_dataset(segment, [oot_year])
    drift = psi(dev, oot)
    if drift > 0.25:
        raise ValueError(f"population drifted: psi={drift:.2f}")
    elif drift > 0.1:
        print("warning: psi =", drift)
    model = fit(dev, kind)
    m = metrics(model, oot)
    assert 0.0 <= m.auc <= 1.0 and not math.isnan(m.ks)
    return model, m


@env.task
def champion_challenger(segment: str, champion: bytes, years: List[int]) -> bytes:
    *dev, oot = sorted(years)
    best_model = champion
    best_auc = metrics(champion, make_dataset(segment, [oot])).auc
    for kind in MODELS:
        model, m = train_and_validate(segment, kind, dev, oot)
        if m.auc > best_auc + 0.01:
            best_model, best_auc = model, m.auc
    return best_model


@env.task
def main(years: List[int]) -> Dict[str, int]:
    sizes: Dict[str, int] = {}
    for seg in SEGMENTS:
        initial, _ = train_and_validate(seg, "logit", years[:-1], years[-1])
        winner = champion_challenger(seg, initial, years)
        sizes[seg] = len(winner)
    return sizes


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(main, years=[2019, 2020, 2021, 2022])
    print(run.url)
