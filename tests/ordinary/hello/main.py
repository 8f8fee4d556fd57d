"""Says hello, several times at once."""

import asyncio

import flyte

env = flyte.TaskEnvironment(name="hello")


@env.task
async def greet(name: str) -> str:
    return f"Hello, {name}!"


@env.task
async def main(names: list[str]) -> list[str]:
    greetings = await asyncio.gather(*[greet(name) for name in names])
    return greetings


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(main, names=["Ada", "Grace"])
    print(run.name)
    print(run.url)
    run.wait()
