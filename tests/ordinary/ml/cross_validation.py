"""k folds, twice."""

import asyncio
import statistics

import flyte

env = flyte.TaskEnvironment("folds", cache="auto")


@env.task
async def fold_score(rows: list[float], fold: int, folds: int) -> float:
    train = [row for i, row in enumerate(rows) if i % folds != fold]
    test = [row for i, row in enumerate(rows) if i % folds == fold]
    mean = statistics.mean(train)
    return statistics.mean(abs(row - mean) for row in test)


@env.task
async def score(rows: list[float], folds: int = 5) -> tuple[float, float]:
    scores = await asyncio.gather(*[fold_score(rows, fold, folds) for fold in range(folds)])
    return statistics.mean(scores), statistics.stdev(scores)


@env.task
async def main(rows: list[float]) -> dict[int, str]:
    report = {}
    for folds in (3, 5):
        mean, deviation = await score(rows, folds=folds)
        report[folds] = f"{mean:.3f} ± {deviation:.3f}"
    return report
