"""Shared by two scripts beside it."""

import flyte

env = flyte.TaskEnvironment(
    "crawl", image=flyte.Image.from_debian_base().with_pip_packages("httpx")
)


@env.task(retries=3)
async def get(address: str) -> str:
    import httpx

    async with httpx.AsyncClient() as client:
        response = await client.get(address)
        response.raise_for_status()
        return response.text


@env.task
async def links(page: str) -> list[str]:
    import re

    return re.findall(r'href="([^"]+)"', page)
