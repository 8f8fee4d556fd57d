"""Programs whose every line says whether the task `app:main` reaches it.

A comment that stands alone (`# reached`, `# not reached`, `# either`) holds for the lines after
it, one at the end of a line for that line. `# either` is for what a line can't tell apart.
"""

from collections.abc import Mapping

Program = Mapping[str, str]

HELPERS = {
    "app.py": '''
import flyte  # either
env = flyte.TaskEnvironment("app")  # not reached
# reached
RATE = 3
RATE += 1
LIMITS = {"a": 1, "b": [2, 3]}
LIMITS["c"] = 4
LIMITS.update(d=5)
LOW, HIGH = 1, 9
SQUARES = [n * n for n in range(3) if n > 0]
PICK = lambda value, by=LOW: value - by
# not reached
UNUSED = 9
OTHER = {"a": UNUSED}
OTHER["b"] = 2

def unused(x):
    return x + UNUSED

# reached
def helper(x, *rest, key=7, **options):
    """A docstring."""
    def inner(y):
        nonlocal x
        x = x + y
        return scale(y)
    values = {k: v for k, v in options.items() if v is not None}
    return [inner(each) for each in rest] + [values, (lambda q: q ** 2)(key)]

def scale(x):
    global STATE
    STATE = x
    return x * RATE

def from_state():
    return STATE

# not reached
def other_state():
    global ELSEWHERE
    ELSEWHERE = 1

@env.task(  # either
    retries=3, cache="auto",  # not reached
)  # either
# reached
async def main(n: int = 4) -> list:
    """What it does."""
    unused = HIGH if n > 2 else -HIGH
    return helper(n, 1, unused, k=LIMITS), SQUARES, PICK(n), from_state()

# not reached
if __name__ == "__main__":
    flyte.init(endpoint="here")
    print(flyte.run(main, n=3))
''',
}

PACKAGES = {
    "app.py": """
from pkg import deep as renamed  # reached
from pkg import shallow  # not reached
import pkg.constants  # either
import pkg.tools as tools  # reached
import pkg.other as other  # not reached
from pkg.sub import leaf  # reached
# reached
def main(n):
    return renamed(n), pkg.constants.LIMIT, tools.apply(n), leaf.grow(n), pkg.sub.NAME
""",
    "pkg/__init__.py": """
from .inner import deep  # reached
from .inner import shallow  # not reached
from . import sub  # either
VERSION = 1  # not reached
""",
    "pkg/inner.py": """
from .constants import FACTOR as factor  # reached
from .constants import UNUSED  # not reached
# reached
def deep(x):
    return deeper(x) * factor

def deeper(x):
    return x - 1

# not reached
def shallow(x):
    return x + UNUSED
""",
    "pkg/constants.py": """
FACTOR = 2  # reached
LIMIT = 1 << 4  # reached
UNUSED = 3  # not reached
""",
    "pkg/tools.py": """
from pkg import constants  # reached
import os.path  # either
import sys  # not reached
# reached
def apply(x):
    return constants.LIMIT + x, os.path.sep

# not reached
def forget(x):
    return sys.path, x
""",
    "pkg/other.py": """
VALUE = 1  # not reached
""",
    "pkg/sub/__init__.py": """
NAME = "sub"  # reached
OTHER = "other"  # not reached
""",
    "pkg/sub/leaf.py": """
from ...pkg.constants import UNUSED  # not reached
from ..inner import deeper  # reached
# reached
def grow(x):
    return deeper(x) / 2

# not reached
def wilt(x):
    return UNUSED
""",
}

STARS = {
    "app.py": """
from lib import *
from listed import *
# reached
def main(n):
    return first(n) + second(n) + SHOWN
""",
    "lib.py": """
from deeper import *
# reached
def first(x):
    return x + 1

# not reached
def unused(x):
    return x + 2

_hidden = 3
""",
    "deeper.py": """
LIMIT = 5  # reached
OTHER = 6  # not reached
# reached
def second(x):
    return min(x, LIMIT)
""",
    "listed.py": """
# either
__all__ = ["SHOWN", "unused"]
SHOWN = 1  # reached
# not reached
first = 2
def other(): return 3
""",
}

CLASSES = {
    "app.py": """
from shapes import Square, Kind  # reached
from shapes import Circle  # not reached
# reached
def main(n: int) -> float:
    square = Square(n, kind=Kind.BIG)
    return square.area() + square.scaled(2).area()
""",
    "shapes.py": """
from dataclasses import dataclass, field  # reached
from enum import Enum  # reached
from typing import NamedTuple  # not reached
from base import Base, Meta, mark  # reached
from base import Unused  # not reached
# reached
DEFAULT = 3

class Kind(Enum):
    SMALL = 1
    BIG = "big"

@mark(level=DEFAULT)
@dataclass(frozen=True, order=False)
class Square(Base, metaclass=Meta):
    size: int
    kind: Kind = Kind.SMALL
    tags: list = field(default_factory=list)
    limit = size_of_all = 10

    class Inner:
        depth = 2

    @property
    def half(self):
        return self.size / 2

    @classmethod
    def unit(cls):
        return cls(1)

    def area(self):
        return self.size ** 2 + helper(self)

def helper(shape):
    return shape.limit

Square.corner = 4
# not reached
class Circle(Base):
    radius: int = 1

    def area(self):
        return Unused.pi

class Point(NamedTuple):
    x: int = 0
""",
    "base.py": """
# reached
class Meta(type):
    def __new__(cls, name, bases, space, **options):
        return super().__new__(cls, name, bases, {**space, "made": True})

def mark(level):
    def decorate(cls):
        cls.level = level
        return cls
    return decorate

class Root:
    name = "root"

class Base(Root):
    def scaled(self, by):
        return type(self)(self.size * by)

# not reached
class Unused:
    pi = 3.14
""",
}

CONDITIONS = {
    "app.py": """
# reached
import sys
import contextlib
from typing import TYPE_CHECKING
if TYPE_CHECKING:
    from types_only import Row
if sys.platform == "win32":
    LIMIT = 1
    FREE = 5  # not reached
elif sys.maxsize > 2 ** 32:
    LIMIT = 2
else:
    def LIMIT():
        return 3
try:
    from fast import compute
except (ImportError, AttributeError):
    from slow import compute
try:
    DEPTH = int("4")
except ValueError:
    DEPTH = None
else:
    DEPTH += 1
if not LIMIT:
    from fast import extra
# not reached
if sys.platform == "linux":
    def unused():
        return 1
try:
    import json
except ImportError:
    json = None
# reached
for name in ("a", "b"):
    TABLE = name
    if name == "b":
        break
with contextlib.suppress(KeyError):
    FOUND = {"k": 1}["k"]
match sys.byteorder:
    case "little" | "middle" as order:
        WIDTH = 4
    case _:
        WIDTH = 8
count = 3
while count > 0:
    count -= 1
# not reached
for name_of_unused in range(3):
    SPARE = name_of_unused
# reached
def main(row: "Row"):
    return LIMIT, compute(row), DEPTH, TABLE, FOUND, WIDTH, order, count, extra
""",
    "fast.py": """
# reached
def compute(x):
    return x * 2

extra = 1
# not reached
def unused(x):
    return x * 3
""",
    "slow.py": """
# reached
def compute(x):
    return x + x

# not reached
extra = 2
""",
    "types_only.py": """
# reached
class Row:
    size: int

# not reached
class Column:
    size: int
""",
}

DECORATORS = {
    "app.py": """
import flyte  # either
import functools  # reached
import third_party as foreign  # reached
from lib import timed, LEVEL  # reached
from lib import untimed  # not reached
env = flyte.TaskEnvironment("app", image="python:3.12")  # not reached
# reached
double = functools.partial(timed(LEVEL), 2)

@functools.lru_cache(maxsize=128)
def cached(x):
    return x + 1

# not reached
@untimed
def uncached(x):
    return x + 2

@flyte.trace  # either
# reached
def traced(x):
    return x - 1

# reached
def default_of(n=cached(3), *, key=lambda: OFFSET):
    return n, key

OFFSET = 5
# not reached
OTHER_OFFSET = 6
# reached
@foreign.retry(times=LEVEL, on=(KeyError, OSError))
@env.task(  # either
    retries=2, timeout=OTHER_OFFSET,  # not reached
)  # either
# reached
@timed(LEVEL + 1)
def main(n=LEVEL, *, flag: bool = False):
    return double(n), traced(n), default_of(), flag
""",
    "lib.py": """
import functools  # reached
LEVEL = 2  # reached
# reached
def timed(level):
    def decorate(function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            return function(*args, **kwargs) or level
        return inner
    return decorate

# not reached
def untimed(function):
    return function
""",
}

TASKS = {
    "app.py": """
import flyte  # either
from envs import env  # either
from envs import UNUSED  # not reached
from children import child as renamed, made  # reached
shared = env.clone_with("b", cpu=3)  # not reached
# either
@env.task
def leaf(x: int = 3) -> int:
    return only_leaf(x)  # not reached

# not reached
def only_leaf(x):
    return x + UNUSED

@env.task(cache="auto")  # either
# reached
async def main(n: int) -> int:
    def nested(x):
        return leaf(x)
    return nested(n) + await renamed(n) + made(n) + compute(n)

def compute(x):
    return x // 3
""",
    "envs.py": """
# not reached
import flyte
UNUSED = 1
env = flyte.TaskEnvironment("app", resources=flyte.Resources(cpu=1, memory="1Gi"))
""",
    "children.py": """
import flyte  # not reached
from envs import env  # not reached
# not reached
def secret(x):
    return x * 7

@env.task  # either
async def child(n: int) -> int:  # either
    return secret(n)

made = env.task(secret)  # either
""",
}
