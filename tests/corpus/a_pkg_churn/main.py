# drivers: main, rescore
"""Entry point: `python -m a_pkg_churn.main`."""
import argparse

import flyte

from . import FeatureSpec, train
from .envs import main_env
from .features import aggregate_tables, join
from .train import evaluate as score

DEFAULT_CS = (0.01, 0.1, 1.0, 10.0)


@main_env.task
async def publish(model: str, alias: str) -> None:
    print(f"{alias} -> {model}")


@main_env.task
async def main(window_days: int = 30, alias: str = "prod", dry_run: bool = False) -> str:
    spec = FeatureSpec(window_days=window_days)
    model = await train(spec, list(DEFAULT_CS))
    if not dry_run:
        await publish(model, alias)
    return model


@main_env.task
async def rescore(model: str, window_days: list[int]) -> list[float]:
    scores = []
    for days in window_days:
        spec = FeatureSpec(window_days=days)
        uri = await join(await aggregate_tables(spec), drop_na=True)
        scores.append(await score(model, uri))
    return scores


if __name__ == "__main__":
    p = argparse.ArgumentParser()
    p.add_argument("--window-days", type=int, default=30)
    p.add_argument("--dry-run", action="store_true")
    a = p.parse_args()
    flyte.init_from_config()
    flyte.run(main, **vars(a))
