"""The same in synchronous code; its environment has the same name as its neighbour's."""

import flyte

env = flyte.TaskEnvironment(name="hello")


@env.task
def greet(name: str) -> str:
    return f"Hello, {name}!"


@env.task
def main(names: list[str]) -> str:
    text = ""
    for name in names:
        text += greet(name) + "\n"
    return text


if __name__ == "__main__":
    flyte.init_from_config()
    print(flyte.run(main, ["Ada", "Grace"]).outputs())
