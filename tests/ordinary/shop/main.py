from __future__ import annotations

import asyncio

import flyte

from . import tasks
from .envs import main_env
from .models import Article
from .tasks import convert, fetch_articles


@main_env.task
async def prices(category: str) -> list[Article]:
    articles, rate = await asyncio.gather(fetch_articles(category), tasks.exchange_rate("USD"))
    return list(await asyncio.gather(*(convert(article, rate) for article in articles)))


@main_env.task
async def main(categories: list[str]) -> dict[str, float]:
    cheapest: dict[str, float] = {}
    for category in categories:
        found = await prices(category)
        if found:
            cheapest[category] = min(article.price for article in found)
    return cheapest


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.deploy(main_env)
    print(flyte.run(main, categories=["lamps"]).url)
