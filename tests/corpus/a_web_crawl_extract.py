# drivers: crawl, crawl_sites, crawl_depth_first
"""Breadth-first crawl with a frontier, robots check, and de-duplication."""
import asyncio
import logging
from collections import deque
from urllib.parse import urljoin, urlparse

import flyte
import httpx
from bs4 import BeautifulSoup

logger = logging.getLogger(__name__)
env = flyte.TaskEnvironment(name="crawler", reusable=flyte.ReusePolicy(replicas=(1, 8), concurrency=16, idle_ttl=300))

HEADERS = {"user-agent": "corpusbot/1.0"}


class Forbidden(Exception):
    ...


@env.task(retries=2, timeout=60)
async def fetch(url: str) -> str:
    async with httpx.AsyncClient(headers=HEADERS, follow_redirects=True) as c:
        r = await c.get(url)
    if r.status_code == 403:
        raise Forbidden(url)
    return r.text


@env.task
async def extract_links(html: str, base: str) -> list[str]:
    soup = BeautifulSoup(html, "html.parser")
    return [urljoin(base, a["href"]) for a in soup.find_all("a", href=True)]


@env.task
async def extract_text(html: str) -> str:
    return BeautifulSoup(html, "html.parser").get_text(" ", strip=True)


@env.task
async def allowed(host: str) -> bool:
    return True


async def visit(url: str) -> tuple[str, list[str]]:
    html = await fetch(url)
    text, links = await asyncio.gather(extract_text(html), extract_links(html, url))
    return text, links


@env.task
async def crawl(seed: str, max_pages: int = 100, width: int = 10) -> dict[str, str]:
    host = urlparse(seed).netloc
    if not await allowed(host):
        return {}
    frontier, seen, pages = deque([seed]), {seed}, {}
    while frontier and len(pages) < max_pages:
        wave = [frontier.popleft() for _ in range(min(width, len(frontier)))]
        outcomes = await asyncio.gather(*[visit(u) for u in wave], return_exceptions=True)
        for url, outcome in zip(wave, outcomes):
            if isinstance(outcome, BaseException):
                logger.warning("%s: %r", url, outcome)
                continue
            pages[url], links = outcome
            for link in links:
                if urlparse(link).netloc == host and link not in seen:
                    seen.add(link)
                    frontier.append(link)
    return pages


@env.task
async def crawl_depth_first(url: str, depth: int, seen: list[str]) -> list[str]:
    if depth == 0 or url in seen:
        return seen
    try:
        html = await fetch(url)
    except Forbidden:
        return seen
    seen = [*seen, url]
    for link in (await extract_links(html, url))[:5]:
        seen = await crawl_depth_first(link, depth - 1, seen)
    return seen


@env.task
async def crawl_sites(seeds: list[str], per_site: int = 50) -> int:
    total = 0
    for coro in asyncio.as_completed([crawl(s, per_site) for s in seeds]):
        pages = await coro
        total += len(pages)
        logger.info(f"{total} pages so far")
    return total
