from dataclasses import dataclass

import flyte

env = flyte.TaskEnvironment("events")


@dataclass
class Created:
    name: str


@dataclass
class Renamed:
    old: str
    new: str


@dataclass
class Removed:
    name: str


Event = Created | Renamed | Removed


@env.task
async def create(name: str) -> int:
    return len(name)


@env.task
async def rename(old: str, new: str) -> int:
    return len(new) - len(old)


def parse(line: str) -> Event | None:
    match line.split():
        case ["create", name]:
            return Created(name)
        case ["rename", old, new]:
            return Renamed(old, new)
        case ["remove", *names] if names:
            return Removed(names[0])
        case _:
            return None


@env.task
async def main(lines: list[str]) -> int:
    total = 0
    for line in lines:
        match parse(line):
            case Created(name=name):
                total += await create(name)
            case Renamed(old, new):
                total += await rename(old, new)
            case Removed():
                total -= 1
            case None:
                continue
    return total
