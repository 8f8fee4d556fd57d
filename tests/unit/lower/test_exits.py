"""How control leaves a statement other than at its end."""

from __future__ import annotations

import pytest
from lowering import function

from flyte_compiler.lower.exits import decides, leaves_by_exit, may_return


@pytest.mark.parametrize(
    ("body", "leaves"),
    [
        ("if x: break", True),
        ("try:\n  x\nfinally:\n  continue", True),
        ("for j in y: break", False),
        ("while y:\n  continue", False),
        ("for j in y: pass\nelse: break", True),
        ("for j in y:\n  for k in z: pass\n  else: break", False),
        ("with m: break", True),
        ("pass", False),
    ],
)
def test_an_exit_of_the_loop_around(body: str, leaves: bool) -> None:
    indented = body.replace("\n", "\n    ")
    tree = function(f"def f():\n  for i in x:\n    {indented}")
    loop = tree.body.body[0]
    assert leaves_by_exit(loop.body) is leaves


@pytest.mark.parametrize(
    ("body", "returns"),
    [
        ("while x: return 1", True),
        ("def g(): return 1", False),
        ("class C:\n    def m(self): return 1", False),
        ("x = lambda: 1", False),
        ("match x:\n    case 1: return 2", True),
    ],
)
def test_a_return_of_the_function_itself(body: str, returns: bool) -> None:
    assert may_return(function("def f():\n  " + body.replace("\n", "\n  ")).body) is returns


@pytest.mark.parametrize(
    ("body", "said"),
    [("assert x", True), ("if x: raise E", True), ("x()", False), ("def g(): raise E", False)],
)
def test_an_exception_that_is_the_programs_own_decision(body: str, said: bool) -> None:
    assert decides(list(function(f"def f():\n  {body}").body.body)) is said
