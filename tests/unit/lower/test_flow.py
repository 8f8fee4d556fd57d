"""What code does to variables: reads, certainly binds, may change, may delete; whether it ends."""

from __future__ import annotations

import libcst as cst
import pytest

from flyte_compiler.lower.flow import Flow, flow


def flow_of(text: str) -> Flow:
    """The flow of statements, as they stand in a function."""
    lines = "".join(f"    {line}\n" for line in text.splitlines())
    (function,) = cst.parse_module(f"async def f():\n{lines}").body
    assert isinstance(function, cst.FunctionDef)
    return flow(function.body.body)


def names(text: str) -> frozenset[str]:
    return frozenset(text.split())


@pytest.mark.parametrize(
    ("text", "reads", "binds", "changes", "unbinds"),
    [
        ("x = y", "y", "x", "x", ""),
        ("x = x + 1", "x", "x", "x", ""),
        ("x += y", "x y", "x", "x", ""),
        ("a = 1\nb = a", "", "a b", "a b", ""),
        ("a = b = c, d = e", "e", "a b c d", "a b c d", ""),
        ("o.a = o[i] = v", "o i v", "", "", ""),
        ("a and (b := c)", "a c", "", "b", ""),
        ("x = (x := y)", "y", "", "x", ""),
        ("del x", "x", "", "x", "x"),
        ("x = 1\ndel x", "", "", "x", "x"),
        ("del x\nx = 1", "x", "x", "x", ""),
        ("import a.b, c as d", "", "a d", "a d", ""),
        ("def g(p=q):\n    return r", "q r print", "g", "g", ""),
        ("[i for i in xs if k]", "xs k", "", "", ""),
        ("if c:\n    x = 1", "c", "", "x", ""),
        ("if c:\n    x = 1\nelse:\n    x = y\n    z = 1", "c y", "x", "x z", ""),
        ("if c:\n    x = 1\nelse:\n    return\ny = x", "c", "x y", "x y", ""),
        ("if c:\n    del x\nelse:\n    x = 1", "c x", "", "x", "x"),
        ("for i in xs:\n    x = i\nelse:\n    y = x", "xs x", "", "i x y", ""),
        ("for d[k], (a, *b) in xs:\n    pass", "xs d k", "", "a b", ""),
        ("while c:\n    c = x\n    x = 1", "c x", "", "c x", ""),
        ("try:\n    x = 1\nexcept E:\n    x = y", "E y", "x", "x", ""),
        ("try:\n    x = f()\nexcept E as e:\n    pass\nelse:\n    y = x", "f E", "", "x y e", "e"),
        ("try:\n    x = 1\nfinally:\n    y = x", "x", "x y", "x y", ""),
        ("with m as x:\n    y = x", "m", "x", "x y", ""),
        ("match v:\n    case [a, *b] if g:\n        c = a", "v g a", "", "a b c", ""),
    ],
)
def test_a_flow(text: str, reads: str, binds: str, changes: str, unbinds: str) -> None:
    found = flow_of(text)
    assert found.reads - {"print"} == names(reads) - {"print"}
    assert found.binds == names(binds)
    assert found.changes == names(changes)
    assert found.unbinds == names(unbinds)


@pytest.mark.parametrize(
    ("text", "ends"),
    [
        ("x = 1", True),
        ("return", False),
        ("raise E", False),
        ("if c:\n    return\nelse:\n    raise E", False),
        ("if c:\n    return", True),
        ("while True:\n    return", True),
        ("for i in xs:\n    break", True),
        ("try:\n    return\nexcept E:\n    pass", True),
        ("try:\n    return\nexcept E:\n    raise", False),
        ("try:\n    pass\nfinally:\n    return", False),
        ("with m:\n    return", True),
    ],
)
def test_whether_control_can_leave_at_the_end(text: str, ends: bool) -> None:
    assert flow_of(text).ends is ends


def test_what_follows_an_end_is_not_there() -> None:
    assert flow_of("return a\nb = c").reads == {"a"}


def test_a_handler_can_rely_on_nothing_of_the_body() -> None:
    assert "x" in flow_of("try:\n    x = f()\nexcept E:\n    print(x)").reads
    assert "x" in flow_of("try:\n    x = f()\nfinally:\n    print(x)").reads
