"""Strategies for whole programs: values that print as readable Python.

A program is a list of statements of one driver over a fixed set of tasks. It shrinks like any
value, so a counterexample is a short program.
"""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

HEADER = """
import asyncio
import flyte

env = flyte.TaskEnvironment("{env}")
STATE = [0]


class Box:
    value = 1


async def plus(a: int) -> int:
    await asyncio.sleep(0)
    return a + 1


@env.task
async def add(a: int, b: int = 1) -> int:
    return a + b


@env.task
def times(a: int, b: int) -> int:
    return a * b % 1009  # repeated, it would outgrow any patience


@env.task
async def picky(a: int) -> int:
    if a % 3 == 0:
        raise ValueError(f"no {{a}}")
    return a - 1


@env.task
async def grow(xs: list[int], a: int) -> list[int]:
    xs.append(a)
    return xs


@env.task
async def pair(a: int, b: int) -> tuple[int, int]:
    return b, a


@flyte.trace
async def seen(a: int) -> int:
    return a + 1000


@env.task
async def nested(a: int) -> int:
    first = await add(a)
    both = await asyncio.gather(add(first, b=2), times.aio(first, 3))
    return sum(both)
"""

DRIVER = """

@env.task
async def main(x: int, y: int) -> list[int]:
    global STATE
    STATE = [0]
    box = Box()
    z = x
    xs = [y]
"""

NUMBERS_ONLY = "xs = [r if isinstance(r, int) else -1 for r in xs]"
VARIABLES = ("x", "y", "z")


@dataclass(frozen=True)
class Program:
    """Statements of the driver `main(x: int, y: int) -> list[int]`."""

    statements: tuple[str, ...]
    helpers: str = ""
    """Definitions before the driver."""
    driver: str = DRIVER
    """Where the statements go."""
    second: str = ""
    """A module `second_…` that the helpers import."""

    def source(self, env: str) -> str:
        """The whole module."""
        lines = [*self.statements, "return [x, y, z, box.value, *STATE, *xs]"]
        body = "".join(f"    {line}\n" for line in lines)
        return HEADER.format(env=env) + self.helpers.format(env=env) + self.driver + body


variables = st.sampled_from(VARIABLES)
operands = st.one_of(variables, st.integers(-5, 5).map(str))


@st.composite
def calls(draw: st.DrawFn, depth: int = 2) -> str:
    """A call whose value is an int: not awaited yet."""
    inside = arguments(depth - 1)
    form = draw(st.sampled_from(["add1", "add2", "times", "picky", "nested", "seen", "override"]))
    match form:
        case "add1":
            return f"add({draw(inside)})"
        case "add2":
            return f"add(b={draw(inside)}, a={draw(inside)})"
        case "times":
            return f"times.aio({draw(inside)}, {draw(inside)})"
        case "picky":
            return f"picky({draw(inside)})"
        case "nested":
            return f"nested({draw(inside)})"
        case "seen":
            return f"seen({draw(inside)})"
        case _:
            return f"add.override(short_name='renamed')({draw(inside)}, b=2)"


@st.composite
def arguments(draw: st.DrawFn, depth: int = 1) -> str:
    """An expression for an argument, with calls in it where `depth` allows."""
    kinds = ["operand", "sum", "index", "state", "walrus"]
    kinds += ["call", "mixed", "text", "item", "late"] if depth > 0 else []
    match draw(st.sampled_from(kinds)):
        case "operand":
            return draw(operands)
        case "sum":
            return f"{draw(operands)} + {draw(operands)}"
        case "index":
            return "xs[-1]"
        case "state":
            return draw(st.sampled_from(["xs.pop()", "STATE[0]", "box.value", "len(xs)"]))
        case "walrus":
            return f"({draw(variables)} := {draw(operands)})"
        case "call":
            return f"await {draw(calls(depth))}"
        case "text":
            return f'len(f"{{await {draw(calls(depth))}:>{{{draw(variables)} % 9}}}}|{{xs}}")'
        case "item":
            return f"[{draw(operands)}, *xs, await {draw(calls(depth))}][0]"
        case "late":
            return f"({draw(variables)} := await {draw(calls(depth))}) + {draw(operands)}"
        case _:
            return f"{draw(operands)} - await {draw(calls(depth))} * {draw(operands)} % 97"


@st.composite
def statements(draw: st.DrawFn) -> str:
    """One statement of the driver."""
    name, other = draw(variables), draw(variables)
    one, two = draw(calls()), draw(calls())
    forms = [
        f"{name} = await {one}",
        f"{name} += await {one}",
        f"await {one}",
        f"{name}: int = await {one}",
        f"{name} = {draw(arguments())}",
        f"{name}, {other} = await asyncio.gather({one}, {two})",
        f"xs = await asyncio.gather({one}, {two}, return_exceptions=True)\n    {NUMBERS_ONLY}",
        f"xs = await asyncio.gather({one}, {two})",
        f"{name}, {other} = await pair({draw(operands)}, {draw(operands)})",
        f"xs = await grow(xs, {draw(operands)})",
        f"xs.append({draw(arguments())})",
        f"xs.append(await {one})",
        f"xs[0] = await {one}",
        f"{name} = len(xs) if {other} > 2 else {other}",
        f"print({name}, end='')",
        f"{name} = {other} // ({draw(operands)})",
        f"{name} = times({draw(operands)}, {draw(operands)})",
        f"xs = [await {one}, {draw(operands)}, await {two}]",
        f"if {name} > {draw(operands)}: {other} = {draw(operands)}",
        f"for i in range(3): {name} += i",
        "await asyncio.sleep(0)",
        *_rarer(name, other, one, two, draw(arguments())),
    ]
    return draw(st.sampled_from(forms))


def _rarer(name: str, other: str, one: str, two: str, value: str) -> list[str]:
    """Statements that bind, change and leave in less usual ways."""
    return [
        f"box.value += await {one}",
        f"box.value = {value}",
        f"STATE = [await {one}, *STATE[:2]]",
        f"STATE[0] = {value}",
        f"xs += [await {one}]",
        f"xs = [{value}, *await asyncio.gather({one}, {two}), {other}]",
        f"{name}, *xs = {value}, await {one}, {other}",
        f"({name}, {other}), z = await pair({other}, 1), await {one}",
        f"{name} = {other} = await {one}",
        f"{name}, {other} = await asyncio.gather({one}, add(await {two}))",
        f"{name} = await plus(await {one})",
        f"{name} = sum(await asyncio.gather(plus({other}), plus(1)))",
        f"later = plus({name})\n    {other} = await {one}\n    {name} = await later",
        f"xs = [v * {name} % 97 for v in xs if v < {other}][:4] + [await {one}]",
        f"{name} = max(xs, key=lambda v: v * {other}) + await {one}",
        f"del {name}\n    {other} = await {one}\n    {name} = {other}",
        f"if {name} > 1: late = {other}\n    {other} = await {one}\n    {name} = late",
        f"try:\n        {name} //= {other} - 1\n    except ZeroDivisionError as error:\n"
        f"        {name} = len(str(error))\n    {other} = await {one}",
        f"if {name} > 4: raise ValueError({other})",
        f"assert {name} < {value}, {other}",
        f"raise ValueError(await {one}, {value})",
        f"{name} = int(0 <= {other} < 9 != {name}) + await {one}",
        f"print(*[await {one}], {value}, sep='', end=str(await {two}))",
        f"{name} = xs[await {one} :][:1] == [{value}]",
    ]


programs = st.lists(statements(), min_size=1, max_size=6).map(lambda lines: Program(tuple(lines)))
