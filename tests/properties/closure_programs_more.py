"""More of `closure_programs`: syntax inside functions, changes in place, what widens a module."""

from closure_programs import (
    CLASSES,
    CONDITIONS,
    DECORATORS,
    HELPERS,
    PACKAGES,
    STARS,
    TASKS,
    Program,
)

ANNOTATIONS = {
    "app.py": """
from __future__ import annotations  # either
from typing import Annotated, Literal, NewType, TypeVar  # reached
from typing import Protocol  # not reached
from models import Row, Table  # reached
from models import Spare  # not reached
import models.deep  # either
# reached
T = TypeVar("T", bound=Row)
Name = NewType("Name", str)
Rows = list[Row]
Mode: type = Literal["fast", "slow"]
LIMIT = 3
# not reached
Spares = list[Spare]
def fast(): return 1
class Shape(Protocol):
    size: int
# reached
def first(rows: Rows, mode: Mode = "fast") -> "Table | None":
    local: models.deep.Leaf = rows[0]
    return local

def main(row: Annotated[Row, LIMIT], name: Name, *rest: "T", how: Literal["fast"]) -> Table:
    return first([row])
""",
    "models/__init__.py": """
# reached
class Row:
    size: int = 1

class Table:
    rows: "dict[str, Row]"

# not reached
class Spare:
    rows: list[Row]
""",
    "models/deep.py": """
# reached
class Leaf:
    depth: float = 1.5

# not reached
class Twig:
    depth: float = 2.5
""",
}

MATCHES = {
    "app.py": """
from events import Click, Key  # reached
from events import Move  # not reached
import events as e  # reached
# reached
def main(event):
    match event:
        case Click(x=0, y=y) if y > THRESHOLD:
            return y
        case {"kind": "key", **rest}:
            return Key(rest)
        case [1, -2, *others] | (None as others):
            return others
        case e.Wheel(delta) | e.DEFAULT as found:
            return found, delta
        case True | "text" | 3.5:
            return None
    return not event

THRESHOLD = 10
# not reached
def unused(event):
    match event:
        case Move(x=1):
            return event
""",
    "events.py": """
# reached
class Click:
    __match_args__ = ("x", "y")
    x = y = 0
class Key(dict):
    kind = "key"
class Wheel:
    __match_args__ = ("delta",)
DEFAULT = 1
# not reached
class Move:
    x = 1
""",
}

SYNTAX = {
    "app.py": r"""
import asyncio  # reached
import re  # reached
import json  # not reached
# reached
PATTERN = re.compile(r"\d+" "tail", re.I | re.M)
MASK = ~0x1f & 0b11 ^ 7
WIDTH = 8
async def produce(n):
    async with asyncio.timeout(1.5) as limit, open(n):
        async for each in source(n):
            yield each
        else:
            return

async def source(n):
    for each in range(n, 10, 2):
        if each % 3 == 0:
            continue
        elif each is n or each not in (1, 2):
            break
        yield await asyncio.sleep(0, each)

def text(a, b):
    return f"{a!r:>{WIDTH}} and {b:.2f}{a + b=}" f"{{}}" rf"\w{a}"

def careful(a, b=None, /, *, c=1):
    try:
        del a[0]
        assert b, "message"
    except ValueError as error:
        raise RuntimeError(f"no {a}") from error
    except (KeyError, IndexError):
        pass
    else:
        a[1:2, ::3] = b @ c
    finally:
        a.b.c -= 1
    while (m := next(b)) > 0 and not a:
        a, *_ = m, *b
    with open(a) as g, open(b):
        yield from (x if x <= 1 else -x for y in g for x in y if x)

def builtin(values):
    return {*values, 1}, {**values, "k": 1j}, sorted(values, key=lambda v: (v, ...)), b"\x00"

# not reached
def lost(values):
    return f"{json.dumps(values)!r:>{LOST}}"
LOST = 9
# reached
async def main(a):
    return [x async for x in produce(a)], text(a, PATTERN), careful(a), builtin(MASK)
""",
}

CHANGES = {
    "app.py": """
import functools  # reached
import random  # reached
import lib  # reached
import spare  # not reached
# reached
random.seed(42)
lib.TABLE["k"] = 1
REGISTRY = {}
HANDLERS = lib.Registry()

def configure(level):
    global LEVEL
    LEVEL = level

configure(3)

@HANDLERS.add("one")
def one(x):
    return x + 1

@functools.singledispatch
def show(x):
    return str(x)

@show.register(int)
def _(x):
    return x + 2

REGISTRY["one"] = one
REGISTRY.setdefault("two", 2)
if LEVEL > 1:
    REGISTRY["three"] = 3
for key in list(REGISTRY):
    REGISTRY[key] = None
# not reached
SPARE = spare.Registry()
@SPARE.add("two")
def two(x):
    return x + 3
SPARE.level = 4
def unused():
    SPARE.clear()
if __name__ == "__main__":  # either
    REGISTRY.clear()
    lib.reset()
# reached
def main(n):
    return REGISTRY[n], HANDLERS, show(n), random.random(), lib.TABLE, LEVEL
""",
    "lib.py": """
TABLE = {}  # reached
# reached
class Registry:
    def add(self, name):
        return lambda function: function
# not reached
def reset():
    TABLE.clear()
""",
    "spare.py": """
class Registry: size = 1  # not reached
""",
}

WIDENED = {
    "app.py": """
import whole  # reached
import part  # reached
import opened  # reached
import spare  # not reached
# reached
def main(name):
    return getattr(whole, name), part.some(name), opened.run(name)
# not reached
def unused():
    return getattr(spare, "x")
""",
    "whole.py": """
# reached
import used
def anything(x):
    return used.value(x)
LEVEL = 3
""",
    "used.py": """
def value(x): return x + 1  # reached
def other(x): return x + 2  # not reached
""",
    "part.py": """
def some(x): return x * 2  # reached
def other(x): return x * 3  # not reached
""",
    "opened.py": """
# reached
def run(name):
    return globals()[name]
def hidden():
    return 5
""",
    "spare.py": """
x = 1  # not reached
""",
}

LOCAL_IMPORTS = {
    "app.py": """
# reached
def main(n):
    from tree.leaf import grow as g
    import tree.stem
    if n > 1:
        import importlib
        found = importlib.metadata
    return g(n), tree.stem.hold(n), Deferred().work(n), found

class Deferred:
    def work(self, n):
        from late import compute
        return compute(n)
# not reached
def unused():
    from late import other
    return other
""",
    "tree/leaf.py": """
# reached
from tree import stem
def grow(x): return stem.hold(x) + 1
# not reached
def fall(x): return x
""",
    "tree/stem.py": """
def hold(x): return x ** 2  # reached
def drop(x): return x ** 3  # not reached
""",
    "late.py": """
def compute(x): return x % 2  # reached
def other(x): return x % 3  # not reached
""",
}

CYCLES = {
    "app.py": """
from even import even  # reached
from even import spare  # not reached
# reached
def main(n):
    return even(n) if n else main(n - 1)
BASE = 1
# not reached
TOP = 2
""",
    "even.py": """
import odd as other  # reached
from app import BASE  # reached
from app import TOP  # not reached
# reached
def even(n):
    return n == BASE or other.odd(n - 1)
# not reached
def spare(n):
    return TOP
""",
    "odd.py": """
import even  # reached
# reached
def odd(n):
    return n != 0 and even.even(n - 1)
# not reached
def spare(n):
    return even.spare(n)
""",
}

REGISTRIES = {
    "app.py": """
from third_party import hook  # either
from plugins import Plugin  # reached
# reached
KINDS = {}
ORDER = []

def register(name):
    def keep(function):
        KINDS[name] = function
        return function
    return keep

def note(value):
    ORDER.append(value)
    forgotten = []
    forgotten.append(value)

@register("one")
def one(x):
    return x + TWO

TWO = 2
note("first")
# not reached
SPARE = {}
forgotten = {}

def keep_spare(function):
    SPARE[function.__name__] = function
    return function

@keep_spare
def three(x):
    return x + 3

def clear():
    KINDS.clear()

# reached
def main(n):
    return KINDS[n], ORDER, Plugin.known
""",
    "plugins.py": """
# reached
class Plugin:
    known = []
    def __init_subclass__(cls, **options):
        Plugin.known.append(cls)
class Fast(Plugin):
    speed = 3
# not reached
class Other:
    speed = 4
class More(Other):
    speed = 5
""",
}

PROGRAMS: dict[str, Program] = {
    "helpers": HELPERS,
    "packages": PACKAGES,
    "stars": STARS,
    "classes": CLASSES,
    "conditions": CONDITIONS,
    "decorators": DECORATORS,
    "tasks": TASKS,
    "annotations": ANNOTATIONS,
    "matches": MATCHES,
    "syntax": SYNTAX,
    "changes": CHANGES,
    "widened": WIDENED,
    "local imports": LOCAL_IMPORTS,
    "cycles": CYCLES,
    "registries": REGISTRIES,
}
