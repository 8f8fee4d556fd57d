"""Programs of a driver `main(x)`, to be run as Python and from a plan: strands and cancellation."""

from __future__ import annotations

STRANDS = {
    "as completed": """
@env.task
async def main(x: int) -> list[int]:
    async def work(n):
        y = await inc(n)
        return y * 2
    calls = []
    for i in range(4):
        call = work(i)
        calls.append(call)
    return sorted([await each for each in asyncio.as_completed(calls)])
""",
    "a task group with an error": """
async def work(n):
    try:
        y = await inc(n)
        if n == 2:
            raise KeyError(n)
        await asyncio.sleep(10)
    except asyncio.CancelledError:
        LOG.append(f"cancelled {n}")
        raise
    finally:
        LOG.append(f"finally {n}")

@env.task
async def main(x: int) -> list[str]:
    calls = []
    for i in range(3):
        call = work(i)
        calls.append(call)
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(call) for call in calls]
    except* KeyError as error:
        LOG.append(repr(error.exceptions))
    LOG.sort()
    return [str(task.cancelled()) for task in tasks]
""",
    "a helper that is given up": """
async def slow(n):
    try:
        with Manager("slow"):
            y = await inc(n)
            await asyncio.sleep(10)
    except asyncio.CancelledError as error:
        y = await inc(100)
        if n == 1:
            return "swallowed"
        raise
    return "not here"

@env.task
async def main(x: int) -> str:
    call = slow(x)
    try:
        return await asyncio.wait_for(call, 0.05)
    except TimeoutError:
        return "timeout"
""",
    "a pool of workers on a queue": """
@env.task
async def main(x: int) -> list:
    queue = asyncio.Queue()
    out = []
    async def worker(name):
        while not queue.empty():
            n = queue.get_nowait()
            y = await inc(n)
            out.append(y)
            queue.task_done()
    for i in range(6):
        queue.put_nowait(i)
    workers = [asyncio.create_task(worker(str(n))) for n in range(2)]
    await queue.join()
    await asyncio.gather(*workers)
    return sorted(out)
""",
    "an exit that raises": """
class Bad(Manager):
    def __exit__(self, *error):
        super().__exit__(*error)
        raise OSError("exit")

@env.task
async def main(x: int) -> list[str]:
    try:
        with Bad("bad"):
            if x == 0:
                raise KeyError("inside")
            y = await inc(x)
            if x == 1:
                return ["lost"]
    except OSError as error:
        return [*chain(error), repr(error.__context__)]
    return []
""",
    "exits through everything": """
async def leave(x):
    for i in range(4):
        with Manager(f"a{i}"):
            try:
                try:
                    while True:
                        try:
                            y = await inc(i)
                            if i < x:
                                break
                            if i == x:
                                return "returned"
                        finally:
                            LOG.append(f"inner {i}")
                    if i == 0:
                        continue
                finally:
                    LOG.append(f"middle {i}")
                    y = await inc(i + 10)
            finally:
                LOG.append(f"outer {i}")
                if i == 3:
                    return "never"
    return "end"

@env.task
async def main(x: int) -> str:
    y = await leave(x)
    return y
""",
    "what is no Exception": """
class Stop(BaseException):
    pass

@env.task
async def main(x: int) -> list[str]:
    out = []
    try:
        try:
            y = await inc(x)
            raise Stop("now")
        except Exception:
            out.append("wrong")
        finally:
            out.append("finally")
    except BaseException as error:
        out += chain(error)
        try:
            sys.exit(3)
        except SystemExit as error:
            out += chain(error)
    return out
""",
    "a raised error keeps what it was raised in": """
@env.task
async def main(x: int) -> list:
    kept = None
    try:
        try:
            raise KeyError("first")
        except KeyError as error:
            y = await inc(1)
            raise ValueError("second")
    except ValueError as error:
        kept = error
    try:
        try:
            raise OSError("other")
        finally:
            y = await inc(2)
            LOG.append(chain(kept))
            if x == 1:
                raise kept
            if x == 2:
                raise kept from None
    except Exception as error:
        LOG.append(repr(sys.exception()))
        return [chain(error), chain(kept), error.__suppress_context__]
""",
    "drivers that call drivers": """
@env.task
async def inner(x: int) -> int:
    y = await inc(x)
    z = await inc(y)
    return z

@env.task
def plain(x: int) -> int:
    y = twice(x)
    z = twice(y)
    if z == 4:
        raise KeyError(z)
    return z

@env.task
async def main(x: int) -> list[int]:
    a = await inner(x)
    b = plain(x)
    return [a, b]
""",
    "asynchronous fragments": """
async def numbers(n):
    for i in range(n):
        yield i

@env.task
async def main(x: int) -> list[int]:
    total = 0
    out = [i async for i in numbers(3)]
    async with Manager("m"):
        await asyncio.sleep(0)
        total += sum([i async for i in numbers(x)])
        y = await inc(total)
    try:
        print(await asyncio.sleep(0, missing))
    except NameError as error:
        out.append(str(error))
    try:
        out.append(await asyncio.sleep(0, later))
    except UnboundLocalError as error:
        out.append(str(error))
    later = 1
    return [*out, y, later]
""",
    "a coroutine that nobody awaits": """
@env.task
async def main(x: int) -> int:
    call = inc(1)
    y = await inc(2)
    call.close()
    return y
""",
    "a function of another function's": """
@env.task
async def main(x: int) -> list[int]:
    out = []
    def outer(n):
        kept = n
        def middle(m):
            def innermost(k):
                nonlocal kept
                y = peek(k)
                kept += y
                return kept
            return innermost(m) + kept
        out.append(middle)
        return middle(n)
    a = outer(1)
    b = outer(2)
    return [a, b, out[0](3), out[1](3), out[0](3)]
""",
    "recursion of a nested function": """
@env.task
async def main(x: int) -> list[int]:
    seen = []
    async def down(n):
        here = n
        seen.append(lambda: here)
        if n > 0:
            y = await inc(n)
            z = await down(n - 1)
        here += 100
        return here
    a = await down(x)
    return [a, *(f() for f in seen)]
""",
}
