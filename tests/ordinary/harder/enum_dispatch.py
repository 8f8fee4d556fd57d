"""Enumerations with methods, as keys and in `match`."""

import enum

import flyte

env = flyte.TaskEnvironment("enums")


class Size(enum.IntEnum):
    SMALL = 1
    LARGE = 10


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"

    @property
    def is_warm(self) -> bool:
        return self is Colour.RED

    @classmethod
    def parse(cls, text: str) -> "Colour":
        return cls[text.upper()]


class Flags(enum.Flag):
    NONE = 0
    FAST = enum.auto()
    SAFE = enum.auto()


@env.task
async def paint(colour: Colour, size: Size = Size.SMALL) -> str:
    return f"{colour.value} {size.name}"


@env.task
async def repeat(text: str, times: int) -> str:
    return text * times


PRICES = {Colour.RED: 2, Colour.BLUE: 3}


@env.task
async def main(name: str = "red", flags: int = 1) -> str:
    colour = Colour.parse(name)
    chosen = Flags(flags)
    match colour:
        case Colour.RED:
            text = await paint(colour, Size.LARGE)
        case Colour.BLUE:
            text = await paint(colour)
    if Flags.FAST in chosen and colour.is_warm:
        text = await repeat(text, PRICES[colour])
    return await repeat(text, times=Size.SMALL)
