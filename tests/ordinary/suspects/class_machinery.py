"""Classes with all that classes have."""

from __future__ import annotations

import abc
from dataclasses import KW_ONLY, dataclass, field
from functools import cached_property, singledispatch, total_ordering
from typing import Any, ClassVar, Iterator, Self

import flyte

env = flyte.TaskEnvironment("machinery")


@total_ordering
@dataclass(eq=False)
class Version:
    parts: tuple[int, ...]
    known: ClassVar[dict[str, Version]] = {}
    _: KW_ONLY
    label: str = ""

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(tuple(int(part) for part in text.split(".")))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Version) and self.parts == other.parts

    def __lt__(self, other: Version) -> bool:
        return self.parts < other.parts

    def __iter__(self) -> Iterator[int]:
        return iter(self.parts)


class Step(abc.ABC):
    @abc.abstractmethod
    async def run(self, value: int) -> int: ...

    def __or__(self, other: Step) -> Chain:
        return Chain([self, other])


class Add(Step):
    def __init__(self, by: int) -> None:
        self.by = by

    async def run(self, value: int) -> int:
        return await add(value, self.by)


@dataclass
class Chain(Step):
    steps: list[Step] = field(default_factory=list)

    @cached_property
    def size(self) -> int:
        return len(self.steps)

    async def run(self, value: int) -> int:
        for step in self.steps:
            value = await step.run(value)
        return value


@singledispatch
def show(value: Any) -> str:
    return str(value)


@show.register
def _(value: int) -> str:
    return f"#{value}"


@env.task
async def add(value: int, by: int) -> int:
    return value + by


@env.task
async def bump(version: Version, part: int = 0) -> Version:
    parts = list(version)
    parts[part] += 1
    return Version(tuple(parts), label="bumped")


@env.task
async def main(text: str = "1.2") -> str:
    version = Version.parse(text)
    bumped = await bump(version)
    newest = max(version, bumped)
    chain = Add(1) | Add(2)
    value = await chain.run(newest.parts[0])
    return show(value) + show(newest.label) + str(chain.size)
