"""Strategies for control flow: blocks in blocks, with calls anywhere in them.

Every program ends by itself: loops are bounded whatever their bodies do, recursion and numbers are
kept small.
"""

from __future__ import annotations

import textwrap
from collections.abc import Callable
from dataclasses import dataclass, replace

from flow_parts import awaited, awaiting_statement, blocking, blocking_statement
from flow_sources import HELPERS, SECOND, SYNC_DRIVER
from hypothesis import strategies as st
from strategies import DRIVER, Program, operands, variables


@dataclass(frozen=True)
class Around:
    """Where a block stands."""

    depth: int = 3
    is_async: bool = True
    exits: tuple[str, ...] = ("return",)
    """What may leave the block: none out of `except*`."""

    @property
    def inside(self) -> Around:
        return replace(self, depth=self.depth - 1)

    @property
    def turn(self) -> Around:
        kept = tuple(leave for leave in self.exits if leave == "return")
        return replace(self.inside, exits=("break", "continue", *kept))

    @property
    def values(self) -> st.SearchStrategy[str]:
        return awaited() if self.is_async else blocking()


@st.composite
def blocks(draw: st.DrawFn, around: Around) -> str:
    """Statements, one after the other."""
    return "\n".join(draw(st.lists(statement(around), min_size=1, max_size=2)))


@st.composite
def statement(draw: st.DrawFn, around: Around) -> str:
    """A statement, with blocks in it where the depth allows."""
    kinds = [straight, straight, straight]
    if around.exits:
        kinds.append(leave)
    if around.depth > 0:
        kinds += _COMPOUND if around.is_async else _SYNC_COMPOUND
    return draw(st.sampled_from(kinds))(draw, around)


def indented(draw: st.DrawFn, around: Around) -> str:
    """A block, one step in."""
    return textwrap.indent(draw(blocks(around)), "    ")


def straight(draw: st.DrawFn, around: Around) -> str:
    """A statement without blocks."""
    return draw(awaiting_statement() if around.is_async else blocking_statement())


def leave(draw: st.DrawFn, around: Around) -> str:
    """A way out, taken sometimes or always."""
    name, way = draw(variables), draw(st.sampled_from(around.exits))
    if way == "return":
        value = draw(st.one_of(operands, around.values))
        way = f"return [{name}, {value}]"
    if draw(st.integers(0, 4)) == 0:
        return way
    return f"if {name} > {draw(operands)} + 2:\n    {way}"


def if_(draw: st.DrawFn, around: Around) -> str:
    test = draw(st.one_of(operands, around.values))
    whole = f"if {draw(variables)} < {test}:\n{indented(draw, around.inside)}"
    if draw(st.booleans()):
        other, value = draw(variables), draw(st.one_of(operands, around.values))
        whole += f"\nelif {other} > {value}:\n{indented(draw, around.inside)}"
    return whole + otherwise(draw, around)


def otherwise(draw: st.DrawFn, around: Around) -> str:
    """An `else`, or none."""
    return f"\nelse:\n{indented(draw, around.inside)}" if draw(st.booleans()) else ""


def for_(draw: st.DrawFn, around: Around) -> str:
    name, other = draw(variables), draw(variables)
    heads = [
        f"for {name} in range(3):",
        "for v in xs[:3]:",
        f"for i, {other} in enumerate(xs[:2]):",
        "for xs[0] in range(2):",
        f"for {name}, *xs in ([1, 2], [3], [{other}, 5, 6]):",
        f"for v in [{draw(around.values)}, {draw(around.values)}]:",
    ]
    if around.is_async:
        heads += [
            f"for v in await asyncio.gather(add({name}), add(1)):",
            "async for v in flyte.map.aio(add, xs[:3]):",
            f"async for {name} in steps({other}):",
        ]
    head = draw(st.sampled_from(heads))
    return f"{head}\n{indented(draw, around.turn)}" + otherwise(draw, around)


def while_(draw: st.DrawFn, around: Around) -> str:
    counter, name, test = f"n{around.depth}", draw(variables), draw(around.values)
    condition = draw(
        st.sampled_from(
            [
                f"{counter} < 3 and {name} < {test} + 5",
                f"({counter} := {counter} + 1) < 4 and ({name} := {test}) < 9",
                f"{counter} < 2",
                f"not {counter} > 1",
            ]
        )
    )
    return (
        f"{counter} = 0\nwhile {condition}:\n    {counter} += 1\n"
        f"{indented(draw, around.turn)}" + otherwise(draw, around)
    )


_CAUGHT = (
    "ValueError",
    "(ValueError, ZeroDivisionError)",
    "Exception",
    "(NameError, TypeError)",
    "IndexError",
)


def try_(draw: st.DrawFn, around: Around) -> str:
    whole = f"try:\n{indented(draw, around.inside)}"
    handlers = draw(st.integers(0, 2))
    for _ in range(handlers):
        whole += handler(draw, around, "except")
    if handlers and draw(st.booleans()):
        whole += f"\nelse:\n{indented(draw, around.inside)}"
    if not handlers or draw(st.booleans()):
        whole += f"\nfinally:\n{indented(draw, around.inside)}"
    return whole


def handler(draw: st.DrawFn, around: Around, word: str) -> str:
    bound = draw(st.sampled_from(["", " as error"]))
    whole = f"\n{word} {draw(st.sampled_from(_CAUGHT))}{bound}:\n{indented(draw, around.inside)}"
    if bound:
        whole += f"\n    {draw(variables)} = len(error.args)"
    last = draw(st.sampled_from(["", "", "", "\n    raise", "\n    raise KeyError(x) from None"]))
    return whole + last


def try_star(draw: st.DrawFn, around: Around) -> str:
    whole = f"try:\n{indented(draw, around.inside)}"
    for _ in range(draw(st.integers(1, 2))):
        whole += handler(draw, replace(around, exits=()), "except*")
    return whole + otherwise(draw, around)


def with_(draw: st.DrawFn, around: Around) -> str:
    name = draw(variables)
    managers = [
        "with Guard(True):",
        f"with Guard(False) as {name}:",
        f"with Guard({name} > 2) as xs[0]:",
        f"with Guard({draw(around.values)} > 2), Guard(False) as {name}:",
        "with contextlib.suppress(ValueError, NameError):",
        f"with contextlib.suppress(IndexError), Guard({name} > 2):",
        'with flyte.group("g"):',
        'with flyte.group(f"g{x}"):',
    ]
    if around.is_async:
        managers += [
            f"async with Guard(True) as {name}, Guard(False):",
            "async with asyncio.Lock():",
            "async with asyncio.timeout(60):",
        ]
    return f"{draw(st.sampled_from(managers))}\n{indented(draw, around.inside)}"


_PATTERNS = (
    ("int({name}) if {name} > {guard}", "{subject}"),
    ("[{name}, *xs]", "[{subject}, {other}]"),
    ('{{"a": {name}, **rest}}', '{{"a": {subject}}}'),
    ("({name}, 1) | (1, {name})", "({subject}, {other})"),
    ("Box(value=1 as {name})", "[box, {subject}][0]"),
)
"""Patterns, and what to match with them."""


def match_(draw: st.DrawFn, around: Around) -> str:
    def case() -> str:
        return textwrap.indent(indented(draw, around.inside), "    ")

    name, other = draw(variables), draw(variables)
    guard = draw(st.one_of(operands, around.values))
    subject = draw(around.values)
    pattern, shape = draw(st.sampled_from(_PATTERNS))
    second = pattern.format(name=name, guard=guard)
    subject = shape.format(subject=subject, other=other)
    return (
        f"match {subject}:\n    case 0 | 1:\n{case()}\n"
        f"    case {second}:\n{case()}\n    case _:\n{case()}"
    )


_FIRST = (
    "nonlocal x, y, z",
    "nonlocal x\nxs = [a]\ny = z = 1",
    "x = y = z = a\nxs = [a, 1]",
    "pass",
)


def function(draw: st.DrawFn, around: Around) -> str:
    """A nested function that calls tasks, and its uses."""
    own = f"inner{around.depth}"
    is_whole = draw(st.booleans())
    if is_whole:
        inside = replace(around.inside, exits=("return",))
        body = f"{draw(st.sampled_from(_FIRST))}\n{draw(blocks(inside))}\nreturn a"
    else:
        body = draw(st.sampled_from(_bodies(draw, around, own)))
    define = "async def" if around.is_async else "def"
    uses = _uses(draw, own) if around.is_async else _blocking_uses(draw, own)
    if is_whole or "nonlocal" in body:  # branches that race may meet in another order
        uses = [use for use in uses if "gather" not in use]
    before = f"sem{around.depth} = asyncio.Semaphore(2)\n" if around.is_async else ""
    body = textwrap.indent(body, "    ")
    return f"{before}{define} {own}(a):\n{body}\n{draw(st.sampled_from(uses))}"


def _bodies(draw: st.DrawFn, around: Around, own: str) -> list[str]:
    name, value = draw(variables), draw(around.values)
    if not around.is_async:
        return [
            f"return times(a, {name})",
            f"nonlocal {name}\n{name} += 1\nreturn {value}",
            f"if a > 2 or a < -9:\n    return a\nreturn {own}(times(a, 2) + 1)",
        ]
    return [
        f"return await add(a, {name})",
        f"async with sem{around.depth}:\n    return await add(a, {name})",
        f"if a > 2 or a < -9:\n    return a\nreturn await {own}(await add(a, 2))",
        f"nonlocal {name}\n{name} += 1\nr = await add(a, {name})\n{name} = r\nreturn r",
        "r = [await add(v, a) for v in xs[:2]]\nreturn sum(r)",
        f"try:\n    return await picky(a)\nexcept ValueError:\n    return {name}",
    ]


def _uses(draw: st.DrawFn, own: str) -> list[str]:
    name, other, value = draw(variables), draw(variables), draw(awaited())
    return [
        f"{other} = await {own}({name})",
        f"xs = await asyncio.gather(*[{own}(v) for v in xs[:3]])",
        f"{other}, _ = await asyncio.gather({own}(1), {own}({name}))",
        f"{name} = {other}\n{other} = await {own}({other})",
        f"for v in xs[:2]:\n    {other} += await {own}(v)",
        f"fs = [{own}]\n{other} = await fs[0]({name})",
        f"{other} = sum([await f for f in map({own}, xs[:2])])",
        f"{other} = await {own}({value})",
        f"try:\n    {other} = await {own}({name})\nfinally:\n    {name} = 1",
        f"fs = []\nfor {name} in range(2):\n    fs.append(lambda: {own}({name}))\n"
        f"for f in fs:\n    {other} += await f()",
        f"fs = []\nfor v in range(2):\n    async def late(a=v):\n"
        f"        return await {own}(a) + v\n    fs.append(late)\n{other} = await fs[0]()",
    ]


def _blocking_uses(draw: st.DrawFn, own: str) -> list[str]:
    name, other, value = draw(variables), draw(variables), draw(blocking())
    return [
        f"{other} = {own}({name})",
        f"{other} = sum(map({own}, xs[:2]))",
        f"{other} = {own}({value})",
        f"for v in xs[:2]:\n    {other} += {own}(v)",
        f"fs = [lambda: {own}({name}) for {name} in range(2)]\n{other} = fs[0]()",
    ]


_Kind = Callable[[st.DrawFn, Around], str]
_SYNC_COMPOUND: list[_Kind] = [if_, for_, while_, try_, with_, match_, function]
_COMPOUND: list[_Kind] = [*_SYNC_COMPOUND, try_star]


def flow_program(block: str, *, is_async: bool = True) -> Program:
    """The statements of a block as a program."""
    return Program(tuple(block.split("\n")), HELPERS, DRIVER if is_async else SYNC_DRIVER, SECOND)


flow_programs = blocks(Around()).map(flow_program)
blocking_programs = blocks(Around(is_async=False)).map(
    lambda block: flow_program(block, is_async=False)
)
