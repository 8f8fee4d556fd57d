from dataclasses import dataclass
from typing import Callable, Protocol

import flyte

env = flyte.TaskEnvironment("protocols")


class Scorer(Protocol):
    def score(self, text: str) -> float: ...


@dataclass
class Length:
    scale: float = 1.0

    def score(self, text: str) -> float:
        return len(text) * self.scale


@dataclass
class Vowels:
    def score(self, text: str) -> float:
        return sum(text.count(vowel) for vowel in "aeiou")


SCORERS: dict[str, Callable[[], Scorer]] = {"length": Length, "vowels": Vowels}


@env.task
async def score(text: str, scorer: str) -> float:
    return SCORERS[scorer]().score(text)


@env.task
async def main(text: str) -> dict[str, float]:
    return {name: await score(text, scorer=name) for name in SCORERS}
