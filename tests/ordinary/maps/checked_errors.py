"""Some elements fail; they are counted, the others used."""

import flyte

env = flyte.TaskEnvironment("checked")


@env.task
def invert(x: int) -> float:
    return 1 / x


@env.task
def main(n: int = 5) -> str:
    good: list[float] = []
    failed = 0
    for result in flyte.map(invert, range(n), return_exceptions=True):
        if isinstance(result, Exception):
            failed += 1
            continue
        good.append(result)
    return f"{sum(good):.2f} from {len(good)}, {failed} failed"
