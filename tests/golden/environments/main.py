"""Nested drivers in two environments, a compiled task, overrides, and a first-party module."""

from parts import base, ready

import flyte

big = base.clone_with("big", resources=flyte.Resources(memory="4Gi"))


@big.task
async def step(x: int, *, times: int = 1) -> int:
    return x * times


@big.compiled_task
async def inner(x: int) -> int:
    return await step.override(resources=flyte.Resources(memory="8Gi"))(x, times=x + 1)


@big.task
async def outer(x: int) -> int:
    checked = await ready(x)  # flyte: ignore[FC205]
    return await inner(checked)


if __name__ == "__main__":
    print(flyte.run(outer, x=3).outputs())
