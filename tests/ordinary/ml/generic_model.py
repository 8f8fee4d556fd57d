"""Generic containers cross as dataclasses."""

from dataclasses import dataclass
from typing import Generic, Optional, TypeVar

import flyte

T = TypeVar("T")


@dataclass
class Box(Generic[T]):
    value: T
    label: Optional[str] = None


env = flyte.TaskEnvironment("boxes")


def first_label(boxes: list[Box[int]]) -> Optional[str]:
    for box in boxes:
        if box.label is not None:
            return box.label
    return None


@env.task
async def pack(value: int, label: Optional[str] = None) -> Box[int]:
    return Box(value, label)


@env.task
async def describe(label: str) -> str:
    return f"a box of {label}"


@env.task
async def main(count: int = 3) -> str:
    boxes = [await pack(i, "apples" if i == 2 else None) for i in range(count)]
    label = first_label(boxes)
    if label is None:
        return "unlabelled"
    return await describe(label)
