# drivers: train_two_tower, build_index, daily_recs, smoke
"""Recommender: two-tower retrieval + ranker, sync flavour (ported from Flyte 1)."""
import datetime as dt
import typing
from collections import Counter

import flyte
from flyte.io import DataFrame, File

env = flyte.TaskEnvironment(name="recsys", resources=flyte.Resources(cpu=2, memory="4Gi"))
gpu_env = env.clone_with(name="recsys_gpu", resources=flyte.Resources(gpu=1, memory="32Gi"), depends_on=[env])


@env.task
def interactions(day: dt.date, lookback: int) -> DataFrame:
    ...


@env.task
def split(df: DataFrame, ratio: float) -> typing.Tuple[DataFrame, DataFrame]:
    return df, df


@gpu_env.task
def fit_towers(train: DataFrame, dim: int, epochs: int) -> File:
    ...


@env.task
def recall_at_k(model: File, test: DataFrame, k: int = 100) -> float:
    return 0.2


@env.task
def embed_items(model: File, shard: int) -> typing.List[typing.List[float]]:
    return [[0.0]]


@env.task
def faiss_index(vectors: typing.List[typing.List[typing.List[float]]]) -> File:
    ...


@env.task
def recommend(index: File, user_shard: int) -> typing.Dict[str, typing.List[str]]:
    return {"u1": ["a", "b"]}


@env.task
def upload(recs: typing.Dict[str, typing.List[str]]) -> int:
    return len(recs)


@gpu_env.task
def train_two_tower(day: dt.date, lookback: int = 28, min_recall: float = 0.15) -> File:
    df = interactions(day, lookback)
    train, test = split(df, 0.9)
    best_model, best_recall = None, -1.0
    for dim in (32, 64, 128):
        model = fit_towers(train, dim, epochs=3)
        recall = recall_at_k(model, test)
        print(f"dim={dim} recall@100={recall:.3f}")
        if recall > best_recall:
            best_model, best_recall = model, recall
    if best_recall < min_recall:
        raise RuntimeError("recall %.3f below %.3f" % (best_recall, min_recall))
    return best_model


@env.task
def build_index(model: File, shards: int = 16) -> File:
    vectors = []
    for v in flyte.map(embed_items, [model] * shards, range(shards)):
        if isinstance(v, Exception):
            raise v
        vectors.append(v)
    return faiss_index(vectors)


@gpu_env.task
def daily_recs(day: typing.Optional[dt.date] = None, user_shards: int = 32) -> int:
    if day is None:
        day = dt.date.today() - dt.timedelta(days=1)
    index = build_index(train_two_tower(day))
    uploaded = 0
    popularity: typing.Counter[str] = Counter()
    for shard in range(user_shards):
        recs = recommend(index, shard)
        for items in recs.values():
            popularity.update(items)
        uploaded += upload(recs)
    print("most recommended:", popularity.most_common(3))
    return uploaded


@env.task
def smoke(model: File) -> bool:
    idx = build_index(model, shards=1)
    return bool(recommend(idx, 0)) and upload({}) == 0


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(daily_recs)
