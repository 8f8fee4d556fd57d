"""`flyte.map` returned as the list that it isn't."""

import flyte

env = flyte.TaskEnvironment("faulty")


@env.task
def shout(name: str) -> str:
    print("ran shout")
    return name.upper()


@env.task
def main(name: str = "a") -> list[str]:
    return flyte.map(shout, [name, "b"])  # fault


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
