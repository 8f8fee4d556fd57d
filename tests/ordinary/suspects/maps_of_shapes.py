"""Maps over what is iterable."""

from functools import partial

import flyte

env = flyte.TaskEnvironment("mapped")


@env.task
def both(pair: tuple[str, int]) -> str:
    return pair[0] * pair[1]


@env.task
def shout(text: str, mark: str = "!") -> str:
    return text + mark


@env.task
def half(x: float) -> float:
    return x / 2


@env.task
def main(table: dict[str, int]) -> list[str]:
    texts = list(flyte.map(both, table.items(), return_exceptions=False))
    letters = list(flyte.map(shout, "abc", return_exceptions=False))
    keys = list(flyte.map(partial(shout, mark="?"), table, return_exceptions=False))
    halves = list(flyte.map(half, range(3), return_exceptions=False))
    lines = []
    for text, result in zip(texts, flyte.map(shout, iter(texts), return_exceptions=False)):
        lines.append(f"{text}: {result}")
    for index, result in enumerate(flyte.map(half, halves)):
        if isinstance(result, Exception):
            lines.append(f"{index}: {result!r}")
        else:
            lines.append(f"{index}: {result:.1f}")
    return [*letters, *keys, *lines]
