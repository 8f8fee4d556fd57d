import flyte

env = flyte.TaskEnvironment("hello", resources=flyte.Resources(cpu=1, memory="250Mi"))


@env.task
def fn(x: int) -> int:
    slope, intercept = 2, 5
    return slope * x + intercept


@env.task
def main(x_list: list[int]) -> float:
    if len(x_list) < 10:
        raise ValueError(f"x_list doesn't have a larger enough sample size, found: {len(x_list)}")
    y_list = list(flyte.map(fn, x_list, return_exceptions=False))
    return sum(y_list) / len(y_list)


if __name__ == "__main__":
    flyte.init_from_config()
    run = flyte.run(main, x_list=list(range(10)))
    print(run.name, run.url)
    run.wait()
