from typing import Final, Literal, get_args

import flyte

Mode = Literal["fast", "exact"]
MODES: Final = get_args(Mode)

env = flyte.TaskEnvironment("literals")


@env.task
async def solve(size: int, mode: Mode = "fast") -> float:
    return size / (1 if mode == "fast" else 3)


@env.task
async def main(size: int = 10, exact: bool = False) -> float:
    mode: Mode = "exact" if exact else "fast"
    rough = await solve(size)
    fine = await solve(size, mode)
    third = await solve(size, mode="exact")
    return (rough + fine + third) / len(MODES)
