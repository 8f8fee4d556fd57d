"""A map over elements of another type."""

import flyte

env = flyte.TaskEnvironment("faulty")


@env.task
def read(path: str) -> list[str]:
    print("ran read")
    return ["1", "2"]


@env.task
def half(x: int) -> float:
    print("ran half")
    return x / 2


@env.task
def main(path: str = "numbers.txt") -> float:
    numbers = read(path)
    halves = list(flyte.map(half, numbers, return_exceptions=False))  # fault
    return sum(halves)


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
