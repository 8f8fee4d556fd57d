"""Programs for the closure tests, as files by name."""

from collections.abc import Mapping
from pathlib import Path

from flyte_plan.closure import Closure, Sources, closure_of

Files = Mapping[str, str]


def write(folder: Path, files: Files) -> None:
    """Lay the files out."""
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")


def closure(folder: Path, files: Files, function: str = "app:main") -> Closure:
    """The closure of `function` in a program of its own."""
    write(folder, files)
    module, _, name = function.partition(":")
    return closure_of(module, name, Sources(roots=(folder,)))


APP = '''
import flyte
import numpy as np
from lib import deep as renamed
from lib.shapes import Shape
import lib.table
from . import nothing_of_ours
from third_party import decorate

env = flyte.TaskEnvironment(name="app", resources=flyte.Resources(cpu=1))
RATE = 3
RATE += 1
LIMITS = {"a": 1}
LIMITS["b"] = 2
UNUSED = 9

def default() -> int:
    return 5

def helper(x):
    return x * RATE

def unused(x):
    return x

@flyte.trace
async def traced(x):
    return x + 1

@env.task(retries=2)
async def child(x: int) -> int:
    return unused(x)

@decorate(level=RATE)
def decorated(x):
    return x

@env.task(cache="auto")
async def main(n: int = default()) -> "Shape":
    """Docstring."""
    # A comment.
    total = helper(n) + renamed(n) + await traced(n) + await child(n) + decorated(n)
    values = [lib.table.look_up(unused) for unused in range(n)]
    return Shape(total, values, LIMITS, np.zeros(3))
'''

PROGRAM: Files = {
    "app.py": APP,
    "lib/__init__.py": "from .inner import deep\nfrom .inner import shallow\n",
    "lib/inner.py": "def deep(x):\n    return deeper(x)\n\ndef deeper(x):\n    return x\n\n"
    "def shallow(x):\n    return x\n",
    "lib/shapes.py": "from lib.base import Base\n\nclass Shape(Base):\n    size = 1\n\n"
    "    def area(self):\n        return self.size\n",
    "lib/base.py": "class Base:\n    pass\n",
    "lib/table.py": "ROWS = [1]\n\ndef look_up(i):\n    return ROWS[i]\n\n"
    "def other():\n    return 1\n",
}

EVERY_SYNTAX = r'''
import flyte
import asyncio

env = flyte.TaskEnvironment("x")

def f(a, /, b: int = -1, *args: "int", c=1.5e300, **kw) -> None:
    "doc"
    x = f"{a!r:>{b}}{b:}{c=}" "tail" f"{{{a}}}" rf'\d{b:%Y-%m-%d}' f"{'nested'}{a:{b}.{c}}"
    y = 10**50, 0xFFFFFFFFFFFFFFFFFFFFFFFF, 1j, b"\x00\xff", "\ud800", ..., None, True, u"u"
    z = {**kw, "k": [*args]}, {i: j for i, j in z if i for _ in j}, lambda q, *r, s=1: (q, r, s)
    match a:
        case {"k": v, **rest} if v: pass
        case [1, *others] | (None as others): return
        case Point(x=0) | -1 | "s": ...
    try:
        del x, y[0]; assert a, "m"
    except* ValueError as e:
        raise RuntimeError from e
    else:
        pass
    finally:
        global G
        G = 1
    while (n := next(a)): break
    else: print(n if n else -n, not n, a < b <= c, a[1:2, ::3], a @ b)
    with open(a) as g, open(b): yield from g
    for i, *j in a: continue
    class Local(dict, metaclass=type):
        attribute: int = 3
        def method(self): return super().method(), __class__

async def main(a):
    async with a as b, b: await asyncio.sleep(1)
    async for i in a: yield [x async for x in i]
    f(a); Point; G
    def inner():
        nonlocal a
        a += 1

class Point: """Only a docstring."""
'''
