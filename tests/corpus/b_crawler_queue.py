# drivers: crawl, crawl_levels, crawl_sites
"""Polite crawler: a queue, a fixed number of workers, and one lock for each host."""
import asyncio
import re
from collections import defaultdict
from urllib.parse import urljoin, urlparse

import flyte
import httpx

env = flyte.TaskEnvironment("crawler", resources=flyte.Resources(cpu=1, memory="512Mi"))

HREF = re.compile(r'href="([^"#]+)"')
USER_AGENT = "example-bot/0.1"


@env.task(retries=2, timeout=30)
async def fetch(url: str) -> str:
    async with httpx.AsyncClient(headers={"User-Agent": USER_AGENT}) as client:
        resp = await client.get(url)
        resp.raise_for_status()
        return resp.text


@env.task
async def extract_links(url: str, html: str) -> list[str]:
    return [urljoin(url, h) for h in HREF.findall(html)]


@env.task
async def store(url: str, html: str) -> None:
    print(f"stored {url} ({len(html)} bytes)")


@env.task
async def crawl(seed: str, max_pages: int = 100, workers: int = 5) -> dict[str, int]:
    queue: asyncio.Queue = asyncio.Queue()
    seen = {seed}
    sizes: dict[str, int] = {}
    locks = defaultdict(asyncio.Lock)
    await queue.put(seed)

    async def worker(name):
        while True:
            url = await queue.get()
            try:
                if len(sizes) >= max_pages:
                    continue
                async with locks[urlparse(url).netloc]:
                    html = await fetch(url)
                sizes[url] = len(html)
                await store(url, html)
                for link in await extract_links(url, html):
                    if link not in seen and urlparse(link).netloc == urlparse(seed).netloc:
                        seen.add(link)
                        queue.put_nowait(link)
            except Exception as e:
                print(f"{name}: {url}: {e}")
            finally:
                queue.task_done()

    pool = [asyncio.create_task(worker(f"w{i}")) for i in range(workers)]
    await queue.join()
    for w in pool:
        w.cancel()
    await asyncio.gather(*pool, return_exceptions=True)
    return sizes


@env.task
async def crawl_levels(seed: str, depth: int = 2) -> list[str]:
    """The same by levels: simpler, and easier to resume."""
    seen: set[str] = set()
    level = [seed]
    for d in range(depth + 1):
        with flyte.group(f"depth-{d}"):
            pages = await asyncio.gather(*[fetch(u) for u in level], return_exceptions=True)
        seen.update(level)
        good = [(u, p) for u, p in zip(level, pages) if not isinstance(p, BaseException)]
        found = await asyncio.gather(*[extract_links(u, p) for u, p in good])
        level = sorted({l for links in found for l in links} - seen)
        if not level:
            break
    return sorted(seen)


@env.task
async def crawl_sites(seeds: list[str], polite: bool = True) -> dict[str, int]:
    totals = {}
    if polite:
        for s in seeds:
            sizes = await crawl(s, max_pages=20, workers=1)
            totals[s] = sum(sizes.values())
    else:
        for s, sizes in zip(seeds, await asyncio.gather(*[crawl(s) for s in seeds])):
            totals[s] = sum(sizes.values())
    return totals


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(crawl_sites, seeds=["https://example.com"])
