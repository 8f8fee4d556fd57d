"""A value of another type, through a variable."""

import flyte

env = flyte.TaskEnvironment("faulty")


@env.task
async def choose(path: str) -> str:
    print("ran choose")
    return "10"


@env.task
async def train(epochs: int) -> int:
    print("ran train")
    return epochs + 1


@env.task
async def main(path: str = "settings.json") -> int:
    epochs = await choose(path)
    return await train(epochs)  # fault


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
