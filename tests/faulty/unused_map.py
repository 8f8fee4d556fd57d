"""`flyte.map`, whose results nobody takes: nothing runs."""

import flyte

env = flyte.TaskEnvironment("faulty")


@env.task
def store(name: str) -> str:
    print("ran store")
    return name


@env.task
def main(name: str = "a") -> int:
    names = [name, "b"]
    flyte.map(store, names)  # fault
    return len(names)


if __name__ == "__main__":
    flyte.init()
    run = flyte.with_runcontext(mode="local").run(main)
    print("result", run.outputs()[0])
