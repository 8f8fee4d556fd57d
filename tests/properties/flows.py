"""Strategies for control flow: blocks in blocks, with calls anywhere in them.

Every loop ends by itself, whatever its body does.
"""

from __future__ import annotations

import textwrap

from hypothesis import strategies as st
from strategies import Program, arguments, calls, operands, statements, variables

HELPERS = '''
class Guard:
    """Notes how it is left; swallows a ValueError where it is told to."""

    def __init__(self, swallows: bool) -> None:
        self.swallows = swallows

    def __enter__(self) -> int:
        STATE.append(len(STATE))
        return STATE[-1]

    def __exit__(self, kind: object, error: object, trace: object) -> bool:
        STATE.append(-1 if kind is None else -2)
        return self.swallows and kind is ValueError

    async def __aenter__(self) -> int:
        return self.__enter__()

    async def __aexit__(self, *error: object) -> bool:
        return self.__exit__(*error)


async def twice(a: int, *, more: int = 1) -> int:
    if a > 6:
        return a
    for _ in range(2):
        a = await add(a, more)
    return a


async def countdown(a: int) -> int:
    return 0 if a <= 0 else await countdown(await add(a, -2)) + 1


def plain(a: int) -> int:
    return times(a, 2) if a < 3 else a


TASKS = {"add": add, "picky": picky, "nested": nested}
'''


def indented(block: str) -> str:
    return textwrap.indent(block, "    ")


@st.composite
def awaited(draw: st.DrawFn) -> str:
    """An expression with calls in it that are made only sometimes, or several times."""
    one, two, name, value = draw(calls()), draw(calls()), draw(variables), draw(arguments())
    return draw(
        st.sampled_from(
            [
                f"await {one}",
                f"(await {one} if {name} > {value} else await {two})",
                f"(await {one} or await {two})",
                f"({name} and await {one})",
                f"await twice({value}, more={name} % 3)",
                f"await countdown({name})",
                f"plain({value})",
                f"await TASKS['add' if {name} > 1 else 'picky']({value})",
                f"await add(*[{value}, {name}])",
                f"await add(**{{'a': {value}}})",
                f"len([await add(v) for v in xs if v > {name}])",
                f"sum(await asyncio.gather(*[add(v, {name}) for v in xs[:3]]))",
                f"sum(await asyncio.gather(*map(add, xs[:3])))",
                f"max([await add(v, w) for v in range(2) for w in xs[:2]], default={name})",
                f"sum({{v: await times.aio(v, 2) for v in xs[:2]}}.values())",
                f"sum(times(v, {name}) for v in xs[:3])",
                f"int(any(times(v, 2) > {value} for v in xs[:4]))",
                f"(await {one}, {value})[0]",
            ]
        )
    )


@st.composite
def blocks(draw: st.DrawFn, depth: int = 2, in_loop: bool = False) -> str:
    lines = draw(st.lists(nested(depth, in_loop), min_size=1, max_size=3))
    return "\n".join(lines)


@st.composite
def nested(draw: st.DrawFn, depth: int, in_loop: bool) -> str:
    """A statement, with blocks in it where `depth` allows."""
    name, other, value = draw(variables), draw(variables), draw(arguments())
    kinds = ["plain", "value", "pending"]
    kinds += ["if", "for", "while", "try", "with", "match", "function"] if depth > 0 else []
    kinds += ["leave"] if in_loop else ["return"]
    kind = draw(st.sampled_from(kinds))
    if kind == "plain":
        return draw(statements()).replace("\n    ", "\n")
    if kind == "value":
        return f"{name} {draw(st.sampled_from(['=', '+=']))} {draw(awaited())}"
    if kind == "pending":
        return draw(pending())
    if kind == "leave":
        return f"if {name} > {value}:\n    {draw(st.sampled_from(['break', 'continue']))}"
    if kind == "return":
        return f"if {name} > {draw(operands)} + 4:\n    return [{name}, {value}]"

    def block(*, loop: bool = in_loop) -> str:
        return indented(draw(blocks(depth - 1, loop)))

    test = draw(st.one_of(arguments(), awaited()))
    if kind == "if":
        whole = f"if {name} < {test}:\n{block()}"
        if draw(st.booleans()):
            whole += f"\nelif {other} > {value}:\n{block()}"
        return whole + (f"\nelse:\n{block()}" if draw(st.booleans()) else "")
    if kind == "for":
        head = draw(
            st.sampled_from(
                [
                    f"for {name} in range(3):",
                    "for v in xs[:3]:",
                    f"for i, {other} in enumerate(xs[:2]):",
                    f"for xs[0] in range(2):",
                    f"for v in await asyncio.gather(add({name}), add(1)):",
                    f"async for v in flyte.map.aio(add, xs[:3]):",
                ]
            )
        )
        whole = f"{head}\n{block(loop=True)}"
        return whole + (f"\nelse:\n{block()}" if draw(st.booleans()) else "")
    if kind == "while":
        counter = f"n{depth}"
        whole = (
            f"{counter} = 0\nwhile {counter} < 3 and {name} < {test} + 5:\n"
            f"    {counter} += 1\n{block(loop=True)}"
        )
        return whole + (f"\nelse:\n{block()}" if draw(st.booleans()) else "")
    if kind == "try":
        whole = f"try:\n{block()}"
        caught = draw(st.sampled_from(["ValueError", "(ValueError, ZeroDivisionError)", "Exception"]))
        bound = draw(st.sampled_from(["", " as error"]))
        only_final = draw(st.integers(0, 5)) == 0
        if not only_final:
            whole += f"\nexcept {caught}{bound}:\n{block()}"
            if bound:
                whole += f"\n    {other} = len(str(error))"
            if draw(st.booleans()):
                whole += "\n    raise" if draw(st.integers(0, 3)) == 0 else ""
            if draw(st.booleans()):
                whole += f"\nelse:\n{block()}"
        if only_final or draw(st.booleans()):
            whole += f"\nfinally:\n{block()}"
        return whole
    if kind == "with":
        manager = draw(
            st.sampled_from(
                [
                    "with Guard(True):",
                    f"with Guard(False) as {name}:",
                    f"async with Guard(True) as {name}, Guard(False):",
                    'with flyte.group("g"):',
                    'with flyte.group(f"g{x}"):',
                    "async with asyncio.Lock():",
                ]
            )
        )
        return f"{manager}\n{block()}"
    if kind == "match":
        return (
            f"match {test}:\n    case 0 | 1:\n{indented(block())}\n"
            f"    case int({name}) if {name} > {value if 'await' not in value else 1}:\n{indented(block())}\n"
            f"    case _:\n{indented(block())}"
        )
    return draw(functions())


@st.composite
def pending(draw: st.DrawFn) -> str:
    """Calls that are made in one place and awaited in another."""
    one, two, name, other = draw(calls()), draw(calls()), draw(variables), draw(variables)
    return draw(
        st.sampled_from(
            [
                f"c = {one}\n{other} = await {two}\n{name} = await c",
                f"c = asyncio.create_task({one})\n{other} = await {two}\n{name} = await c",
                f"cs = [add(v, {name}) for v in xs[:3]]\n{other} = sum(await asyncio.gather(*cs))",
                f"cs = []\nfor v in xs[:3]:\n    cs.append(add(v, {name}))\nxs = await asyncio.gather(*cs)",
                f"cs = {{v: add(v) for v in xs[:2]}}\nfor v, c in cs.items():\n    {name} += await c",
                f"{name}, *rest = await asyncio.gather({one}, *[add(v) for v in xs[:2]], {two})",
                f"g = asyncio.gather({one}, add(1))\n{name} = sum(await g)",
                f"async with asyncio.TaskGroup() as tg:\n    h = tg.create_task({one})\n    k = tg.create_task(add({name}))\n{other} = h.result() + k.result()",
                f"f = add if {name} > 1 else picky\n{other} = await f({name})",
                f"f = lambda v: add(v, {name})\n{other} = await f({name})",
                f"fast = add.override(short_name='fast')\n{name} = await fast({other}, b=3)",
                f"for c in [add({name}), add({other})]:\n    {name} += await c",
                f"done, _ = await asyncio.wait([asyncio.ensure_future({one})])\n{name} = [d.result() for d in done][0]",
                f"{name} = await asyncio.wait_for({one}, 60)",
            ]
        )
    )


@st.composite
def functions(draw: st.DrawFn) -> str:
    """A nested function that calls tasks, and its uses."""
    name, other, one = draw(variables), draw(variables), draw(calls())
    body = draw(
        st.sampled_from(
            [
                f"return await add(a, {name})",
                f"async with sem:\n        return await add(a, {name})",
                f"if a > 2:\n        return a\n    return await inner(await add(a, 2))",
                f"nonlocal {name}\n    {name} += 1\n    r = await add(a, {name})\n    {name} = r\n    return r",
                f"r = [await add(v, a) for v in xs[:2]]\n    return sum(r)",
                f"try:\n        return await picky(a)\n    except ValueError:\n        return {name}",
            ]
        )
    )
    use = draw(
        st.sampled_from(
            [
                f"{other} = await inner({name})",
                f"xs = await asyncio.gather(*[inner(v) for v in xs[:3]])",
                f"{other}, _ = await asyncio.gather(inner(1), inner({name}))",
                f"{name} = {other}\n{other} = await inner({other})",
                f"for v in xs[:2]:\n    {other} += await inner(v)",
                f"fs = [inner]\n{other} = await fs[0]({name})",
                f"{other} = sum([await f for f in map(inner, xs[:2])])",
                f"{other} = await inner(await {one})",
            ]
        )
    )
    return f"sem = asyncio.Semaphore(2)\nasync def inner(a):\n    {body}\n{use}"


def _program(block: str) -> Program:
    return Program(tuple(block.split("\n")), HELPERS)


flow_programs = blocks(3).map(_program)
