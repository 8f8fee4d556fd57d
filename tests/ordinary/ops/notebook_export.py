# %%
import asyncio

import flyte

# %%
env = flyte.TaskEnvironment(name="notebook")


@env.task
async def square(x: int) -> int:
    return x * x


# %%
@env.task
async def total(xs: list[int]) -> int:
    return sum(xs)


# %%
@env.task
async def main(n: int = 5) -> int:
    squares = await asyncio.gather(*[square(x) for x in range(n)])
    return await total(list(squares))


# %%
flyte.init()
run = flyte.run(main, n=3)
run.wait()
print(run.outputs())
