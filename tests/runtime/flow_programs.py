"""Programs of a driver `main(x)`, to be run as Python and from a plan: control flow."""

from __future__ import annotations

FLOW = {
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
}
