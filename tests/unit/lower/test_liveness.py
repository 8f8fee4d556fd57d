"""Which variables a node leaves behind: those that may be read before they are bound again."""

from __future__ import annotations

import pytest
from lowering import lower

from flyte_compiler.ir.leaves import PythonNode
from flyte_compiler.ir.model import LoopNode
from flyte_compiler.ir.walk import nodes_in


def outputs(body: str) -> list[tuple[str, ...]]:
    """Of each fragment of statements, in order."""
    nodes = nodes_in(lower(body).body)
    return [node.outputs for node in nodes if isinstance(node, PythonNode) and node.outputs]


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("a = n + 1; b = 2\nawait t(a)", [("a",)]),
        ("a = n + 1\nawait t(1)\na = 2", []),
        ("a = n + 1\nif await t(1):\n    a = n\nreturn a", [("a",), ("a",)]),
        ("a = n + 1\nif await t(1):\n    a = n\nelse:\n    a = n + 2\nreturn a", [("a",), ("a",)]),
        ("for i in range(n):\n    a = i + 1\n    await t(a)", [("a",)]),
        ("a = n + 0\nfor i in range(n):\n    await t(a)\n    a = i + 1", [("a",), ("a",)]),
        (
            "for i in range(n):\n    a = i + 1\n    if await t(1):\n        break\nreturn a",
            [("a",)],
        ),
        ("for i in range(n):\n    await t(1)\n    a = i + 1", []),
    ],
)
def test_outputs_are_what_is_read_later(body: str, found: list[tuple[str, ...]]) -> None:
    assert outputs(body) == found


@pytest.mark.parametrize(
    ("body", "carried"),
    [
        ("for i in range(n):\n    await t(i)", []),
        ("for i in range(n):\n    await t(i)\nreturn i", ["i"]),
        ("a = 0\nfor i in range(n):\n    a += await t(i)", ["a"]),
        ("for i in range(n):\n    a = await t(i)\n    await t(a)", []),
        ("for i in range(n):\n    a = await t(i)\nelse:\n    print(a)", ["a"]),
        ("a = n\nwhile a:\n    a = await t(a)", ["a"]),
        ("a = n\nfor i in range(n):\n    await t(a)", []),
    ],
)
def test_a_loop_carries_what_it_changes_and_somebody_reads(body: str, carried: list[str]) -> None:
    (loop,) = (node for node in nodes_in(lower(body).body) if isinstance(node, LoopNode))
    assert [name for name, _ in loop.carried] == carried
