from .envs import fetching, pricing
from .models import Article, Currency


@fetching.task(retries=2)
async def fetch_articles(category: str) -> list[Article]:
    return [Article(category, 10.0), Article(category + " deluxe", 25.0, "USD", ["new"])]


@fetching.task(cache="auto")
async def exchange_rate(source: Currency, target: Currency = "EUR") -> float:
    return 1.0 if source == target else 0.92


@pricing.task
async def convert(article: Article, rate: float) -> Article:
    return article.in_euros(rate)
