"""`asyncio.gather` of calls in place."""

from __future__ import annotations

import pytest
from lowering import driver, lower_all, nodes_of


def test_members_are_issued_together_and_joined() -> None:
    assert nodes_of("return await asyncio.gather(t(1), s.aio(2), traced(3))") == (
        "n0 = task e.t(x=1) -> int\n"
        "n1 = task e.s(x=2) -> int\n"
        "n2 = trace main.traced(x=3) -> int\n"
        "n3 = gather [n0, n1, n2] -> list[int]\n"
        "return n3"
    )


def test_every_members_arguments_come_before_the_first_member() -> None:
    assert nodes_of("await asyncio.gather(t(note(1)), t(await t(2)))") == (
        'n0 = python [] "note(1)"\n'
        "n1 = task e.t(x=2) -> int\n"
        "n2 = task e.t(x=n0) -> int\n"
        "n3 = task e.t(x=n1) -> int\n"
        "n4 = gather [n2, n3] -> list[int]"
    )


def test_results_are_unpacked_by_index() -> None:
    assert nodes_of("a, b = await asyncio.gather(t(1), pair(2))\nreturn b") == (
        "n0 = task e.t(x=1) -> int\n"
        "n1 = task e.pair(x=2) -> tuple[int, str]\n"
        "n2 = gather [n0, n1] -> list[int | tuple[int, str]]\n"
        "return n2[1]"
    )


def test_exceptions_may_be_results() -> None:
    text = nodes_of("return await asyncio.gather(t(1), return_exceptions=True)")
    assert "n1 = gather [n0] return_exceptions -> list[int | BaseException]" in text


@pytest.mark.parametrize(
    "imported",
    [
        "from asyncio import gather as g\n",
        "import asyncio as a\ng = None\n",
    ],
)
def test_gather_is_known_by_any_name(imported: str) -> None:
    call = "g(t(1))" if "from" in imported else "a.gather(t(1))"
    (graph,) = lower_all(imported + driver(f"return await {call}"))
    assert not graph.dynamic_nodes


def test_a_gather_imported_in_the_driver_is_known() -> None:
    text = nodes_of("from asyncio import gather\nreturn await gather(t(1))")
    assert "dynamic" not in text


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("t(1), asyncio.sleep(0)", "coroutine"),
        ("t(1), s(2)", "coroutine"),
        ("t(1), return_exceptions=n", "coroutine"),
        ("*[t(i) for i in [1]]", "comprehension"),
        ("*[t(1), t(2)]", "starred-arguments"),
    ],
)
def test_other_members_stay_python(arguments: str, reason: str) -> None:
    text = nodes_of(f"await asyncio.gather({arguments})")
    assert text.startswith(f"n0 = dynamic {reason} ")


def test_a_gather_that_is_not_awaited_stays_python() -> None:
    assert nodes_of("x = asyncio.gather(t(1))").startswith("n0 = dynamic coroutine ")
