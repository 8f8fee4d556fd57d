# drivers: build_matrix
import asyncio
import flyte

ci = flyte.TaskEnvironment(name="ci", resources=flyte.Resources(cpu=2))


@ci.task
async def checkout(repo: str, ref: str) -> str:
    return f"/src/{repo}@{ref}"


@ci.task(retries=1)
async def build(src: str, platform: str) -> str:
    return f"{src}-{platform}.whl"


@ci.task
async def unit_tests(src: str, python: str) -> bool:
    return True


@ci.task
async def upload(wheel: str, index: str = "test") -> str:
    return f"https://{index}/{wheel}"


@ci.task
async def yank(url: str) -> None: ...


@ci.task
async def build_matrix(src: str, platforms: list[str]) -> list[str]:
    wheels = []
    for p in platforms:
        wheels.append(build(src, p))
    return await asyncio.gather(*wheels)
