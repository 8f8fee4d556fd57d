"""Python as it is found: what a fuzzing campaign compiles, and how it is made wilder.

Everything is decided by a `random.Random`: the same seed gives the same texts.
"""

from __future__ import annotations

import re
import sysconfig
import tokenize
import warnings
from collections.abc import Callable, Sequence
from io import StringIO
from pathlib import Path
from random import Random

ROOT = Path(__file__).parents[2]
OURS = tuple(ROOT / name for name in ("compiler", "runtime", "tests", "examples"))
CORPUS = ROOT / "tests" / "corpus"
LARGEST = 60_000
"""Characters: larger files are slow for reasons that smaller ones show as well."""

HEADER = """
import asyncio, flyte, random
env = flyte.TaskEnvironment(name="wild")
@env.task
async def wild_leaf(x: int = 0, *, y: str = "") -> int:
    return x
@flyte.trace
async def wild_trace(x: int = 0) -> int:
    return x
@env.task
def wild_plain(x: int = 0) -> int:
    return x
async def wild_helper(x: int = 0) -> int:
    return await wild_leaf(x) + 1
"""

SNIPPETS = (
    "x = await wild_leaf(1)",
    "x += await wild_leaf(x)",
    "x: int = await wild_helper(1)",
    "x, *y = await asyncio.gather(*[wild_leaf(i) for i in x])",
    "for x in await wild_leaf(1): y = await wild_leaf(x)",
    "for i, (x, *y) in enumerate(z): y = await wild_leaf(x)",
    "while (x := await wild_leaf(1)): break",
    "if await wild_leaf(1): return await wild_trace(2)",
    "try:\n    x = await wild_leaf(1)\nexcept* ValueError as e:\n    x = e",
    "try:\n    x = await wild_leaf(1)\nexcept (A, B) as e:\n    raise\nelse:\n    y = x\n"
    "finally:\n    del x",
    "with open(x) as f, y: x = await wild_helper(2)",
    "async with x as (y, z[0]): await wild_leaf(y)",
    "match await wild_leaf(1):\n    case [x, *_] if await wild_leaf(x): pass\n"
    "    case {'a': y, **z}: pass",
    "x = [await wild_leaf(i) for i in y if await wild_leaf(i)]",
    "x = {k: wild_plain(v) for k, v in y.items() for w in v}",
    "x = [y async for y in z if await wild_leaf(y)]",
    "x = sum(wild_plain(i) for i in range(3))",
    "x = await wild_leaf(1) if await wild_leaf(2) else (await wild_leaf(3) or await wild_leaf(4))",
    "x = (y := await wild_leaf(1)) + y < await wild_leaf(2) < z",
    "f = lambda a=wild_plain(1), *b: wild_plain(a)",
    "def inner(a=wild_plain(0)):\n    nonlocal_ = wild_plain(a)\n    return wild_plain(a)",
    "async def inner(a):\n    return await wild_leaf(a) + await inner(a - 1)\nx = await inner(3)",
    "class C:\n    x = wild_plain(1)\n    async def m(self): return await wild_leaf(1)",
    "t = asyncio.create_task(wild_leaf(1)); x = await t",
    "ts = []\nfor i in range(3):\n    ts.append(wild_leaf(i))\nx = await asyncio.gather(*ts)",
    "x = list(flyte.map(wild_plain, [1, 2]))",
    "x = await flyte.map.aio(wild_leaf, y, concurrency=2)",
    "x = await wild_leaf.override(retries=2)(1)",
    "x = list(map(wild_plain, y)); z = sorted(y, key=wild_plain)",
    "async with asyncio.TaskGroup() as g:\n    x = g.create_task(wild_leaf(1))",
    "print(f'{await wild_leaf(1)=:{await wild_leaf(2)}} {wild_plain(1)!r}')",
    "x[await wild_leaf(1)].y = await wild_leaf(2)",
    "x = y = z, w = await wild_leaf(1), wild_plain(2)",
    "global gg; gg = await wild_leaf(1)",
    "del x; x = wild_plain(*y, **z)",
    "assert await wild_leaf(1), await wild_leaf(2)",
    "raise E(await wild_leaf(1)) from wild_plain(2)",
    "yield await wild_leaf(1)",
    "return wild_plain(x), [wild_plain]",
    "x = eval('y'); locals(); wild_plain(1)",
    "import a.b as x; from c import *",
    "x = wild_plain(1)[wild_plain(2):wild_plain(3)]; x @= ~wild_plain(4)",
)


def own_files() -> list[Path]:
    """The repository's own sources, the corpus among them."""
    return sorted(file for folder in OURS for file in folder.rglob("*.py") if _fits(file))


def library_files() -> list[Path]:
    """The standard library, and what is installed beside it."""
    folders = {sysconfig.get_path("stdlib"), sysconfig.get_path("purelib")}
    return sorted(file for folder in folders for file in Path(folder).rglob("*.py") if _fits(file))


def _fits(file: Path) -> bool:
    return file.is_file() and 0 < file.stat().st_size < LARGEST


_TOP_DEF = re.compile(r"^(?=(?:async )?def )", re.MULTILINE)
_DECORATED = re.compile(r"^(@.*\n)(@env\.task\n)", re.MULTILINE)
_CALL = re.compile(r"(?<![\w.])(?:len|str|int|list|print|isinstance|sorted|range)\(")


def as_tasks(text: str, random: Random) -> str:
    """The text with its functions at the top level made tasks, after a header with tasks to call,
    which some of its calls of builtins become calls of."""
    text = _TOP_DEF.sub("@env.task\n", text)
    called = random.choice(("wild_plain(", "await wild_leaf(", "wild_trace(", "wild_helper("))
    share = random.choice((0.0, 0.1, 0.5))
    text = _CALL.sub(lambda found: called if random.random() < share else found[0], text)
    if called.startswith("await") or random.random() < 0.7:
        text = re.sub(r"^(\s*)def ", r"\1async def ", text, flags=re.MULTILINE)
    split = _after_future(text)
    return text[:split] + HEADER + text[split:]


def _after_future(text: str) -> int:
    """Where a header may stand: after the docstring and `from __future__` lines."""
    found = list(re.finditer(r"^from __future__ .*\n", text, re.MULTILINE))
    return found[-1].end() if found else 0


def mutated(text: str, random: Random, donors: Sequence[str]) -> str:
    """The text after a few small accidents, most of which leave it Python where it is."""
    for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
        for _ in range(4):
            changed = random.choice(_ACCIDENTS)(text, random, donors)
            if is_python(changed) or random.random() < 0.02:
                text = changed
                break
    return text


def is_python(text: str) -> bool:
    """Whether CPython compiles it; nothing is run."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(text, "wild", "exec", dont_inherit=True)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True


def _lines_of(text: str) -> list[str]:
    return text.splitlines(keepends=True) or ["\n"]


def _delete_lines(text: str, random: Random, donors: Sequence[str]) -> str:
    lines = _lines_of(text)
    at = random.randrange(len(lines))
    del lines[at : at + random.choice((1, 1, 2, 5))]
    return "".join(lines)


def _repeat_lines(text: str, random: Random, donors: Sequence[str]) -> str:
    lines = _lines_of(text)
    at = random.randrange(len(lines))
    return "".join([*lines[: at + 1], *lines[at : at + random.choice((1, 3))], *lines[at + 1 :]])


def _swap_lines(text: str, random: Random, donors: Sequence[str]) -> str:
    lines = _lines_of(text)
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return "".join(lines)


def _shift_indentation(text: str, random: Random, donors: Sequence[str]) -> str:
    lines = _lines_of(text)
    at = random.randrange(len(lines))
    for i in range(at, min(at + random.choice((1, 2, 6)), len(lines))):
        lines[i] = f"    {lines[i]}" if random.random() < 0.5 else lines[i].removeprefix("    ")
    return "".join(lines)


def _insert_snippet(text: str, random: Random, donors: Sequence[str]) -> str:
    """A statement before another one, as far in as that one is."""
    lines = _lines_of(text)
    places = [i for i, line in enumerate(lines) if line[:1].isspace() and line.strip()]
    at = random.choice(places or [0])
    indent = re.match(r"[ \t]*", lines[at])
    margin = indent[0] if indent else ""
    snippet = "".join(f"{margin}{line}\n" for line in random.choice(SNIPPETS).splitlines())
    return "".join([*lines[:at], snippet, *lines[at:]])


def _wrap_block(text: str, random: Random, donors: Sequence[str]) -> str:
    """Some lines of one depth under a new head."""
    lines = _lines_of(text)
    places = [i for i, line in enumerate(lines) if line[:1].isspace() and line.strip()]
    at = random.choice(places or [0])
    indent = re.match(r"[ \t]*", lines[at])
    margin = indent[0] if indent else ""
    end = at + 1
    while end < len(lines) and end < at + 6 and lines[end].startswith(margin):
        end += 1
    head, tail = random.choice(_HEADS)
    body = [f"    {line}" for line in lines[at:end]]
    after = [f"{margin}{tail}\n"] if tail else []
    return "".join([*lines[:at], f"{margin}{head}\n", *body, *after, *lines[end:]])


_HEADS = (
    ("try:", "except Exception as e: x = await wild_leaf(1)"),
    ("try:", "finally: wild_plain(1)"),
    ("for i in wild_plain(3):", "else: wild_plain(4)"),
    ("while await wild_leaf(1):", ""),
    ("if wild_plain(1):", "else: y = await wild_helper(1)"),
    ("with wild_plain(1) as x:", ""),
    ("async with asyncio.timeout(1):", ""),
    ("def inner():", "inner()"),
    ("async def inner():", "await inner()"),
)


def _splice(text: str, random: Random, donors: Sequence[str]) -> str:
    lines, given = _lines_of(text), _lines_of(random.choice(donors))
    start, at = random.randrange(len(given)), random.randrange(len(lines))
    return "".join([*lines[:at], *given[start : start + random.choice((2, 5, 20))], *lines[at:]])


def _tokens(text: str) -> list[tokenize.TokenInfo]:
    try:
        return list(tokenize.generate_tokens(StringIO(text).readline))
    except (tokenize.TokenError, SyntaxError):
        return []


def _change_token(text: str, random: Random, donors: Sequence[str]) -> str:
    """A token for another one of the text, or for nothing."""
    tokens = [token for token in _tokens(text) if token.string.strip()]
    if not tokens:
        return text[: random.randrange(len(text) + 1)]
    old, new = random.choice(tokens), random.choice(tokens)
    same = [token for token in tokens if token.type == old.type]
    if random.random() < 0.7:
        new = random.choice(same)
    lines = _lines_of(text)
    row, (start, end) = old.start[0] - 1, (old.start[1], old.end[1])
    if old.start[0] != old.end[0] or row >= len(lines):
        return text
    put = "" if random.random() < 0.2 else new.string
    lines[row] = lines[row][:start] + put + lines[row][end:]
    return "".join(lines)


def _rename(text: str, random: Random, donors: Sequence[str]) -> str:
    """One name for another, everywhere."""
    names = sorted(set(re.findall(r"\b[a-z_]\w*\b", text)))
    if not names:
        return text
    old, new = random.choice(names), random.choice((*names, "wild_leaf", "wild_plain", "env"))
    return re.sub(rf"\b{old}\b", new, text)


_ACCIDENTS: tuple[Callable[[str, Random, Sequence[str]], str], ...] = (
    *(_delete_lines, _repeat_lines, _swap_lines, _shift_indentation, _splice, _rename),
    *(_change_token, _change_token, _wrap_block, _wrap_block),
    *(_insert_snippet, _insert_snippet, _insert_snippet, _insert_snippet),
)
