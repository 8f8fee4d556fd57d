"""What one file says about itself, in its text form."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest

from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.index import index_module
from flyte_compiler.syntax.model import ModuleIndex
from flyte_compiler.syntax.parse import Parsed, parse
from flyte_compiler.syntax.text import print_index


def index_of(text: str, *, path: str = "pkg/mod.py", module: str = "pkg.mod") -> ModuleIndex:
    source = SourceFile(path=Path(path), module=module, text=textwrap.dedent(text).lstrip("\n"))
    outcome = parse(source)
    assert isinstance(outcome, Parsed), outcome
    return index_module(source, outcome)


def environments_of(text: str) -> dict[str, str | None]:
    return {found.variable: found.name for found in index_of(text).environments}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import flyte\nanything = flyte.TaskEnvironment('e')", {"anything": "e"}),
        ("import flyte as f\nenv = f.TaskEnvironment(name='e')", {"env": "e"}),
        ("from flyte import TaskEnvironment as TE\nenv = TE('e')", {"env": "e"}),
        ("from flyte import *\nenv = TaskEnvironment('e')", {"env": "e"}),
        ("import flyte\nenv: flyte.TaskEnvironment = flyte.TaskEnvironment('e')", {"env": "e"}),
        ("import flyte\nif env := flyte.TaskEnvironment('e'): pass", {"env": "e"}),
        ("from common import env\ngpu = env.clone_with('e', image=None)", {"gpu": "e"}),
        ("import flyte\nenv = flyte.TaskEnvironment.from_task('e', t)", {"env": "e"}),
        ("import flyte\nclass Envs:\n  gpu = flyte.TaskEnvironment('e')", {"Envs.gpu": "e"}),
        ("import flyte\nEnvs.gpu = flyte.TaskEnvironment('e')", {"Envs.gpu": "e"}),
        (
            "import flyte\nif a:\n  try:\n    e = flyte.TaskEnvironment(n)\n  except E: pass",
            {"e": None},
        ),
        ("import flyte\ndef f():\n  e = flyte.TaskEnvironment('e')", {"f.<locals>.e": "e"}),
        (
            "import flyte\na, b = flyte.TaskEnvironment('x'), flyte.TaskEnvironment('y')",
            {"a": "x", "b": "y"},
        ),
        ("import flyte\na = b = flyte.TaskEnvironment('x')", {"a": "x"}),
        ("import flyte\ne = flyte.TaskEnvironment('a' 'b')", {"e": "ab"}),
        ("import flyte\ne = flyte.TaskEnvironment(**options)", {"e": None}),
        ("import other\nenv = other.TaskEnvironment('e')", {}),
        ("env = TaskEnvironment('e')", {}),
    ],
)
def test_environments_are_found_under_any_name(text: str, expected: dict[str, str | None]) -> None:
    assert environments_of(text) == expected


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("import a.b.c", ("a", "a", None, "a.b.c")),
        ("import a.b as c", ("c", "a.b", None, "a.b")),
        ("from a import b as c", ("c", "a", "b", "a")),
        ("from a import *", ("*", "a", "*", "a")),
        ("from . import b", ("b", "pkg", "b", "pkg")),
        ("from .x.y import b", ("b", "pkg.x.y", "b", "pkg.x.y")),
        ("from ..x import b", ("b", "..x", "b", "..x")),
    ],
)
def test_imports_are_absolute(statement: str, expected: tuple[str, ...]) -> None:
    (found,) = index_of(statement).imports
    assert (found.local, found.module, found.attribute, found.loads) == expected


def test_relative_imports_of_a_package_start_from_itself() -> None:
    index = index_of("from .x import y", path="pkg/sub/__init__.py", module="pkg.sub")
    assert index.imports[0].module == "pkg.sub.x"


def test_the_text_form_shows_functions_with_their_places() -> None:
    index = index_of(
        """
        import flyte
        env = flyte.TaskEnvironment("e", image=image)
        other = env
        if flag:
            @env.task
            async def t(a, /, b: dict[
                str,  # folded
                int,
            ], *rest, c=1, **more) -> int: ...
        elif other:
            @env.task(cache="auto")
            def t(*, c): yield
        else:
            class K:
                @x[0].y
                def m(self):
                    def inner(): return lambda: (yield)
        """
    )
    assert print_index(index) == textwrap.dedent(
        """\
        module pkg.mod
          import flyte = flyte, loads flyte  @1:8
          env env = 'e' ("e", image=image)  @2:7
          @env.task
          async def t(a, /, b: dict[str, int], *rest, c = 1, **more) -> int on 4.0  @6:15
          @env.task(cache="auto")
          def t(*, c) (generator) on 4.1 10.0  @12:9
          @<expression>
          def K.m(self) on 4.1 10.1  @16:13
          def K.m.<locals>.inner() on 4.1 10.1  @17:17
          alias other = env
          binds K, env, flyte, other, t
        """
    )


def test_arms_of_a_statement_exclude_each_other() -> None:
    index = index_of(
        """
        try:
            def a(): ...
        except ImportError:
            def b(): ...
        else:
            def c(): ...
        finally:
            def d(): ...
        match x:
            case 1:
                def e(): ...
            case _:
                def f(): ...
        while x:
            def g(): ...
        """
    )
    arms = {function.name: function.exclusive for function in index.functions}
    assert arms == {
        "a": ("1.0",),
        "b": ("1.1",),
        "c": ("1.0",),
        "d": (),
        "e": ("9.0",),
        "f": ("9.1",),
        "g": (),
    }


def test_module_bindings_have_their_first_place() -> None:
    index = index_of(
        """
        import a.b
        x = x = 1
        [(w := i) for i in y]
        def f():
            global late
            late = local = 1
        declared: int
        """
    )
    assert {name: span.start.line for name, span in index.bindings.items()} == {
        "a": 1,
        "x": 2,
        "w": 3,
        "f": 4,
        "late": 6,
    }


def test_aliases_are_names_bound_once() -> None:
    index = index_of("a = x.y\nb = b2 = a\nc = a\nc = d\ne = f = call()\n")
    assert index.aliases == {"a": "x.y", "b": "a", "b2": "a", "f": "e"}


@pytest.mark.parametrize(
    "text",
    ["from a import *", "exec(x)", "globals()['a'] = 1", "def __getattr__(name): ..."],
)
def test_modules_with_names_out_of_sight_are_open(text: str) -> None:
    assert index_of(text).is_open
    assert not index_of("import a\nx = a.exec").is_open


def test_literals_are_read_and_nothing_else_is() -> None:
    index = index_of(
        "import flyte\ne = flyte.TaskEnvironment('n', a=1, b=-2.5, c=True, d=None, e=b'x', f=1+1)"
    )
    (environment,) = index.environments
    values = {argument.keyword: argument.literal for argument in environment.arguments}
    assert values == {None: "n", "a": 1, "b": -2.5, "c": True, "d": None, "e": None, "f": None}
