# drivers: inner_search, nested_cv, automl, quick
"""Nested cross validation / poor man's AutoML. Everything sync except the leaves."""
import itertools
import logging
import operator
from collections import ChainMap
from functools import partial
from typing import Any, Dict, Iterable, List, Optional, Tuple

import flyte
import numpy as np

LOG = logging.getLogger("automl")
env = flyte.TaskEnvironment(name="automl", resources=flyte.Resources(cpu=2, memory="4Gi"))

GRID: Dict[str, Dict[str, List[Any]]] = {
    "rf": {"n_estimators": [100, 300], "max_depth": [4, 8, None]},
    "svm": {"C": [0.1, 1, 10], "gamma": ["scale", 0.01]},
}
DEFAULTS = {"random_state": 0}


@env.task
def make_folds(n: int, k: int, seed: int = 0) -> List[List[int]]:
    idx = np.random.default_rng(seed).permutation(n)
    return [f.tolist() for f in np.array_split(idx, k)]


@env.task(cache="auto")
def fit_score(train: List[int], test: List[int], kind: str, params: Dict[str, Any]) -> float:
    return float(np.random.rand())


@env.task
def refit(rows: List[int], kind: str, params: Dict[str, Any]) -> str:
    return f"{kind}-{len(rows)}"


@env.task
def describe(model: str, score: float, spread: float) -> str:
    return f"{model}: {score:.3f} ± {spread:.3f}"


def expand(grid: Dict[str, List[Any]]) -> Iterable[Dict[str, Any]]:
    keys = sorted(grid)
    for values in itertools.product(*(grid[k] for k in keys)):
        yield dict(ChainMap(dict(zip(keys, values)), DEFAULTS))


def score_params(folds: List[List[int]], kind: str, params: Dict[str, Any]) -> float:
    """Mean score of params over the folds (helper, calls the task)."""
    scores = []
    for i, test in enumerate(folds):
        train = [r for j, f in enumerate(folds) if j != i for r in f]
        scores.append(fit_score(train, test, kind, params))
    return sum(scores) / len(scores)


@env.task
def inner_search(rows: List[int], kind: str, k: int = 3) -> Tuple[Dict[str, Any], float]:
    folds = make_folds(len(rows), k, seed=1)
    best_params: Optional[Dict[str, Any]] = None
    best = -np.inf
    for params in expand(GRID[kind]):
        score = score_params(folds, kind, params)
        LOG.info(f"{kind} {params} -> {score:.3f}")
        if score > best:
            best, best_params = score, params
    assert best_params is not None
    return best_params, best


@env.task
def nested_cv(n: int, kind: str, outer: int = 5) -> Tuple[float, float]:
    folds = make_folds(n, outer)
    trains = [[r for j, f in enumerate(folds) if j != i for r in f] for i in range(outer)]
    search = partial(inner_search, kind=kind)
    chosen = list(flyte.map(search, trains, concurrency=outer))
    scores = []
    for train, test, found in zip(trains, folds, chosen):
        if isinstance(found, Exception):
            LOG.error("inner search failed", exc_info=found)
            continue
        params, inner = found
        outer_score = fit_score(train, test, kind, params)
        if inner - outer_score > 0.1:
            LOG.warning("optimism of %.2f", inner - outer_score)
        scores.append(outer_score)
    if not scores:
        return float("nan"), 0.0
    return float(np.mean(scores)), float(np.std(scores))


@env.task
def automl(n: int, min_score: float = 0.0) -> List[str]:
    ranked = sorted(((kind, *nested_cv(n, kind)) for kind in GRID), key=operator.itemgetter(1), reverse=True)
    lines = []
    for kind, score, spread in ranked:
        if score < min_score:
            break
        params, _ = inner_search(list(range(n)), kind, k=5)
        lines.append(describe(refit(list(range(n)), kind, params), score, spread))
    return lines


@env.task
def quick(n: int, kind: str = "rf", **_: Any) -> float:
    train, test = make_folds(n, 2)
    return fit_score(train=train, test=test, kind=kind, params={})
