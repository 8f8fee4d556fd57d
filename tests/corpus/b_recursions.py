# drivers: fib, is_even, is_odd, factorial, hanoi, ackermann, power_set, gcd, tour
# A playground of recursive tasks. We use it to see how the backend copes with deep trees.
import asyncio
import flyte

env = flyte.TaskEnvironment("recursions", resources=flyte.Resources(memory="128Mi"))


@env.task
async def add(a: int, b: int) -> int:
    return a + b


@env.task(cache="auto")
async def fib(n: int) -> int:
    if n < 2:
        return n
    return await add(*await asyncio.gather(fib(n - 1), fib(n - 2)))


@env.task
def factorial(n: int) -> int:
    return 1 if n <= 1 else n * factorial(n - 1)


@env.task
async def is_even(n: int) -> bool:
    return n == 0 or await is_odd(n - 1)


@env.task
async def is_odd(n: int) -> bool:
    if n == 0:
        return False
    return await is_even(n - 1)


@env.task
async def hanoi(n: int, src: str, dst: str, via: str) -> list[str]:
    if n == 0:
        return []
    before = await hanoi(n - 1, src, via, dst)
    after = await hanoi(n - 1, via, dst, src)
    return before + [f"{src}->{dst}"] + after


@env.task
async def ackermann(m: int, n: int) -> int:
    if m == 0:
        return n + 1
    elif n == 0:
        return await ackermann(m - 1, 1)
    return await ackermann(m - 1, await ackermann(m, n - 1))


@env.task
def gcd(a: int, b: int) -> int:
    if b == 0:
        return a
    return gcd(b, a % b)


@env.task
async def power_set(xs: list[str]) -> list[list[str]]:
    if not xs:
        return [[]]
    head, *tail = xs
    rest = await power_set(tail)
    return rest + [[head, *r] for r in rest]


@env.task
async def tour(n: int = 6) -> dict[str, int]:
    f, e = await asyncio.gather(fib(n), is_even(n))
    moves = await hanoi(n, "A", "C", "B")
    return {
        "fib": f,
        "even": int(e),
        "hanoi": len(moves),
        "gcd": await gcd.aio(n * 6, n * 4),
        "factorial": await factorial.aio(n),
        "subsets": len(await power_set([str(i) for i in range(n)])),
        "ackermann": await ackermann(2, 2) if n < 10 else -1,
    }


if __name__ == "__main__":
    flyte.init_from_config()
    flyte.run(tour, n=5).wait()
