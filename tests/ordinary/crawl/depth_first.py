import flyte

import pages
from pages import env


@env.task
async def main(start: str, limit: int = 20) -> int:
    stack, visited = [start], set()
    while stack and len(visited) < limit:
        address = stack.pop()
        if address in visited:
            continue
        visited.add(address)
        page = await pages.get(address)
        stack += await pages.links(page)
    return len(visited)


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(main, "https://example.org").wait()
