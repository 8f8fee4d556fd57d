"""Which variables have a place of their own: each rule with what needs one, and what doesn't."""

from __future__ import annotations

import pytest
from lowering import lower


def cells(body: str, parameters: str = "n: int = 5") -> set[str]:
    return set(lower(body, parameters).cells)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        # a nested function binds it
        ("x = 0\ndef f():\n    nonlocal x\n    x = 1\nf()\nawait t(x)", "x"),
        # a nested function reads it, and it is bound after that
        ("x = 0\nf = lambda: x\nx = await t(1)\nreturn f()", "x"),
        ("def f():\n    return x\nx = await t(1)\nreturn f()", "x"),
        # … or before, in the loop around
        ("fs = []\nfor i in range(n):\n    fs.append(lambda: t(i))\nawait fs[0]()", "i"),
        # a generator outlives its statement
        ("k = 1\ng = (i * k for i in range(n))\nk = await t(1)\nreturn list(g)", "k"),
        # a parameter
        ("async def f():\n    nonlocal n\n    n += 1\n    await t(n)\nawait f()", "n"),
    ],
)
def test_what_a_function_shares_with_later_changes_is_a_cell(body: str, found: str) -> None:
    assert cells(body) == {found}


@pytest.mark.parametrize(
    "body",
    [
        # nothing binds it once the function is there
        "x = await t(1)\nf = lambda: t(x)\nreturn await f()",
        "x = 1\nx = await t(x)\nasync def f():\n    return await t(x)\nreturn await f()",
        # the function has a variable of that name itself
        "x = 1\nf = lambda x: t(x)\nx = await f(x)",
        # it is used up in its statement
        "k = 1\nxs = sorted([2, 1], key=lambda i: i * k)\nk = await t(1)\nreturn xs",
        "k = 1\ntotal = sum(i * k for i in range(n))\nk = await t(1)",
        # its loop is over before, or another one
        "for i in range(n):\n    await t(i)\nf = lambda: t(i)\nreturn await f()",
    ],
)
def test_what_nobody_changes_any_more_is_none(body: str) -> None:
    assert not cells(body)


@pytest.mark.parametrize(
    ("body", "found"),
    [
        # read in a handler
        (
            "x = 0\ntry:\n    x = await t(1)\n    await t(2)\nexcept ValueError:\n    print(x)",
            {"x"},
        ),
        # read after a handler that goes on
        ("x = 0\ntry:\n    x = 1\n    await t(2)\nexcept ValueError:\n    pass\nreturn x", {"x"}),
        # read in the next turn after a handler that continues
        (
            "x = 0\nfor i in range(n):\n    try:\n        x += i\n        await t(x)\n"
            "    except ValueError:\n        continue",
            {"x"},
        ),
        # read in `finally`, or changed there
        ("x = 0\ntry:\n    x = await t(1)\nfinally:\n    print(x)", {"x"}),
        ("x = 0\ntry:\n    await t(1)\nfinally:\n    x = 1\nreturn x", {"x"}),
        # two changes: an exception may come between them
        ("x = 0\ntry:\n    x = 1\n    x = await t(2)\nexcept ValueError:\n    print(x)", {"x"}),
        # after a `with` that may swallow the exception
        ("x = 0\nwith n.m():\n    x = 1\n    await t(1)\nreturn x", {"x"}),
    ],
)
def test_what_an_exception_may_find_halfway_is_a_cell(body: str, found: set[str]) -> None:
    assert cells(body) == found


@pytest.mark.parametrize(
    "body",
    [
        # bound by the last thing that can raise: as it was before, wherever an exception comes from
        "x = 0\ntry:\n    x = await t(1)\nexcept ValueError:\n    print(x)\nreturn x",
        "x = 0\ntry:\n    await t(2)\n    x = await t(1)\nexcept ValueError:\n    pass\nreturn x",
        # no handler goes on, and none reads it
        "x = 0\ntry:\n    x = 1\n    await t(2)\nexcept ValueError:\n    raise\nreturn x",
        "x = 0\ntry:\n    x = 1\n    await t(2)\nexcept ValueError:\n    return 1\nreturn x",
        # the handler binds it
        "try:\n    x = 1\n    await t(2)\nexcept ValueError:\n    x = 2\nreturn x",
        # nobody reads it
        "try:\n    x = 1\n    await t(2)\nexcept ValueError:\n    pass",
        # read in `finally`, and not changed
        "x = 1\ntry:\n    await t(x)\nfinally:\n    print(x)",
        # a manager that swallows nothing
        "x = 0\nwith open('f'):\n    x = 1\n    await t(1)\nreturn x",
        "x = 0\nasync with asyncio.Lock():\n    x = 1\n    await t(1)\nreturn x",
    ],
)
def test_what_it_finds_as_it_was_is_none(body: str) -> None:
    assert not cells(body)


def test_a_helper_has_cells_of_its_own() -> None:
    graph = lower(
        """
        async def f(x):
            async def g():
                nonlocal x
                x = await t(x)
            await g()
            return x
        return await f(n)
        """
    )
    assert not graph.cells
    assert [helper.cells for helper in graph.helpers] == [("x",), ()]
