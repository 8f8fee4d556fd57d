import asyncio

import flyte

env = flyte.TaskEnvironment("recursion")


@env.task
async def fib(n: int) -> int:
    if n < 2:
        return n
    a, b = await asyncio.gather(fib(n - 1), fib(n - 2))
    return a + b


@env.task
async def merge(left: list[int], right: list[int]) -> list[int]:
    merged = []
    while left and right:
        merged.append(left.pop(0) if left[0] <= right[0] else right.pop(0))
    return merged + left + right


@env.task
async def merge_sort(values: list[int]) -> list[int]:
    if len(values) <= 1:
        return values
    middle = len(values) // 2
    left, right = await asyncio.gather(merge_sort(values[:middle]), merge_sort(values[middle:]))
    return await merge(left, right)


@env.task
async def main(n: int = 6) -> list[int]:
    values = [await fib(i) for i in range(n, 0, -1)]
    return await merge_sort(values)
