# drivers: lloyd, kmeans_restarts, elbow
"""Distributed k-means: map over shards, reduce, iterate to convergence."""
import asyncio
import random
from typing import Sequence

import flyte
import numpy as np

Point = list[float]
env = flyte.TaskEnvironment(name="kmeans", resources=flyte.Resources(cpu=1, memory="2Gi"))


@env.task
async def init_centroids(shard: str, k: int, seed: int) -> list[Point]:
    rng = random.Random(seed)
    return [[rng.random(), rng.random()] for _ in range(k)]


@env.task
async def assign(shard: str, centroids: list[Point]) -> tuple[list[Point], list[int], float]:
    """Partial sums, counts and inertia of one shard."""
    x = np.load(shard)
    d = ((x[:, None, :] - np.array(centroids)[None]) ** 2).sum(-1)
    who = d.argmin(1)
    sums = [x[who == j].sum(0).tolist() for j in range(len(centroids))]
    return sums, np.bincount(who, minlength=len(centroids)).tolist(), float(d.min(1).sum())


@env.task
async def update(partials: list[tuple[list[Point], list[int], float]]) -> list[Point]:
    sums = np.sum([p[0] for p in partials], axis=0)
    counts = np.sum([p[1] for p in partials], axis=0)
    return (sums / np.maximum(counts, 1)[:, None]).tolist()


def shift(a: Sequence[Point], b: Sequence[Point]) -> float:
    return float(np.abs(np.array(a) - np.array(b)).max())


@env.task
async def lloyd(shards: list[str], k: int, seed: int = 0, tol: float = 1e-4, max_iter: int = 100) -> tuple[list[Point], float]:
    centroids = await init_centroids(shards[0], k, seed)
    inertia = float("inf")
    for it in range(max_iter):
        with flyte.group(f"iteration-{it}"):
            partials = await asyncio.gather(*[assign(s, centroids) for s in shards])
            new = await update(list(partials))
        inertia = sum(p[2] for p in partials)
        moved = shift(new, centroids)
        centroids = new
        if moved < tol:
            print(f"converged after {it + 1} iterations, inertia {inertia:.2f}")
            break
    else:
        print("did not converge")
    return centroids, inertia


@env.task
async def kmeans_restarts(shards: list[str], k: int, restarts: int = 5) -> tuple[list[Point], float]:
    runs = await asyncio.gather(*[lloyd(shards, k, seed=s) for s in range(restarts)])
    return min(runs, key=lambda r: r[1])


@env.task
async def elbow(shards: list[str], ks: list[int]) -> int:
    """The k after which inertia drops by less than 10 %."""
    previous = None
    for k in sorted(ks):
        _, inertia = await kmeans_restarts(shards, k, 3)
        if previous is not None and (previous - inertia) / previous < 0.1:
            return k - 1
        previous = inertia
    return max(ks)


if __name__ == "__main__":
    flyte.init()
    flyte.run(elbow, shards=["s0.npy", "s1.npy"], ks=[2, 3, 4, 5])
