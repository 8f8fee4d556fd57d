"""Programs of a driver `main(x)`, to be run as Python and from a plan: functions and calls."""

from __future__ import annotations

FUNCTIONS = {
    "StopIteration goes its way": """
def first(items):
    y = peek(1)
    return next(iter(items))

@env.task
async def main(x: int) -> list[str]:
    out = []
    try:
        y = first([])
    except StopIteration as error:
        out.append("stopped")
        try:
            raise KeyError("in it")
        except KeyError as error:
            out += chain(error)
    with Manager("swallows", swallow=True):
        y = first([])
    try:
        y = first([])
    finally:
        LOG.append(repr(sys.exception()))
        if x:
            return out
""",
    "StopIteration out of an async helper": """
async def first(items):
    y = await inc(1)
    return next(iter(items))

@env.task
async def main(x: int) -> list[str]:
    if x == 0:
        y = await first([])
    try:
        y = await first([])
    except RuntimeError as error:
        return chain(error)
""",
    "helpers bind as functions": """
def rest(a, /, b, *more, key=GLOBAL, **others):
    y = peek(a)
    return [y, b, list(more), key, others]

@env.task
async def main(x: int) -> list:
    out = []
    values = [1, 2, 3, 4]
    options = {"other": 5}
    y = rest(1, 2)
    out.append(y)
    y = rest(*values, key=7, **options)
    out.append(y)
    y = rest(1, b=2)
    out.append(y)
    y = rest(0, *values)
    out.append(y)
    try:
        y = rest(1)
    except TypeError as error:
        out.append(str(error))
    try:
        y = rest(1, 2, b=3)
    except TypeError as error:
        out.append(str(error))
    try:
        y = rest(*x)
    except TypeError as error:
        out.append(str(error))
    return out
""",
    "defaults are the function's own": """
def remember(x, seen=[]):
    y = peek(x)
    seen.append(y)
    return list(seen)

@env.task
async def main(x: int) -> list:
    remember.__defaults__[0].clear()
    a = remember(1)
    b = remember(2)
    return [a, b]
""",
    "recursion": """
async def count(n):
    if n == 0:
        return 0
    y = await inc(1)
    z = await count(n - 1)
    return y + z

@env.task
async def main(x: int) -> int:
    y = await count(x + 4)
    return y
""",
    "deep recursion": """
async def count(n):
    if n == 0:
        return 0
    z = await count(n - 1)
    return z + 1

@env.task
async def main(x: int) -> int:
    y = await count(60)
    return y
""",
    "closures share their variables": """
@env.task
async def main(x: int) -> list[int]:
    total = 0
    def add(n):
        nonlocal total
        y = peek(n)
        total += y
        return total
    a = add(1)
    show = lambda: total
    total += 100
    b = add(2)
    functions = [lambda: total, show]
    total += 1000
    return [a, b, total, *(f() for f in functions)]
""",
    "each call has its own variables": """
def counter(start):
    count = start
    def more():
        nonlocal count
        y = peek(count)
        count += 1
        return (y, count)
    return more

@env.task
async def main(x: int) -> list:
    a = counter(0)
    b = counter(10)
    return [a(), a(), b(), a(), b()]
""",
    "functions called by Python": """
@env.task
async def main(x: int) -> list:
    async def work(n, plus=x):
        y = await inc(n)
        return y + plus
    assert inspect.iscoroutinefunction(work)
    LOG.append((work.__name__, work.__qualname__, str(inspect.signature(work))))
    out = await asyncio.gather(work(1), work(2, plus=50), *map(work, [3, 4]))
    try:
        work()
    except TypeError as error:
        LOG.append(str(error))
    return out
""",
    "deferred calls": """
@env.task
async def main(x: int) -> list[int]:
    values = [1]
    first = inc(values[0])
    values[0] = 5
    second = inc(values[0])
    assert inspect.iscoroutine(first)
    b = await second
    a = await first
    tasks = []
    for i in range(3):
        call = inc(i)
        tasks.append(asyncio.create_task(call))
    out = await asyncio.gather(*tasks)
    call = twice(4)
    async with asyncio.TaskGroup() as group:
        call2 = inc(20)
        one = group.create_task(call2)
    return [a, b, call, *out, one.result()]
""",
    "wrong arguments": """
@env.task
async def main(x: int) -> list[str]:
    out = []
    try:
        y = inc(1, 2)
        out.append("not here")
    except TypeError as error:
        out.append(str(error))
    try:
        y = await inc(y=1)
    except TypeError as error:
        out.append(str(error))
    try:
        y = await inc(object())
    except Exception as error:
        out.append(type(error).__name__)
    late = inc(1)
    try:
        y = await inc(late)
    except TypeError as error:
        out.append(str(error))
    return out
""",
    "groups": """
@env.task
async def main(x: int) -> int:
    with flyte.group("outer"):
        y = await inc(x)
        with flyte.group("inner"):
            y = await inc(x)
    if x == 1:
        with flyte.group("no/name"):
            y = await inc(x)
    y = await inc(x)
    return y
""",
    "context variables": """
@env.task
async def main(x: int) -> list[int]:
    VARIABLE.set(1)
    y = await inc(VARIABLE.get())
    async def inner():
        VARIABLE.set(2)
        y = await inc(VARIABLE.get())
    y = await inner()
    a = VARIABLE.get()
    task = asyncio.create_task(inner())
    VARIABLE.set(3)
    await task
    return [a, VARIABLE.get()]
""",
    "globals": """
@env.task
async def main(x: int) -> int:
    globals()["GLOBAL"] = x
    y = await inc(GLOBAL)
    return GLOBAL + y
""",
    "shadowed builtins": """
locals = None

@env.task
async def main(x: int) -> int:
    main = await inc(x)
    return main
""",
    "where an error was raised": """
def deep(x):
    y = peek(x)
    raise KeyError(
        x
    )

@env.task
async def main(x: int) -> list:
    try:
        y = deep(x)
    except KeyError as error:
        return [lines(error), traceback.format_exc().count("flyte")]
""",
    "a synchronous driver": """
LOCAL = threading.local()

@env.task
def main(x: int) -> list[int]:
    LOCAL.x = x
    VARIABLE.set(5)
    out = []
    y = twice(x)
    LOG.append(threading.current_thread() is threading.main_thread())
    with Manager("m", swallow=True):
        for i in range(3):
            y = twice(i)
            out.append(y)
            if i == x:
                raise KeyError(i)
    def work(n):
        y = twice(n)
        return y + VARIABLE.get()
    out += [work(7), LOCAL.x]
    out += asyncio.run(both(1, 2))
    return out

async def both(*values):
    return await asyncio.gather(*[inc(value) for value in values])
""",
    "a synchronous driver that stops iterating": """
@env.task
def main(x: int) -> int:
    y = twice(x)
    if x == 0:
        return next(iter([]))
    try:
        return next(iter([]))
    except StopIteration:
        y = twice(1)
        raise
""",
    "threads of a synchronous driver": """
@env.task
def main(x: int) -> list[int]:
    def work(n):
        y = twice(n)
        return y + 1
    with ThreadPoolExecutor(3) as pool:
        out = list(pool.map(work, range(6)))
    LOG.sort()
    return out
""",
    "bare raise in a synchronous handler": """
@env.task
def main(x: int) -> list[str]:
    try:
        try:
            y = twice(1)
            raise KeyError("k")
        except KeyError:
            y = twice(2)
            raise
    except KeyError as error:
        return [*chain(error), *map(str, lines(error))]
""",
    "an asynchronous helper of a synchronous driver": """
@env.task
def main(x: int) -> list[int]:
    async def both(n):
        VARIABLE.set(n)
        a = await inc(n)
        b = await inc(a)
        return [a, b]
    out = asyncio.run(both(x))
    return [*out, VARIABLE.get()]
""",
}
