# drivers: quicksort, merge_sort, bitonic_sort, odd_even_sort, sort_all
"""Sorting as tasks: quicksort, merge sort, and sorting networks of comparator tasks."""
import asyncio

import flyte

env = flyte.TaskEnvironment("sorting")
CUTOFF = 16


@env.task
async def sort_leaf(xs: list[int]) -> list[int]:
    return sorted(xs)


@env.task
async def partition(xs: list[int], pivot: int) -> tuple[list[int], list[int], list[int]]:
    return [x for x in xs if x < pivot], [x for x in xs if x == pivot], [x for x in xs if x > pivot]


@env.task
async def merge(a: list[int], b: list[int]) -> list[int]:
    out, i, j = [], 0, 0
    while i < len(a) and j < len(b):
        if a[i] <= b[j]:
            out.append(a[i]); i += 1
        else:
            out.append(b[j]); j += 1
    return out + a[i:] + b[j:]


@env.task
async def compare(a: int, b: int) -> tuple[int, int]:
    return (a, b) if a <= b else (b, a)


@env.task
async def quicksort(xs: list[int]) -> list[int]:
    if len(xs) <= CUTOFF:
        return await sort_leaf(xs)
    small, same, large = await partition(xs, xs[len(xs) // 2])
    left, right = await asyncio.gather(quicksort(small), quicksort(large))
    return [*left, *same, *right]


@env.task
async def merge_sort(xs: list[int]) -> list[int]:
    if len(xs) < 2:
        return xs
    mid = len(xs) // 2
    return await merge(await merge_sort(xs[:mid]), await merge_sort(xs[mid:]))


@env.task
async def odd_even_sort(xs: list[int]) -> list[int]:
    xs = list(xs)
    n = len(xs)
    for phase in range(n):
        idx = list(range(phase % 2, n - 1, 2))
        pairs = await asyncio.gather(*[compare(xs[i], xs[i + 1]) for i in idx])
        for i, (lo, hi) in zip(idx, pairs):
            xs[i], xs[i + 1] = lo, hi
    return xs


@env.task
async def bitonic_sort(xs: list[int]) -> list[int]:
    n = len(xs)
    assert n & (n - 1) == 0, "a power of two is needed"
    k = 2
    while k <= n:
        j = k // 2
        while j > 0:
            todo = []
            for i in range(n):
                other = i ^ j
                if other > i:
                    up = (i & k) == 0
                    todo.append((i, other) if up else (other, i))
            swapped = await asyncio.gather(*(compare(xs[a], xs[b]) for a, b in todo))
            for (a, b), (lo, hi) in zip(todo, swapped):
                xs[a] = lo
                xs[b] = hi
            j //= 2
        k *= 2
    return xs


@env.task
async def sort_all(xs: list[int]) -> dict[str, bool]:
    algorithms = {"quick": quicksort, "merge": merge_sort, "oddeven": odd_even_sort}
    if len(xs) & (len(xs) - 1) == 0:
        algorithms["bitonic"] = bitonic_sort
    expected = sorted(xs)
    results = {}
    for name, algorithm in algorithms.items():
        results[name] = await algorithm(xs) == expected
    return results


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(sort_all, xs=[5, 2, 9, 1, 7, 3, 8, 4])
