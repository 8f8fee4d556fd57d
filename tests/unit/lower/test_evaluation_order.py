"""A lowered graph has the effects of the Python that it came from, in the same order.

Programs are generated: expressions over calls of tasks, of plain functions that leave a trace, and
of everything that has an evaluation order of its own; and straight-line statements of them.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest
from both_ways import StaysDynamicError, run_both_ways
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from lowering import PREAMBLE, driver

pytestmark = pytest.mark.filterwarnings("ignore:coroutine .* was never awaited")

NAMES = ("a", "b", "c")
_numbers = itertools.count()


@pytest.fixture(scope="module", autouse=True)
def _folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """One folder for all programs: one each would be thousands."""
    folder = tmp_path_factory.mktemp("programs")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        yield


_FIXED = [
    "return note(1) + await t(2) * note(3)",
    "return [note(1), *[note(2)], await t(3), *(note(i) for i in range(2))]",
    "return f'{note(1)!r:>{note(4)}} {await t(2)} {note(3)}' 'x' f'{await t(5)}'",
    "return {note(1): await t(2), **{note(3): note(4)}, 5: await t(6)}",
    "return dict(x=note(1), *[], y=await t(2), **{'z': note(3)}, w=await t(4))",
    "return max(*[note(1)], note(2), await t(9), key=lambda v: -v)",
    "return note([1, 2, 3])[note(0) : await t(2) : note(1)]",
    "return note(1) < await t(2) < note(3)",
    "return (await t(0)) and note(1)",
    "return note(2) if await t(0) else note(3)",
    "return [note(i) for i in [await t(1), note(2)]]",
    "return note(a := note(1)) + await t(a) + (a := await t(5)) + a",
    "x = n\nreturn x + (x := await t(1)) + x",
    "d = {}\nd[note(1)] = d[note(2)] = await t(3)\nreturn d",
    "d = {1: 1}\nd[note(1)] += note(2)\nd[1] += await t(3)\nreturn d",
    "d = {}\nd[1] += await t(3)\nreturn d",
    "x = []\nx.append(await t(1))\nx.nothing(await t(2))",
    "x, *y = await t(1), note(2), note(3)\nreturn y",
    "a = await t(1); b = a + 1; c = await t(b); return a, b, c",
    "a = await t(1)\ndel a\nb = await t(2)\nreturn a",
    "a = await t(1)\ndel a\na = await t(2)\nreturn a",
    "if n > 9:\n    a = 1\nawait t(1)\nif n > 9:\n    note(a)\nreturn 2",
    "x = [1]\nawait t(x.pop())\nreturn x",
    "xs = []\nreturn f'{xs} {await t(xs.append(1) or 2)} {xs}'",
    "raise ValueError(await t(1)) from KeyError(note(2))",
    "assert await t(0), note('no')",
    "assert await t(1)\nreturn 1",
    "d = {1: 2, 3: 4}\ndel d[await t(1)]\nreturn d",
    "from math import floor as f\nreturn f(await t(1) / 2) + math.ceil(await t(3) / 2)",
    "try:\n    a = 1 // (n - 5)\nexcept ZeroDivisionError as e:\n    a = 2\nreturn await t(a)",
    "a, b = await asyncio.gather(t(note(1)), t(note(2)))\nreturn b - a",
    "a = 0\ndef f():\n    nonlocal a\n    a += 1\nf()\nawait t(a)\nf()\nreturn a",
    "def f(k):\n    return f(k - 1) if k else 7\nawait t(1)\nreturn f(3)",
    "with open(__file__ if n > 9 else '/dev/null') as h:\n    x = h.read()\nreturn await t(len(x))",
    "for a in range(3):\n    b = a\nawait t(b)\nreturn a",
    "while n > 3:\n    n -= 1\nreturn await t(n)",
    'x = """\n  text\n"""; y = await t(1)\nz = """\n  {} more\n""".format(y)\nreturn x + z',
    "class C:\n    v = n\n    def m(self): return self.v\nawait t(C().m())\nreturn C.v",
    "a = b = await t(1)\nb += await t(a)\nreturn a, b",
    "a = 1\na += await t((a := 5)) + a\nreturn a",
    "a = b = [1]\na += [await t(2), (a := [3])]\nreturn a, b",
    "match n:\n    case 5 as five: pass\nawait t(five)\nreturn five",
    "x = (await t(1),)\n[y] = x\n(z,) = [await t(2)]\nreturn x, y, z",
    "return note(unknown_name)(await t(1))",
    "return unknown_name(await t(1))",
    "print(await t(1), end='')",
    "return -await t(1) + (not await t(0))",
    "return await asyncio.sleep(0, await t(3))",
    "@(lambda g: g)\ndef f():\n    return 3\nawait t(1)\nreturn f()",
    "f = lambda x, k=n: x + k\nawait t(1)\nreturn [f(i) for i in (await t(2), 3)]",
    "async def f(x):\n    return x + n\na = await f(await t(1))\nreturn await f(a)",
    "a = 1\nwhile a < 10:\n    a *= 2\nelse:\n    b = a\nreturn await t(b)",
    "if n > 3: a = 1\nelif n > 2: a = 2\nelse: raise ValueError\nreturn await t(a)",
    "a = (\n    await t(1)  # one\n    + n  # two\n)\nreturn a",
    "a = n \\\n    + await t(\n        2)\nreturn a",
    "x = {'a': 1}\nx['a'] += await t(1); y = x\nreturn y",
    "x = y = 0\n(x, y), z = (await t(1), 2), note(3)\nreturn x, y, z",
    "import os.path\nreturn os.path.join(str(await t(1)), 'x')",
]


@pytest.mark.parametrize("body", _FIXED)
def test_known_constructs_keep_pythons_order(body: str) -> None:
    _same_effects(body)


@pytest.mark.parametrize(
    "body",
    [
        "\ta = await t(n)\n\tb = [\n\t\ta,\n\t]\n\tif b:\n\t\tb = 1\n\treturn b\n",
        " a = await t(n); b = a\n if b: b = 2\n return b\n",
        "    a = await t(n)\r\n    b = a + 1\r\n    c = b\r\n    return await t(c)\r\n",
    ],
)
def test_fragments_keep_the_files_own_white_space(body: str) -> None:
    _same_program(f"{PREAMBLE}\n@env.task\nasync def main(n: int):\n{body}")


def test_a_driver_may_stand_on_one_line() -> None:
    _same_program(f"{PREAMBLE}\n@env.task\nasync def main(n): a = await t(n); b = a; return b\n")


def _same_effects(body: str) -> None:
    _same_program(driver(body))


def _same_program(program: str) -> None:
    folder = Path.cwd() / str(next(_numbers))
    try:
        dynamic, compiled = run_both_ways({"main.py": program}, folder, n=5)
    except StaysDynamicError:
        return  # such a driver runs as dynamic Python, and only so
    assert compiled == dynamic


def _same_if_python(body: str) -> None:
    assume(_is_python(driver(body)))
    _same_effects(body)


def _is_python(program: str) -> bool:
    """The generator knows nothing of quotes in f-strings, or of where a walrus may stand."""
    try:
        compile(program, "main.py", "exec")
    except SyntaxError:
        return False
    return True


def _call(argument: str) -> st.SearchStrategy[str]:
    return st.sampled_from(
        [f"await t({argument})", f"s({argument})", f"await traced({argument})", f"note({argument})"]
    )


_LEAVES = st.one_of(st.integers(0, 3).map(str), st.sampled_from([*NAMES, "n"]))


def _grown(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        inner.flatmap(_call),
        pairs.map(lambda p: f"({p[0]} + {p[1]})"),
        pairs.map(lambda p: f"({p[0]} - ({p[1]}))"),
        pairs.map(lambda p: f"await t({p[0]}, y={p[1]})"),
        pairs.map(lambda p: f"await t(y={p[0]}, x={p[1]})"),
        pairs.map(lambda p: f"max({p[0]}, *[{p[1]}], {p[0]})"),
        pairs.map(lambda p: f"[{p[0]}, {p[1]}][note(0)]"),
        pairs.map(lambda p: f"len(f'{{{p[0]}}} {{{p[1]}}}')"),
        pairs.map(lambda p: f"{{0: {p[0]}, 1: {p[1]}}}[1]"),
        pairs.map(lambda p: f"int({p[0]} < {p[1]})"),
        pairs.map(lambda p: f"({p[0]} if {p[1]} else 1)"),
        pairs.map(lambda p: f"({p[0]} or {p[1]})"),
        pairs.map(lambda p: f"sum(await asyncio.gather(t({p[0]}), t({p[1]})))"),
        st.tuples(st.sampled_from(NAMES), inner).map(lambda p: f"({p[0]} := {p[1]})"),
        inner.map(lambda e: f"(-{e})"),
        inner.map(lambda e: f"sum(i + 1 for i in [{e}])"),
    )


EXPRESSIONS = st.recursive(_LEAVES, _grown, max_leaves=7)
_TARGETS = st.sampled_from(NAMES)
STATEMENTS = st.one_of(
    st.tuples(_TARGETS, EXPRESSIONS).map(lambda p: f"{p[0]} = {p[1]}"),
    st.tuples(_TARGETS, EXPRESSIONS).map(lambda p: f"{p[0]} += {p[1]}"),
    st.tuples(_TARGETS, EXPRESSIONS).map(lambda p: f"box[{p[0]}] = {p[1]}"),
    st.tuples(_TARGETS, EXPRESSIONS).map(lambda p: f"box[0] += {p[1]}"),
    st.tuples(EXPRESSIONS, EXPRESSIONS).map(lambda p: f"a, b = {p[0]}, {p[1]}"),
    EXPRESSIONS,
    st.tuples(_TARGETS, EXPRESSIONS).map(lambda p: f"if {p[0]} > 2:\n    {p[0]} = note({p[0]})"),
    _TARGETS.map(lambda name: f"del {name}"),
    _TARGETS.map(lambda name: f"for {name} in range(note(2)):\n    box[1] = {name}"),
    EXPRESSIONS.map(lambda e: f"a, b = await asyncio.gather(t({e}), t(1))"),
)
BODIES = st.lists(STATEMENTS, min_size=1, max_size=6)


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(EXPRESSIONS)
def test_expressions_keep_pythons_order(expression: str) -> None:
    _same_if_python(f"a, b, c = 1, 2, 3\nawait t(0)\nreturn {expression}, a, b, c")


@pytest.mark.slow
@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(BODIES, st.booleans())
def test_statements_keep_pythons_order(statements: list[str], on_one_line: bool) -> None:
    first = "a, b, c, box = 1, 2, 3, {0: 0}\nawait t(0)\n"
    simple = all("\n" not in statement for statement in statements)
    body = ("; " if on_one_line and simple else "\n").join(statements)
    _same_if_python(f"{first}{textwrap.dedent(body)}\nreturn box, note(a), note(b)")
