import flyte

env = flyte.TaskEnvironment("sums")


@env.task
def length(word: str) -> int:
    return len(word)


@env.task
def main(text: str) -> int:
    return sum(flyte.map(length, text.split(), return_exceptions=False))
