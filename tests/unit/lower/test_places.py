"""What lowering must place: calls, values that may be tasks, functions handed on, awaits."""

from __future__ import annotations

import libcst as cst
import pytest
from lowering import call_graph, driver

from flyte_compiler.lower.places import Places
from flyte_compiler.syntax.tree import walk

HELPERS = """
async def helper(x):
    return await t(x)


def plain(x):
    return x


TASKS = {"t": t, "s": s}

"""


def places_of(body: str) -> tuple[Places, cst.FunctionDef]:
    """The places of a driver, and its tree."""
    text = driver(body).replace(
        "\n@env.task\nasync def main", f"{HELPERS}\n@env.task\nasync def main"
    )
    graph = call_graph(text)
    (main,) = (each for each in graph.definitions if each.function.name == "main")
    return Places(graph, main.function.tree), main.function.tree


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ("await t(1)", ("t",)),
        ("s(await t(s(1)))", ("s", "t")),
        ("await s.aio(1)", ("s",)),
        ("await t.override(retries=2)(1)", ("t",)),
        ("list(flyte.map(s, [1]))", ("s",)),
        ("await helper(1)", ("helper",)),
        ("x = plain(1)", ()),
        ("flyte.run(t, 1)", ()),
        ("s.forward(1)", ()),
        ("await TASKS['t'](1)", ("t", "s")),
        ("list(map(s, [1]))", ("s",)),
        ("list(map(plain, [1]))", ()),
        ("xs = [t]; xs.append(s)", ()),
        ("f = lambda: t(1)", ("t",)),
    ],
)
def test_what_is_placed(body: str, names: tuple[str, ...]) -> None:
    places, tree = places_of(body)
    assert places.names_within(tree.body) == names
    assert places.any_in(tree.body) is bool(names)


def test_every_node_around_a_call_holds_it() -> None:
    places, tree = places_of("x = 1\nif n:\n    print(await t(1), 2)")
    held = {type(node).__name__ for node in walk(tree.body) if places.any_in(node)}
    assert {"If", "Await", "Call", "Arg", "IndentedBlock"} <= held
    assert not places.any_in(tree.body.body[0])


@pytest.mark.parametrize(
    ("body", "is_placed"),
    [
        ("c = t(1)\nawait c", True),
        ("c = {'k': t(1)}\nawait c['k']", True),
        ("c = [t(1)]\nawait asyncio.gather(*c)", True),
        ("c = t(1)\nawait asyncio.wait_for(c, 1)", False),
        ("c = plain(1)\nawait c", False),
    ],
)
def test_awaits_of_what_is_pending_are_placed(body: str, is_placed: bool) -> None:
    places, tree = places_of(body)
    last = tree.body.body[-1]
    assert places.any_in(last) is is_placed


def test_callees_are_found_through_helpers() -> None:
    places, tree = places_of("await helper(1)\ns(2)\nawait helper(3)")
    assert [callee.name for callee in places.callees_within(tree.body)] == ["e.t", "e.s"]
