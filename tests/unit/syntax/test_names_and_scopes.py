"""What code does to the names around it, by Python's own rules."""

from __future__ import annotations

import builtins
import symtable
import sys

import libcst as cst
import pytest

from flyte_compiler.syntax.scope import contents_of, names_in
from flyte_compiler.syntax.tree import walk


def use_of(text: str) -> tuple[str, str, str]:
    use = names_in(cst.parse_module(text).body)
    return " ".join(sorted(use.reads)), " ".join(sorted(use.writes)), " ".join(sorted(use.deletes))


@pytest.mark.parametrize(
    ("text", "reads", "writes"),
    [
        ("a = b.c[d]", "b d", "a"),
        ("a.b = c", "a c", ""),
        ("a[i], (b, *c) = d", "a d i", "b c"),
        ("a += b", "a b", "a"),
        ("a: int = b", "b", "a"),
        ("a: int", "", ""),
        ("(a := b)", "b", "a"),
        ("for a, b in c: d", "c d", "a b"),
        ("with a as b, c as (d, e): f", "a c f", "b d e"),
        ("try: a\nexcept B as c: d", "B a d", "c"),
        ("import a.b, c.d as e\nfrom f import g as h, i", "", "a e h i"),
        ("from a import *", "", ""),
        ("f(a, k=b, **c)", "a b c f", ""),
        ("f'{a!r:>{b}}'", "a b", ""),
        ("[a for a in b if c]", "b c", ""),
        ("[a for b in c for a in b]", "c", ""),
        ("{k: (w := v) for k, v in d}", "d", "w"),
        ("[[(w := x) for x in y] for y in z]", "z", "w"),
        ("[a for a in a]", "a", ""),
        ("lambda a, b=c, *d: a + d + e", "c e", ""),
        ("lambda: (w := a)", "a", ""),
        ("def f(a=b): return a + c", "b c", "f"),
        ("def f():\n  a = 1\n  def g(): return a + b", "b", "f"),
        ("def f():\n  nonlocal a\n  a = b", "a b", "a f"),
        ("def f():\n  global a\n  a = b", "b", "f"),
        ("def f():\n  def g():\n    nonlocal a\n    a = 1", "a", "a f"),
        ("class C(B, metaclass=M):\n  x = y\n  def m(self): return x", "B M x y", "C"),
        ("@d(a)\ndef f(): ...", "a d", "f"),
        ("match a:\n  case C(k=b, m=[c, *d]) | {'x': c, **r} if e: f", "C a e f", "b c d r"),
        ("match a:\n  case M.x: pass\n  case _: pass", "M a", ""),
        ("async def f():\n  async with a as b: await c(b)", "a c", "f"),
    ],
)
def test_names_are_read_and_written(text: str, reads: str, writes: str) -> None:
    assert use_of(text)[:2] == (reads, writes)


def test_deleting_and_declaring_are_told_apart() -> None:
    assert use_of("del a, (b, c[d])") == ("c d", "", "a b")
    use = names_in(cst.parse_module("global a\nnonlocal b\na = 1").body)
    assert use.declares_global == {"a"}
    assert use.declares_nonlocal == {"b"}


PROGRAM = """
import os
def f(a, b=1, /, *c, d, **e):
    import sys, os.path as p
    global g1
    g1 = h = [x for x in a if (w := x)]
    for i, (j, *k) in b: m: int
    with c as n: del o
    try: q = 1
    except E as r: s += 1
    def inner():
        nonlocal h
        h = t
    class Local(Base): u = v
    return lambda z: z + i + os + y
def g():
    match a:
        case {'k': mk, **rest} | [mk, *rest]: pass
    yield
"""


def test_locals_of_functions_are_those_that_python_finds() -> None:
    table = symtable.symtable(PROGRAM, "m.py", "exec")
    tables = {child.get_name(): child for child in table.get_children()}
    for node in walk(cst.parse_module(PROGRAM)):
        if isinstance(node, cst.FunctionDef) and node.name.value in tables:
            theirs = tables[node.name.value]
            assert isinstance(theirs, symtable.Function)
            # From Python 3.12 on, a comprehension's own names are listed with the function's.
            inlined = {"x"} if sys.version_info >= (3, 12) else set()
            assert contents_of(node).local == set(theirs.get_locals()) - inlined
            assert contents_of(node).yields == (node.name.value == "g")


def test_free_names_of_functions_are_those_that_python_finds() -> None:
    table = symtable.symtable(PROGRAM, "m.py", "exec")
    read = {name for child in table.get_children() for name in _outer_reads(child)}
    ours = names_in(cst.parse_module(PROGRAM).body).reads
    assert ours - set(dir(builtins)) == read - {"g1"} - set(dir(builtins))


def _outer_reads(table: symtable.SymbolTable) -> set[str]:
    own = {s.get_name() for s in table.get_symbols() if s.is_global() and s.is_referenced()}
    return own.union(*(_outer_reads(child) for child in table.get_children()))
