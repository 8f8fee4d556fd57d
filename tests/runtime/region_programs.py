"""Programs of a driver `main(x)`, to be run as Python and from a plan, by name."""

from __future__ import annotations

HEAD = '''
import asyncio
import contextvars
import functools
import inspect
import itertools
import sys
import threading
import traceback
from concurrent.futures import ThreadPoolExecutor
import flyte

env = flyte.TaskEnvironment(__name__)
LOG = []
VARIABLE = contextvars.ContextVar("variable", default=0)
GLOBAL = 100


@env.task
async def inc(x: int) -> int:
    LOG.append(f"inc {x}")
    return x + 1


@env.task
def twice(x: int) -> int:
    LOG.append(f"twice {x}")
    return x * 2


@env.task
async def fail(x: int) -> int:
    raise ValueError(f"no {x}")


@flyte.trace
async def look(x: int) -> int:
    LOG.append(f"look {x}")
    return x + 7


@flyte.trace
def peek(x: int) -> int:
    LOG.append(f"peek {x}")
    return x + 8


class Manager:
    def __init__(self, name, swallow=False):
        self.name, self.swallow = name, swallow

    def __enter__(self):
        LOG.append(f"enter {self.name}")
        return self

    def __exit__(self, kind, error, trace):
        LOG.append(f"exit {self.name} {kind and kind.__name__} {error}")
        return self.swallow

    async def __aenter__(self):
        await asyncio.sleep(0)
        return self.__enter__()

    async def __aexit__(self, *error):
        return self.__exit__(*error)


def chain(error):
    """An error with all that it was raised in."""
    shown = []
    while error is not None:
        shown.append(f"{type(error).__name__}: {error}")
        error = error.__cause__ or error.__context__
    return shown


def lines(error):
    """The lines of this file in an error's traceback."""
    return [
        (frame.name, frame.line)
        for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == __file__
    ]
'''

PROGRAMS = {
    "calls in order": """
@env.task
async def main(x: int) -> list[int]:
    a = await inc(x)
    b = await inc(x=a)
    c = await look(b)
    d = peek(c)
    e = twice(d)
    return [a, b, c, d, e]
""",
    "a branch": """
@env.task
async def main(x: int) -> int:
    if x > 1:
        y = await inc(x)
    elif x:
        y = -1
    else:
        return await inc(10)
    return y
""",
    "a test that raises": """
class Odd:
    def __bool__(self):
        raise KeyError("odd")

@env.task
async def main(x: int) -> int:
    if Odd():
        x = 1
    return x
""",
    "loops with every exit": """
@env.task
async def main(x: int) -> list[int]:
    out = []
    for i in range(6):
        if i == 1:
            continue
        if i == 4 and x == 0:
            break
        if i == 5 and x == 1:
            return out
        y = await inc(i)
        out.append(y)
    else:
        out.append(-1)
    while len(out) < 9:
        y = await inc(len(out))
        if y == 8 and x == 0:
            break
        out.append(y)
    else:
        out.append(-2)
    return out
""",
    "an unbound variable": """
@env.task
async def main(x: int) -> int:
    for y in range(x - 1):
        z = await inc(y)
    try:
        return y
    except UnboundLocalError as error:
        LOG.append(str(error))
    a = await inc(z)
    return a
""",
    "an unbound variable of the function around": """
@env.task
async def main(x: int) -> int:
    def inner():
        LOG.append("inner")
        return later
    try:
        a = inner()
    except NameError as error:
        LOG.append((type(error).__name__, str(error)))
    later = await inc(x)
    b = inner()
    return b
""",
    "async for": """
async def numbers(n):
    try:
        for i in range(n):
            await asyncio.sleep(0)
            yield i
    finally:
        LOG.append("closed")

@env.task
async def main(x: int) -> list[int]:
    out = []
    async for i in numbers(4):
        y = await inc(i)
        out.append(y)
    else:
        out.append(-1)
    return out
""",
    "a generator left early is closed": """
@env.task
async def main(x: int) -> int:
    def numbers():
        try:
            yield from range(5)
        finally:
            LOG.append("closed")
    for i in numbers():
        y = await inc(i)
        if y == 2:
            break
    LOG.append("after")
    return y
""",
    "handlers by Python's own matching": """
@env.task
async def main(x: int) -> list[str]:
    out = []
    for kind in (ValueError, KeyError, OSError):
        try:
            if x == 2:
                y = await fail(3)
            raise kind("raised")
        except (KeyError, ValueError) as error:
            out.append(f"first {error}")
        except Exception as error:
            out.append(f"second {error}")
            y = await inc(1)
        else:
            out.append("else")
        finally:
            out.append("finally")
            y = await inc(2)
    return out
""",
    "what is no exception class": """
@env.task
async def main(x: int) -> int:
    try:
        y = await fail(1)
    except "text":
        return 1
    return 2
""",
    "a handler raises": """
@env.task
async def main(x: int) -> list[str]:
    try:
        try:
            raise KeyError("first")
        except KeyError as error:
            y = await inc(1)
            if x == 0:
                raise
            if x == 1:
                raise ValueError("second") from error
            raise OSError("third")
    except Exception as error:
        LOG.append(lines(error))
        return chain(error)
""",
    "exits through finally": """
async def leave(how):
    for i in range(3):
        try:
            y = await inc(i)
            if how == "return":
                return "returned"
            if how == "break":
                break
            if how == "continue":
                continue
            raise KeyError(how)
        finally:
            LOG.append(("finally", how, i))
            y = await inc(10)
            if how == "swallow":
                break
            if how == "override":
                return "overridden"
    else:
        return "else"
    return "after"

@env.task
async def main(x: int) -> list[str]:
    out = []
    for how in ("return", "break", "continue", "swallow", "override", "raise"):
        try:
            left = await leave(how)
        except KeyError as error:
            left = str(error)
        out.append(left)
    return out
""",
    "finally in an exception": """
@env.task
async def main(x: int) -> list[str]:
    try:
        try:
            y = await fail(x)
        finally:
            LOG.append(repr(sys.exception()))
            y = await inc(x)
            if x == 1:
                raise KeyError("in finally")
    except Exception as error:
        return chain(error)
    return []
""",
    "with": """
@env.task
async def main(x: int) -> list[str]:
    out = []
    with Manager("a") as a:
        y = await inc(x)
        with Manager("b", swallow=True) as b:
            y = await fail(y)
        out.append(b.name)
    for i in range(3):
        async with Manager("c") as c:
            if i == 1:
                break
            y = await inc(i)
    with Manager("d"):
        if x == 1:
            raise KeyError("d")
        return out
""",
    "what is no context manager": """
@env.task
async def main(x: int) -> int:
    with x:
        y = await inc(x)
    return y
""",
    "a group of exceptions": """
@env.task
async def main(x: int) -> list[str]:
    out = []
    try:
        try:
            raise ExceptionGroup("several", [KeyError("k"), ValueError("v"), OSError("o")])
        except* KeyError as group:
            y = await inc(1)
            out.append(repr(group))
            if x == 1:
                raise TypeError("in a handler")
        except* ValueError as group:
            out.append(repr(group))
    except ExceptionGroup as rest:
        out.append(repr(rest))
    return out
""",
    "no group for except*": """
@env.task
async def main(x: int) -> str:
    try:
        y = await fail(1)
    except* ValueError as group:
        LOG.append(repr(group.exceptions[0]))
    return "caught"
""",
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
    call = twice(4)
    out = await asyncio.gather(*tasks)
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
