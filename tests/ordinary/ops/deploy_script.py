"""Deploys, then starts a run and looks at it."""

import asyncio

import flyte

base = flyte.TaskEnvironment("base", resources=flyte.Resources(cpu=1, memory="500Mi"))
large = base.clone_with("large", resources=flyte.Resources(cpu=8, memory="16Gi"), depends_on=[base])


@base.task
async def prepare(n: int) -> list[int]:
    return list(range(n))


@large.task
async def crunch(values: list[int]) -> int:
    return sum(values)


@large.task
async def main(n: int = 10) -> int:
    values = await prepare(n)
    return await crunch(values)


async def start() -> None:
    deployments = await flyte.deploy.aio(large)
    print(deployments[0].summary_repr())
    run = await flyte.run.aio(main, n=20)
    print(run.name, run.url)
    await run.wait.aio()


if __name__ == "__main__":
    flyte.init_from_config()
    asyncio.run(start())
