from typing import Optional

import flyte

env = flyte.TaskEnvironment("optionals")


@env.task
async def find(name: str) -> Optional[int]:
    return {"one": 1, "two": 2}.get(name)


@env.task
async def square(x: int) -> int:
    return x * x


@env.task
async def report(value: Optional[int] = None, title: str = "") -> str:
    return title + ("none" if value is None else str(value))


@env.task
async def main(name: str, fallback: Optional[int] = None) -> str:
    found = await find(name)
    if found is None:
        found = fallback if fallback is not None else 0
    value = await square(found)
    missing = await find("three")
    print(await report(missing))
    return await report(value=value, title=f"{name}: ")


@env.task
async def walrus(names: list[str]) -> int:
    total = 0
    for name in names:
        if (value := await find(name)) is not None:
            total += await square(value)
    return total
