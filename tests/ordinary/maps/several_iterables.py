import flyte

env = flyte.TaskEnvironment("several")


@env.task
def power(base: int, exponent: int) -> int:
    return base**exponent


@env.task
def total(values: list[int]) -> int:
    return sum(values)


@env.task
def main(n: int = 5) -> int:
    powers = flyte.map(power, range(n), [2] * n, concurrency=4, return_exceptions=False)
    return total(list(powers))
