# drivers: eval_cell, eval_matrix, leaderboard, regress
"""Evaluate every model on every dataset; rank; look for regressions."""
import asyncio
import itertools
import json
import statistics
from contextlib import AsyncExitStack, suppress

import flyte
import httpx

env = flyte.TaskEnvironment("llm_eval", resources=flyte.Resources(cpu=1, memory="1Gi"))

ENDPOINTS = {"small": "http://llm-small:8000", "big": "http://llm-big:8000"}
RATE_LIMITS = {"small": 32, "big": 4}


@flyte.trace
async def complete(endpoint: str, prompt: str) -> str:
    async with httpx.AsyncClient(timeout=60) as http:
        r = await http.post(f"{endpoint}/v1/completions", json={"prompt": prompt})
        return r.json()["choices"][0]["text"]


@env.task(cache="auto")
async def load_dataset(name: str, n: int) -> list[tuple[str, str]]:
    return [("2+2", "4")] * n


@env.task
async def grade(pairs: list[tuple[str, str]]) -> float:
    return statistics.mean(e.strip() == g.strip() for e, g in pairs)


@env.task
async def save_report(name: str, body: str) -> str:
    return f"s3://evals/{name}.json"


@env.task
async def previous_score(model: str, dataset: str) -> float | None:
    return None


@env.task
async def eval_cell(model: str, dataset: str, n: int = 100) -> float:
    endpoint = ENDPOINTS[model]
    limit = asyncio.Semaphore(RATE_LIMITS.get(model, 8))
    examples = await load_dataset(dataset, n)

    async def answer(prompt: str) -> str:
        async with limit:
            with suppress(httpx.ReadTimeout):
                return await complete(endpoint, prompt)
            return ""

    answers = await asyncio.gather(*[answer(q) for q, _ in examples])
    return await grade([(expected, got) for (_, expected), got in zip(examples, answers)])


@env.task
async def eval_matrix(models: list[str], datasets: list[str], n: int = 100) -> dict[str, dict[str, float]]:
    cells = list(itertools.product(models, datasets))
    scores = await asyncio.gather(*itertools.starmap(eval_cell, [(m, d, n) for m, d in cells]))
    matrix: dict[str, dict[str, float]] = {m: {} for m in models}
    for (m, d), s in zip(cells, scores):
        matrix[m][d] = s
    return matrix


@env.task
async def leaderboard(models: list[str], datasets: list[str]) -> list[tuple[str, float]]:
    async with AsyncExitStack() as stack:
        lock = await stack.enter_async_context(asyncio.Lock())
        matrix = await eval_matrix(models, datasets)
    ranking = sorted(((m, statistics.mean(row.values())) for m, row in matrix.items()), key=lambda x: x[1], reverse=True)
    uri = await save_report("leaderboard", json.dumps(ranking))
    print(f"saved to {uri}")
    return ranking


@env.task
async def regress(model: str, datasets: list[str], tolerance: float = 0.02) -> list[str]:
    worse = []
    for d in datasets:
        old = await previous_score(model, d)
        if old is None:
            continue
        # two chances: the grader is noisy
        new = max(await eval_cell(model, d, 50), await eval_cell(model, d, 50))
        if new < old - tolerance:
            worse.append(f"{d}: {old:.3f} -> {new:.3f}")
    if worse:
        await save_report(f"regressions-{model}", json.dumps(worse))
    return worse


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(leaderboard, models=["small", "big"], datasets=["gsm8k", "mmlu"])
