"""Wrong lines, each marked `# E`, and revealed types, each marked with what is expected."""

import asyncio
import functools
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta
from typing import reveal_type

import flyte
from flyte import remote
from flyte.io import DataFrame, Dir, File

env = flyte.TaskEnvironment("calls")


@env.task
def greet(name: str) -> str:
    return name


@env.task(cache="auto", retries=3)
async def repeat(x: int, y: str = "a") -> list[str]:
    return [y] * x


@env.task
async def mean(data: list[float], *, weight: float = 1.0) -> float:
    return sum(data) * weight


@env.task
async def pair(x: int) -> tuple[int, str]:
    return x, str(x)


@env.task
def five(a: int, b: str, c: float, d: bytes, e: bool) -> int:
    return a


@env.compiled_task
async def compiled(name: str) -> int:
    return len(name)


@env.compiled_task(order="program")
def compiled_sync(x: int) -> str:
    return str(x)


@flyte.trace
async def ask(question: str) -> str:
    return question


@flyte.trace
def measure(x: int) -> float:
    return float(x)


@flyte.trace
def items(n: int) -> Iterator[int]:
    yield n


@flyte.trace
async def stream(n: int) -> AsyncIterator[int]:
    yield n


def plain(name: str) -> str:
    return name


async def revealed(names: list[str], numbers: list[int]) -> None:
    reveal_type(greet)  # Task[[name: str], str]
    reveal_type(greet("x"))  # str
    reveal_type(await greet.aio("x"))  # str
    reveal_type(await repeat(1))  # list[str]
    reveal_type(await repeat.aio(1, y="b"))  # list[str]
    reveal_type(await mean([1, 2], weight=2))  # float
    reveal_type(greet.forward("x"))  # str
    reveal_type(await repeat.forward(1))  # list[str]
    reveal_type(greet.override(retries=2)("x"))  # str
    reveal_type(await repeat.override(cache="disable")(1))  # list[str]
    reveal_type(await compiled("x"))  # int
    reveal_type(compiled_sync(1))  # str
    reveal_type(await asyncio.gather(repeat(1), mean([1.0])))  # tuple[list[str], float]
    reveal_type(await asyncio.gather(greet.aio("x"), repeat(1)))  # tuple[str, list[str]]
    reveal_type(await asyncio.gather(*[repeat(n) for n in numbers]))  # list[list[str]]
    reveal_type(await asyncio.gather(*[greet.aio(n) for n in names]))  # list[str]
    reveal_type(await asyncio.gather(ask("a"), mean([1.0])))  # tuple[str, float]
    reveal_type(await asyncio.gather(compiled("a"), pair(1)))  # tuple[int, tuple[int, str]]
    reveal_type(await asyncio.wait_for(mean([1.0]), 3))  # float
    reveal_type(await asyncio.create_task(repeat(1)))  # list[str]
    reveal_type(list(flyte.map(greet, names)))  # list[str]
    reveal_type(list(flyte.map(mean, [[1.0]])))  # list[float]
    reveal_type(list(flyte.map(greet, names, return_exceptions=False)))  # list[str]
    reveal_type(list(flyte.map(greet, names, return_exceptions=True)))  # list[str | Exception]
    reveal_type(list(flyte.map(repeat, numbers, names)))  # list[list[str]]
    reveal_type(list(flyte.map(five, [1], ["b"], [1.0], [b"d"], [True])))  # list[int]
    reveal_type([r async for r in flyte.map.aio(repeat, numbers)])  # list[list[str]]
    both = [r async for r in flyte.map.aio(greet, names, return_exceptions=True)]
    reveal_type(both)  # list[str | Exception]
    reveal_type(flyte.run(greet, "x"))  # Run[str]
    reveal_type(flyte.run(mean, [1.0], weight=2.0))  # Run[float]
    reveal_type(await flyte.run.aio(greet, name="x"))  # Run[str]
    reveal_type(flyte.with_runcontext(name="r").run(pair, 1))  # Run[tuple[int, str]]
    reveal_type(await flyte.with_runcontext().run.aio(mean, [1.0]))  # Run[float]
    reveal_type(flyte.run(greet, "x").outputs()[0])  # str
    reveal_type(flyte.run(pair, 1).outputs()[1])  # str
    reveal_type((await flyte.run(mean, [1.0]).outputs.aio())[0])  # float
    reveal_type(flyte.run(greet, "x").wait())  # None
    reveal_type(flyte.run(greet, "x").name)  # str
    reveal_type(await ask("why"))  # str
    reveal_type(measure(1))  # float
    reveal_type(list(items(1)))  # list[int]
    reveal_type([i async for i in stream(1)])  # list[int]
    reveal_type(flyte.Image.from_debian_base().with_pip_packages("a"))  # Image
    reveal_type((await File.from_local("a")).path)  # str
    reveal_type([f.path for f in await Dir.empty().list_files()])  # list[str]
    reveal_type(await DataFrame.from_df(1).open(str).all())  # str
    reveal_type(await remote.Task.get("a.b", version="1")(x=1))  # Any
    reveal_type(flyte.deploy(env)[0].summary_repr())  # str
    reveal_type(flyte.ctx().idempotency_key)  # str
    reveal_type(env.clone_with("other"))  # TaskEnvironment


async def wrong(names: list[str], numbers: list[int]) -> list[str]:
    greet(1)  # E
    greet(nam="x")  # E
    greet()  # E
    await greet.aio(3)  # E
    greet.forward(1)  # E
    await repeat("1")  # E
    await repeat(1, "a", "b")  # E
    await mean(["a"])  # E
    await mean([1.0], 2.0)  # E
    await compiled(1)  # E
    not_awaited: float = mean([1.0])  # E
    other_type: str = await mean([1.0])  # E
    greet.override(retres=2)  # E
    greet.override(resources="1Gi")  # E
    await repeat.override(retries=1)(y=2)  # E
    list(flyte.map(greet, numbers))  # E
    list(flyte.map(mean, names))  # E
    list(flyte.map(repeat, names, names))  # E
    list(flyte.map(greet, names, names))  # E
    list(flyte.map(plain, names))  # E
    list(flyte.map(greet, names, concurency=3))  # E
    errors: list[str] = list(flyte.map(greet, names, return_exceptions=True))  # E
    flyte.run(greet, 1)  # E
    flyte.run(mean, [1.0], wieght=2)  # E
    flyte.run(plain, "x")  # E
    flyte.run(greet("x"))  # E
    await flyte.run.aio(greet)  # E
    flyte.with_runcontext(nam="r")  # E
    flyte.with_runcontext(mode="cloud").run(greet, "x")  # E
    number: int = flyte.run(greet, "x").outputs()[0]  # E
    await ask(1)  # E
    flyte.Resources(cpus=1)  # E
    flyte.Cache("always")  # E
    flyte.Backoff(1)  # E
    flyte.RetryStrategy(count="3", backoff=timedelta(1))  # E
    flyte.TaskEnvironment("x", img=None)  # E
    flyte.TaskEnvironment("x", depends_on=[greet])  # E
    env.task(cach="auto")(plain)  # E
    flyte.init_from_config(pth="x")  # E
    flyte.deploy(greet)  # E
    remote.Task.get("a.b", auto_version="newest")  # E
    File("data.csv")  # E
    with flyte.group(3):  # E
        pass
    functools.partial(greet, name=1)()  # E
    print(not_awaited, other_type, errors, number)
    return flyte.map(greet, names)  # E
