"""Size and shape of graphs."""

from __future__ import annotations

import pytest
from lowering import lower

from flyte_compiler.plan.measure import Measure, measure
from flyte_compiler.plan.order import dependencies


def shape(body: str) -> tuple[int, int, int]:
    """Actions, depth and width."""
    measured = measure(lower(body))
    return measured.actions, measured.depth, measured.width


def test_everything_is_counted() -> None:
    assert measure(lower("a = await t(n)\nb = a + n\nreturn await t(a, y=b)")) == Measure(
        actions=2, nodes=3, edges=5, depth=2, width=1
    )


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("a = await t(1)\nb = await t(2)\nreturn a, b", (2, 1, 2)),
        ("a = await t(1)\nreturn await t(a)", (2, 2, 1)),
        ("a = await t(1)\nawait act(2)\nb = await t(3)\nreturn a, b", (3, 3, 1)),
        ("a = await t(1)\nawait t(2)\nb = await t(3)\nreturn a, b", (3, 3, 1)),
        ("await asyncio.gather(act(1), act(2), act(3))\nreturn await t(1)", (4, 2, 3)),
        ("a = await t(0)\nawait asyncio.gather(t(1), t(2))\nreturn a", (3, 2, 2)),
        ("x = await asyncio.gather(t(1), t(2))\ny = await t(3)\nreturn x, y", (3, 1, 3)),
        ("a = await t(1)\nfor i in [a]:\n    await t(i)\nb = await t(3)\nreturn b", (2, 2, 1)),
        ("a = traced(1)\nreturn await a", (0, 0, 0)),
    ],
)
def test_depth_and_width_follow_data_and_effects(body: str, expected: tuple[int, int, int]) -> None:
    assert shape(body) == expected


def test_an_effect_waits_for_every_earlier_call_and_later_ones_for_it() -> None:
    graph = lower("a = await t(1)\nb = await t(2)\nawait act(3)\nreturn await t(4), a, b")
    assert dependencies(graph.body) == {
        "n0": frozenset(),
        "n1": frozenset(),
        "n2": {"n0", "n1"},
        "n3": {"n2"},
        "n4": {"n3", "n0", "n1"},
    }
