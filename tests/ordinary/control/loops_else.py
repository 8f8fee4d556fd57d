import flyte

env = flyte.TaskEnvironment("loops")


@env.task
async def is_prime(n: int) -> bool:
    return n > 1 and all(n % i for i in range(2, n))


@env.task
async def largest_prime(limit: int) -> int | None:
    for n in range(limit, 1, -1):
        if await is_prime(n):
            break
    else:
        return None
    return n


@env.task
async def main(limit: int = 20) -> list[int]:
    primes = [n for n in range(limit) if await is_prime(n)]
    n = limit
    while not await is_prime(n):
        n += 1
    else:
        print("found", n)
    last = await largest_prime(limit)
    return [*primes, n] if last is None else [*primes, n, last]
