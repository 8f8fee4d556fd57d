"""Containers of the standard library where plain ones are declared."""

from collections import Counter, OrderedDict, defaultdict
from datetime import datetime, date

import flyte

env = flyte.TaskEnvironment("containers")


@env.task
async def total(counts: dict[str, int]) -> int:
    return sum(counts.values())


@env.task
async def sizes(groups: dict[str, list[str]]) -> dict[str, int]:
    return Counter({name: len(group) for name, group in groups.items()})


@env.task
async def first(day: date, flags: int = 0) -> str:
    return f"{day:%d} {flags}"


@env.task
async def group(words: list[str]) -> dict[str, list[str]]:
    groups = defaultdict(list)
    for word in words:
        groups[word[0]].append(word)
    return groups


@env.task
async def main(words: list[str]) -> str:
    counter = Counter(words)
    ordered = OrderedDict(sorted(counter.items()))
    grouped = defaultdict(list)
    for word in words:
        grouped[word[:1]].append(word)
    everything = await total(counter) + await total(ordered)
    by_letter = await sizes(grouped)
    again = await sizes(await group(words))
    now = datetime(2024, 1, everything % 28 + 1)
    return await first(now, flags=bool(by_letter == again))
