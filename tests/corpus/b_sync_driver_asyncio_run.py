# drivers: score_all, run_pipeline, run_many, compare
"""A sync entry point over async tasks, kept for the old CLI, with asyncio.run inside the task."""
import argparse
import asyncio
import json
import sys

import flyte

env = flyte.TaskEnvironment("legacy_cli")


@env.task
async def fetch_profile(user: str) -> dict:
    return {"user": user, "age": len(user)}


@env.task
async def fetch_history(user: str) -> list[dict]:
    return [{"item": i} for i in range(len(user))]


@env.task
def score(profile: dict, history: list[dict]) -> float:
    return profile["age"] / (1 + len(history))


@env.task
def explain(value: float) -> str:
    return "high" if value > 0.5 else "low"


async def _score_one(user):
    profile, history = await asyncio.gather(fetch_profile(user), fetch_history(user))
    return await score.aio(profile, history)


@env.task
def score_all(users: list[str]) -> dict[str, float]:
    async def inner():
        return await asyncio.gather(*[_score_one(u) for u in users])

    values = asyncio.run(inner())
    return dict(zip(users, values))


@env.task
def run_pipeline(user: str, threshold: float = 0.1) -> str:
    value = asyncio.run(_score_one(user))
    if value < threshold:
        return "n/a"
    label = explain(value)
    return f"{user}: {value:.2f} ({label})"


@env.task
def run_many(users: list[str]) -> list[str]:
    out = []
    for u in users:
        try:
            out.append(run_pipeline(u))
        except (KeyError, ZeroDivisionError):
            out.append(f"{u}: error")
        finally:
            print(f"{len(out)}/{len(users)}", file=sys.stderr)
    return out


@env.task
def compare(a: str, b: str) -> str:
    scores = score_all([a, b])
    hi, lo = (a, b) if scores[a] >= scores[b] else (b, a)
    assert scores[hi] >= scores[lo]
    return f"{hi} ({explain(scores[hi])}) over {lo} ({explain(scores[lo])})"


def main(argv=None):
    p = argparse.ArgumentParser()
    p.add_argument("users", nargs="+")
    p.add_argument("--json", action="store_true")
    args = p.parse_args(argv)
    flyte.init()
    run = flyte.run(run_many, users=args.users)
    run.wait()
    print(json.dumps(run.outputs()) if args.json else run.outputs())


if __name__ == "__main__":
    main()
