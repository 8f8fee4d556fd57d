"""Expressions and straight statements with calls in them that are made only sometimes, or several
times, or in one place and awaited in another."""

from __future__ import annotations

from hypothesis import strategies as st
from strategies import arguments, calls, operands, statements, variables


@st.composite
def awaited(draw: st.DrawFn) -> str:
    """An expression of an asynchronous driver whose value is a number."""
    one, two, name, value = draw(calls()), draw(calls()), draw(variables), draw(arguments())
    plain_value = draw(operands)
    return draw(
        st.sampled_from(
            [
                f"await {one}",
                f"(await {one} if {name} > {value} else await {two})",
                f"(await {one} or await {two})",
                f"({name} and await {one})",
                f"(not await {one} and {name} or {value})",
                f"int({name} < await {one} <= await {two} != {value})",
                f"(({name} := await {one}) + {name} if {name} < {plain_value} else {name})",
                f"await twice({value}, more={name} % 3)",
                f"await countdown({name})",
                f"await careful({value})",
                f"await both({name}, await {one})",
                f"await farther({name}, *xs[:2], by={plain_value})",
                f"await second.farther({value})",
                f"await Far({name}).go({value})",
                f"await Walker({name}).steps(3)",
                f"await Walker.made({name})",
                f"await Walker.apart({value})",
                f"Walker({name}).half({value})",
                f"plain({value})",
                f"loud({name})",
                f"await TASKS['add' if {name} > 1 else 'picky']({value})",
                f"await add(*[{value}, {name}])",
                f"await add(**{{'a': {value}}})",
                f"(await {one}, {value})[0]",
                f"{{await {one}: {value}, {name}: await {two}}}.popitem()[1]",
                f"xs[:2][await {one} % 2]",
                f"await many({value}, *xs[:2], by={name}, more={plain_value})",
                f"await first_of([{name}, await {one}, 5])",
                f"await first_of(xs[:2], lambda v: v > {name})",
                f"await functools.partial(add, {name})(b={plain_value})",
                f"(lambda v: times(v, {name}))({value})",
            ]
        )
    )


@st.composite
def collected(draw: st.DrawFn) -> str:
    """A number out of a comprehension, or of several calls at once."""
    one, name, other, value = draw(calls()), draw(variables), draw(variables), draw(operands)
    return draw(
        st.sampled_from(
            [
                f"len([await add(v) for v in xs[:4] if v > {name}])",
                f"len([v for v in xs[:4] if (w := await add(v)) > {value} and w < await {one}])",
                f"sum([{name} := await add(v, {name}) for v in xs[:3]])",
                f"sum(await asyncio.gather(*[add(v, {name}) for v in xs[:3]]))",
                "sum(await asyncio.gather(*map(add, xs[:3])))",
                f"sum(await asyncio.gather(*[careful(v) for v in (0, 1, {name})]))",
                f"len(await asyncio.gather(*[both(v, {name}) for v in xs[:2]], "
                "return_exceptions=True))",
                f"max([await add(v, w) for v in range(2) for w in xs[:2]], default={name})",
                "sum({v: await times.aio(v, 2) for v in xs[:2]}.values())",
                f"[*{{await add(v): v for v in (1, 0, 1)}}.items()][-1][1] + {name}",
                f"len({{await add(v % 2) for v in (0, 1, {name})}})",
                f"sum(times(v, {name}) for v in xs[:3])",
                f"int(any(times(v, 2) > {value} for v in xs[:4]))",
                "sum([a - b for a, b in [await pair(v, 1) for v in xs[:2]]])",
                f"sum([await f for f in [add(v) for v in (0, {name})]])",
                f"sum([f({other}) for f in [lambda a, v=v: a + v for v in [await {one}]]])",
                f"sum([await f({other}) for f in [lambda a: add(a, {name}), picky]])",
                f"sum([w for v in range(2) for w in [await add(v), {name}] if w != await {one}])",
                "sum([v async for v in flyte.map.aio(add, xs[:2])])",
                f"sum([v async for v in steps({name})])",
                f"sum(await asyncio.gather(*(add(v, {name}) for v in xs[:2])))",
                f"sorted([1, {name}, 2], key=lambda v: times(v, {value}))[0]",
                f"sum([await task({name}) for task in TASKS.values()])",
                f"sum([await task({name}) for task in (add, picky) if {other} > {value}])",
                f"sum(map(loud, (0, {name})))",
                f"len(dict(zip('ab', [await add(v) for v in (1, {name})])))",
                f"[[{name} for w in range(2)] for v in [await {one}]][0][1]",
            ]
        )
    )


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
                f"cs = []\nfor v in xs[:3]:\n    cs.append(add(v, {name}))\n"
                "xs = await asyncio.gather(*cs)",
                f"cs = {{v: add(v) for v in xs[:2]}}\nfor v, c in cs.items():\n"
                f"    {name} += await c",
                f"{name}, *rest = await asyncio.gather({one}, *[add(v) for v in xs[:2]], {two})",
                f"g = asyncio.gather({one}, add(1))\n{name} = sum(await g)",
                f"async with asyncio.TaskGroup() as tg:\n    h = tg.create_task({one})\n"
                f"    k = tg.create_task(add({name}))\n{other} = h.result() + k.result()",
                f"f = add if {name} > 1 else picky\n{other} = await f({name})",
                f"f = lambda v: add(v, {name})\n{other} = await f({name})",
                f"fast = add.override(short_name='fast')\n{name} = await fast({other}, b=3)",
                f"for c in [add({name}), add({other})]:\n    {name} += await c",
                f"done, _ = await asyncio.wait([asyncio.ensure_future({one})])\n"
                f"{name} = [d.result() for d in done][0]",
                f"{name} = await asyncio.wait_for({one}, 60)",
                f"for key, task in TASKS.items():\n    {name} += await task({other})",
                f"for c in asyncio.as_completed([{one}]):\n    {name} = await c",
                f"async def late():\n    return {name}\n{other} = await {one}\n"
                f"{name} = 3\n{other} += await late()",
                f"def soon(v, w={name}):\n    return times(v, w) + {other}\n"
                f"{name} = soon(2)\n{other} = sum(map(soon, xs[:2]))",
                f"c = careful({name})\n{name} = {other}\n{other} = await c",
                f"c = add({name}) if {other} > 1 else {two}\n{name} = 9\n{other} = await c",
            ]
        )
    )


@st.composite
def places(draw: st.DrawFn) -> str:
    """Bindings of what is no plain name, and of several names at once."""
    name, other, value, one = draw(variables), draw(variables), draw(awaited()), draw(calls())
    return draw(
        st.sampled_from(
            [
                f"xs[0] += {value}",
                f"xs[len(xs) - 1] -= {value}",
                f"xs[await {one} % 2] += 1",
                f"xs[{name}] = {value}",
                f"box.value += {value}",
                f"box.value *= xs.pop() if xs else {value}",
                f"{name}, *xs = [{value}, *xs, await {one}]",
                f"*xs, {name} = [{other}, {value}]",
                f"{name}, {other} = [{value}, *xs[:2]]",
                f"{name}, ({other}, *xs) = await {one}, [{value}, 1]",
                f"xs[0], {name} = {value}, await {one}",
                f"xs[:1] = [{value}, await {one}]",
                f"assert {name} < {value}, await {one}",
                f"assert 0 < await {one} < {value} + 9",
                f"{name} += {value}; {other} -= {name}",
                f"del {name}",
                f"del xs[{value}:]",
            ]
        )
    )


@st.composite
def blocking(draw: st.DrawFn) -> str:
    """An expression of a synchronous driver whose value is a number."""
    name, other, value = draw(variables), draw(variables), draw(operands)
    return draw(
        st.sampled_from(
            [
                f"times({name}, {value})",
                f"(times({name}, 2) if {other} > {value} else plain({name}))",
                f"(times({name}, {value}) or loud({other}))",
                f"asyncio.run(add({name}))",
                f"asyncio.run(picky({name}))",
                f"asyncio.run(careful({name}))",
                f"asyncio.run(both({name}, {value}))",
                f"product({name})",
                f"loud({value})",
                f"Walker({name}).half({value})",
                f"sum(times(v, {name}) for v in xs[:3])",
                f"sum([times(v, 2) for v in xs[:3] if v > {name}])",
                f"int(any(times(v, 2) > {value} for v in xs[:4]))",
                "sum(flyte.map(product, xs[:3]))",
                f"max(map(product, (0, {name})))",
                f"sorted([1, {name}, 2], key=lambda v: times(v, {value}))[0]",
                f"(lambda v: times(v, {other}))({name})",
                f"int({name} < times({other}, 2) < times(1, {value}))",
                f"({name} := times({other}, 2)) + {name}",
            ]
        )
    )


@st.composite
def blocking_statement(draw: st.DrawFn) -> str:
    """A straight statement of a synchronous driver."""
    name, other, value = draw(variables), draw(variables), draw(blocking())
    return draw(
        st.sampled_from(
            [
                f"{name} = {value}",
                f"{name} += {value}",
                f"xs[0] += {value}",
                f"{name}, *xs = [{value}, *xs, {other}]",
                f"xs.append({value})",
                f"assert {value} < {other} + 9, plain({name})",
                f"box.value = {value}",
                f"del {name}",
                f"STATE.append({name})",
                f"f = times if {name} > 1 else loud\n{other} = f(*xs[:2])",
            ]
        )
    )


@st.composite
def awaiting_statement(draw: st.DrawFn) -> str:
    """A straight statement of an asynchronous driver."""
    form = draw(st.sampled_from(["plain", "value", "collected", "pending", "place"]))
    match form:
        case "plain":
            return draw(statements()).replace("\n    ", "\n")
        case "pending":
            return draw(pending())
        case "place":
            return draw(places())
        case _:
            value = draw(awaited() if form == "value" else collected())
            return f"{draw(variables)} {draw(st.sampled_from(['=', '+=']))} {value}"
