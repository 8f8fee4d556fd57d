import asyncio

from pages import env, get, links


@env.task
async def main(start: str, depth: int = 2) -> list[str]:
    seen = [start]
    frontier = [start]
    for _ in range(depth):
        pages = await asyncio.gather(*[get(address) for address in frontier])
        found = await asyncio.gather(*[links(page) for page in pages])
        frontier = []
        for addresses in found:
            for address in addresses:
                if address not in seen:
                    seen.append(address)
                    frontier.append(address)
        if not frontier:
            break
    return seen
