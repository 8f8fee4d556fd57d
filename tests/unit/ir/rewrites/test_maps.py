"""Which loops are maps."""

from __future__ import annotations

from pathlib import Path

import pytest
from rewriting import graph_of, maps_in, text_of

from flyte_compiler.ir.leaves import PackKind, PackNode
from flyte_compiler.ir.model import MapKind, MapNode
from flyte_compiler.ir.walk import all_nodes

GATHER, STATEMENTS = MapKind.GATHER, MapKind.STATEMENTS


def test_a_gather_over_a_comprehension_is_a_map(tmp_path: Path) -> None:
    body = "rs = await asyncio.gather(*[t(x + n) for x in xs])\nreturn rs"
    graph = graph_of(body, tmp_path)
    (made,) = [node for node in all_nodes(graph) if isinstance(node, MapNode)]
    assert (made.kind, made.type, made.id) == (GATHER, "list[int]", "n0")
    assert "return n0" in text_of(body, tmp_path)


def test_a_gather_of_what_a_loop_appended_is_a_map(tmp_path: Path) -> None:
    body = "tasks = []\nfor x in xs:\n    tasks.append(t(x))\nreturn await asyncio.gather(*tasks)"
    assert maps_in(body, tmp_path) == [GATHER]
    assert "tasks" not in text_of(body, tmp_path)


@pytest.mark.parametrize(
    "body",
    [
        "return await asyncio.gather(*[t(x) for x in xs if x > 1 if x < 9])",
        "ts = []\nfor x in xs:\n    if x > 1:\n        continue\n    ts.append(t(x))\n"
        "return await asyncio.gather(*ts)",
    ],
)
def test_a_gather_may_leave_elements_out(body: str, tmp_path: Path) -> None:
    assert maps_in(body, tmp_path) == [GATHER]
    assert "continue" in text_of(body, tmp_path)


def test_the_other_statements_before_such_a_loop_stay(tmp_path: Path) -> None:
    body = "tasks = []\nk = n + 1\nfor x in xs:\n    tasks.append(t(x))\n"
    text = text_of(body + "rs = await asyncio.gather(*tasks)\nawait save(k)", tmp_path)
    assert "map gather" in text
    assert "-> (k)" in text


@pytest.mark.parametrize(
    "body",
    [
        "cs = [t(x) for x in xs]\nrs = await asyncio.gather(*cs)\nprint(len(cs))",
        "cs = [t(x) for x in xs]\nprint(n)\nrs = await asyncio.gather(*cs)",
        "cs = [t(x) for x in xs]\nrs = await asyncio.gather(t(1), *cs)",
        "ts = []\nfor x in xs:\n    ts.append(t(x))\nprint(len(ts))\nawait asyncio.gather(*ts)",
        "ts = []\nfor x in xs:\n    ts.append(t(x))\n    ts.append(t(n))\n"
        "await asyncio.gather(*ts)",
        "ts = [t(n)]\nfor x in xs:\n    ts.append(t(x))\nawait asyncio.gather(*ts)",
        "ts = us = []\nfor x in xs:\n    ts.append(t(x))\nawait asyncio.gather(*ts)",
        "ts = []\nfor x in xs:\n    if x:\n        break\n    ts.append(t(x))\n"
        "await asyncio.gather(*ts)",
    ],
)
def test_other_gathers_stay(body: str, tmp_path: Path) -> None:
    assert GATHER not in maps_in(body, tmp_path)


def test_a_gather_that_stays_has_the_type_of_its_calls(tmp_path: Path) -> None:
    body = "cs = [t(x) for x in xs]\nprint(n)\nrs = await asyncio.gather(*cs)\nreturn rs"
    (gather,) = [n for n in all_nodes(graph_of(body, tmp_path)) if isinstance(n, PackNode)]
    assert (gather.kind, gather.type) == (PackKind.GATHER, "list[int]")


@pytest.mark.parametrize(
    "body",
    [
        "rs = [await t(x) for x in xs]\nreturn rs",
        "rs = []\nfor x in xs:\n    rs.append(await t(x))\nreturn rs",
        "d = {}\nfor x in xs:\n    d[x] = await t(x + 1)\nreturn d",
        "d = {}\nfor i, x in enumerate(xs):\n    y = await t(x)\n    d[f'{i}'] = await t(y)\n"
        "return d",
    ],
)
def test_turns_that_do_not_depend_on_each_other_are_a_map(body: str, tmp_path: Path) -> None:
    assert maps_in(body, tmp_path) == [STATEMENTS]


@pytest.mark.parametrize(
    "body",
    [
        "k = 0\nfor x in xs:\n    k += await t(x)\nreturn k",
        "for x in xs:\n    await save(x)",
        "for x in xs:\n    await t(x)",
        "rs = []\nfor x in xs:\n    rs.append(await t(len(rs)))\nreturn rs",
        "rs = []\nfor x in xs:\n    await_ = await t(x)\n    xs.append(await_)\nreturn xs",
        "rs = ['a']\nfor x in xs:\n    k = await named(rs)\n    rs.append(str(k))\nreturn rs",
        "d = {}\nfor x in xs:\n    d['k'] = d.get('k', 0) + await t(x)\nreturn d",
        "rs = []\nfor x in xs:\n    rs.append(await t(x))\n    print(x)\nreturn rs",
        "rs = []\nfor x in xs:\n    rs.append(await t(helper(x)))\nreturn rs",
        "rs = []\nfor x in helper(xs):\n    rs.append(await t(x))\nreturn rs",
        "rs = []\nfor x in xs:\n    y = await t(x)\n    if y:\n        break\n    rs.append(y)\n"
        "return rs",
        "rs = []\nzs = rs\nfor x in xs:\n    k = await t(len(zs))\n    rs.append(k)\nreturn rs",
        "rs = []\nfor x in xs:\n    y = await t(x)\n    assert y\n    rs.append(y)\nreturn rs",
    ],
)
def test_turns_that_depend_on_each_other_stay_a_loop(body: str, tmp_path: Path) -> None:
    assert maps_in(body, tmp_path) == [None]
