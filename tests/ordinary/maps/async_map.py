import flyte

env = flyte.TaskEnvironment("async-map")


@env.task
async def fetch(page: int) -> list[str]:
    return [f"{page}-{i}" for i in range(3)]


@env.task
async def index(name: str) -> int:
    return len(name)


@env.task
async def main(pages: int = 4) -> int:
    names: list[str] = []
    async for found in flyte.map.aio(
        fetch, range(pages), group_name="pages", return_exceptions=False
    ):
        names.extend(found)
    sizes = [size async for size in flyte.map.aio(index, names, return_exceptions=False)]
    return sum(sizes)
