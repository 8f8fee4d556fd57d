"""Names that may hold calls which were made and not awaited yet."""

from __future__ import annotations

import libcst as cst
import pytest
from lowering import function

from flyte_compiler.lower.pending import pending_names
from flyte_compiler.syntax.tree import walk


def gives_pending(node: cst.CSTNode) -> bool:
    return isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == "t"


@pytest.mark.parametrize(
    ("body", "found"),
    [
        ("a = t(1)", "a"),
        ("a = await t(1)", ""),
        ("a = print(1)", ""),
        ("a = asyncio.create_task(t(1))", "a"),
        ("a = await asyncio.gather(t(1))", ""),
        ("a = b = t(1)\nc = a", "a b c"),
        ("a: object = t(1)", "a"),
        ("print(a := t(1))", "a"),
        ("xs = [t(1), t(2)]\nfor x in xs: y = x", "xs x y"),
        ("xs = []\nxs.append(t(1))", "xs"),
        ("d = {}\nd['k'] = t(1)", "d"),
        ("d = {}\nd.setdefault('k', []).append(t(1))", ""),
        ("xs = {'k': t(1)}\nys = [y for y in xs.values()]", "xs y ys"),
        ("a, (b, *c) = x, [t(1)]", "a b c"),
        ("a = await f(t(1))\nb = a", ""),
        ("c = b\nb = a\na = t(1)", "a b c"),
    ],
)
def test_what_flows_from_a_call_is_pending(body: str, found: str) -> None:
    tree = function("async def f():\n  " + body.replace("\n", "\n  "))
    assert pending_names(walk(tree.body), gives_pending) == frozenset(found.split())
