# drivers: run_case, evaluate_model, compare_models, regression_gate
"""Evaluation harness with an LLM judge. Each (model, case) is a task, scores are bootstrapped."""
import asyncio
import json
import random
import statistics
from dataclasses import dataclass
from functools import partial

import flyte
import flyte.io
import litellm

env = flyte.TaskEnvironment("judge-eval", image=flyte.Image.from_debian_base().with_pip_packages("litellm"))


@dataclass
class Case:
    id: str
    prompt: str
    reference: str
    tags: tuple[str, ...] = ()


@dataclass
class Score:
    case: str
    model: str
    value: float
    reason: str = ""


@dataclass
class Summary:
    model: str
    mean: float
    low: float
    high: float
    failed: int


class QualityGateFailed(Exception):
    pass


@env.task
async def load_cases(path: str) -> list[Case]:
    with open(path) as f:
        return [Case(**json.loads(line)) for line in f]


@env.task(retries=3, cache="auto")
async def complete(model: str, prompt: str) -> str:
    r = await litellm.acompletion(model=model, messages=[{"role": "user", "content": prompt}])
    return r.choices[0].message.content


@env.task(cache="auto")
async def judge(case: Case, output: str, judge_model: str) -> tuple[float, str]:
    reply = await litellm.acompletion(model=judge_model, messages=[{"role": "user", "content": output}])
    value, reason = reply.choices[0].message.content.split("|", 1)
    return float(value), reason


@env.task
async def bootstrap(values: list[float], n: int = 1000) -> tuple[float, float, float]:
    rng = random.Random(0)
    means = sorted(statistics.fmean(rng.choices(values, k=len(values))) for _ in range(n))
    return statistics.fmean(values), means[int(n * 0.025)], means[int(n * 0.975)]


@env.task
async def run_case(case: Case, model: str, judges: list[str]) -> Score:
    output = await complete(model, case.prompt)
    if output.strip() == case.reference.strip():
        return Score(case.id, model, 1.0, "exact")
    verdicts = await asyncio.gather(*[judge(case, output, j) for j in judges])
    values, reasons = zip(*verdicts)
    return Score(case.id, model, statistics.median(values), " / ".join(reasons))


@env.task
async def evaluate_model(model: str, cases: list[Case], judges: list[str]) -> Summary:
    one = partial(run_case, model=model, judges=judges)
    scores, failed = [], 0
    for s in flyte.map(one, cases, group_name=f"eval {model}", concurrency=20):
        if isinstance(s, Exception):
            failed += 1
        else:
            scores.append(s.value)
    if not scores:
        return Summary(model, 0.0, 0.0, 0.0, failed)
    mean, low, high = await bootstrap(scores)
    return Summary(model=model, mean=mean, low=low, high=high, failed=failed)


@env.task
async def compare_models(models: list[str], path: str, tag: str | None = None) -> list[Summary]:
    cases = [c for c in await load_cases(path) if tag is None or tag in c.tags]
    judges = ["gpt-4o", "claude-3-5-sonnet-latest"]
    async with asyncio.TaskGroup() as tg:
        running = {m: tg.create_task(evaluate_model(m, cases, judges)) for m in models}
    summaries = [t.result() for t in running.values()]
    return sorted(summaries, key=lambda s: (-s.mean, s.model))


@env.task
async def regression_gate(candidate: str, baseline: str, path: str, margin: float = 0.02) -> bool:
    by_model = {s.model: s for s in await compare_models([candidate, baseline], path)}
    new, old = by_model[candidate], by_model[baseline]
    print(f"{candidate}: {new.mean:.3f} [{new.low:.3f}, {new.high:.3f}] vs {old.mean:.3f}")
    if new.failed > old.failed or new.mean < old.mean - margin:
        raise QualityGateFailed(f"{candidate} is worse than {baseline}")
    return new.low > old.high


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(compare_models, models=["gpt-4o-mini", "gpt-4o"], path="cases.jsonl")
