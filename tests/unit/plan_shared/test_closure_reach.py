"""Source closures: what changes one, what doesn't, and what it says about itself."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from closure_cases import APP, EVERY_SYNTAX, PROGRAM, Files, write

from flyte_plan.closure import Closure, Sources, closure_of
from flyte_plan.digest import show_digest

Compute = Callable[..., Closure]


def edited(file: str, old: str, new: str) -> Files:
    assert old in PROGRAM[file]
    return {**PROGRAM, file: PROGRAM[file].replace(old, new)}


def test_a_closure_lists_what_it_reaches(compute: Compute):
    found = compute(PROGRAM)
    assert found.reaches == (
        "app:LIMITS",
        "app:RATE",
        "app:decorated",
        "app:default",
        "app:helper",
        "app:main",
        "app:traced",
        "lib.base:Base",
        "lib.inner:deep",
        "lib.inner:deeper",
        "lib.shapes:Shape",
        "lib.table:ROWS",
        "lib.table:look_up",
    )
    assert found.tasks == ("app:child",)
    assert found.widened == ()


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("app.py", "total = helper(n)", "total = helper(n + 1)"),
        ("app.py", "return x * RATE", "return RATE * x"),
        ("app.py", "RATE = 3", "RATE = 3.0"),
        ("app.py", "RATE += 1", "RATE += 2"),
        ("app.py", 'LIMITS["b"] = 2', 'LIMITS["b"] = 3'),
        ("app.py", "return 5", "return 6"),
        ("app.py", "return x + 1", "return x + 2"),
        ("app.py", "level=RATE", "level=2"),
        ("app.py", "import numpy as np", "import cupy as np"),
        ("app.py", "from third_party import decorate", "from third_party import d as decorate"),
        ("app.py", "from lib import deep as", "from lib import shallow as"),
        ("app.py", "n: int = default()", "n: int = 5"),
        ("app.py", "n: int", "n: float"),
        ("lib/__init__.py", ".inner import deep", ".inner import deeper as deep"),
        ("lib/inner.py", "return deeper(x)", "return deeper(x + 1)"),
        ("lib/inner.py", "def deeper(x):\n    return x", "def deeper(x):\n    return -x"),
        ("lib/shapes.py", "size = 1", "size = 2"),
        ("lib/base.py", "pass", "name = 1"),
        ("lib/table.py", "[1]", "[True]"),
    ],
)
def test_an_edit_of_what_is_reached_changes_the_digest(
    compute: Compute, file: str, old: str, new: str
):
    assert compute(PROGRAM).digest != compute(edited(file, old, new)).digest


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("app.py", "Docstring.", "Another docstring."),
        ("app.py", '    """Docstring."""\n', ""),
        ("app.py", "# A comment.", "# Another comment."),
        ("app.py", "return x * RATE", "return (\n        x  *  RATE  # why\n    )"),
        ("app.py", "return x * RATE", "pass; return x * RATE"),
        ("app.py", 'cache="auto"', 'cache="disable", retries=3'),
        ("app.py", "retries=2", "retries=5"),
        ("app.py", "cpu=1", "cpu=64"),
        ("app.py", "UNUSED = 9", "UNUSED = 8"),
        ("app.py", "return unused(x)", "return x + 100"),
        ("app.py", "def unused(x):\n    return x", "def unused(x):\n    return -x"),
        ("lib/__init__.py", "from .inner import shallow\n", ""),
        ("lib/inner.py", "def shallow(x):\n    return x", "def shallow(x):\n    return -x"),
        ("lib/base.py", "pass", '"""Nothing yet."""'),
        ("lib/table.py", "return 1", "return 2"),
        ("lib/table.py", "ROWS = [1]", "\n\n# Rows.\nROWS = [1]"),
    ],
)
def test_no_other_edit_changes_it(compute: Compute, file: str, old: str, new: str):
    assert compute(PROGRAM).digest == compute(edited(file, old, new)).digest


def test_the_place_of_the_program_is_not_in_the_digest(compute: Compute):
    assert compute(PROGRAM).digest == compute(PROGRAM).digest


def test_a_called_task_is_known_by_its_name(compute: Compute):
    renamed = {**PROGRAM, "app.py": APP.replace("child", "other_child")}
    assert compute(renamed).digest != compute(PROGRAM).digest
    child = compute(PROGRAM, "app:child")
    assert child.reaches == ("app:child", "app:unused")


def test_a_task_made_by_a_call_is_known_by_its_name(compute: Compute):
    text = "def f(x):\n    return x\nt = env.task(f)\ndef main():\n    return t(1)\n"
    assert compute(text).tasks == ("app:t",)
    assert compute(text.replace("return x", "return -x")).digest == compute(text).digest


def test_recursion_and_cycles_of_imports_end(compute: Compute):
    found = compute(
        {
            "app.py": "import b\ndef main(n):\n    return b.even(n) or main(n - 1)\n",
            "b.py": "from app import main\nfrom c import x\ndef even(n):\n    return main(n), x\n",
            "c.py": "from d import x\n",
            "d.py": "from c import x\n",
        }
    )
    assert found.reaches[:2] == ("app:main", "b:even")


def test_every_binding_of_a_name_counts(compute: Compute):
    text = """
import sys
if sys.platform == "win32":
    def helper(): return 1
else:
    def helper(): return 2
try:
    import json
except ImportError:
    json = None
for name in ("a", "b"):
    TABLE = name
def set_it():
    global STATE
    STATE = 1
def main():
    return helper(), json, TABLE, STATE
"""
    digests = {compute(text).digest}
    for old, new in [
        ("return 1", "return 3"),
        ("return 2", "return 3"),
        ('"win32"', '"linux"'),
        ("json = None", "json = 0"),
        ('("a", "b")', '("b", "a")'),
        ("STATE = 1", "STATE = 2"),
    ]:
        digests.add(compute(text.replace(old, new)).digest)
    assert len(digests) == 7


def test_names_that_a_scope_binds_reach_nothing(compute: Compute):
    found = compute(
        """
a = b = c = d = e = f = g = 1
def main(a, *b, **c):
    d = [e for e in a if (f := e)]
    import g
    try: pass
    except E as h: print(h)
    return lambda i: (i, d, f, g)
E = h = i = 2
"""
    )
    assert found.reaches == ("app:E", "app:main")


def test_the_first_iterable_of_a_comprehension_is_outside_it(compute: Compute):
    found = compute("x = [1]\ndef main():\n    return [x for x in x]\n")
    assert found.reaches == ("app:main", "app:x")


def test_a_class_body_sees_its_own_names_and_its_functions_dont(compute: Compute):
    text = "size = 1\nclass C:\n    size = size\n    def m(self): return size\ndef main(): C\n"
    assert compute(text).reaches == ("app:C", "app:main", "app:size")
    text = "class C:\n    size = 1\n    double = size * 2\ndef main(): C\n"
    assert compute(text).widened == ()


def test_imports_inside_a_function_are_followed(compute: Compute):
    files = {
        "app.py": "def main():\n    from lib import f as g\n    import lib.more\n"
        "    return g(), lib.more.h()\n",
        "lib/__init__.py": "def f(): return 1\ndef unused(): return 2\n",
        "lib/more.py": "def h(): return 1\n",
    }
    assert compute(files).reaches == ("app:main", "lib.more:h", "lib:f")


def test_a_folder_without_a_package_file_is_followed(compute: Compute):
    files = {
        "app.py": "import tree.leaf\nfrom tree import leaf\n"
        "def main(): return tree.leaf.f, leaf.g\n",
        "tree/leaf.py": "def f(): return 1\ndef g(): return 2\n",
    }
    assert compute(files).reaches == ("app:main", "tree.leaf:f", "tree.leaf:g")


def test_annotations_that_are_text_are_followed(compute: Compute):
    text = "class A: x = 1\ndef main(a: 'list[A]') -> 'not python': return a\n"
    assert compute(text).reaches == ("app:A", "app:main")
    assert compute(text).widened == ()


def test_a_method_reaches_its_class_unless_it_is_static(compute: Compute):
    text = """
class C:
    size = 1
    def m(self): return self.size
    @staticmethod
    def s(): return 2
    class D:
        def n(self): return 3
"""
    assert compute(text, "app:C.m").reaches == ("app:C", "app:C.m")
    assert compute(text, "app:C.s").reaches == ("app:C.s",)
    assert compute(text, "app:C.D.n").reaches == ("app:C.D", "app:C.D.n")


def test_a_nested_function_reaches_what_it_needs_of_those_around_it(compute: Compute):
    text = """
ONE = 1
def outer(argument):
    needed = ONE + argument
    other = 2
    def sibling(): return needed
    def f(): return sibling()
    def g(): return other
    return f, g
"""
    found = compute(text, "app:outer.<locals>.f")
    assert found.reaches == (
        "app:ONE",
        "app:outer.<locals>.f",
        "app:outer.<locals>.needed",
        "app:outer.<locals>.sibling",
    )
    assert found.digest == compute(text.replace("= 2", "= 3"), "app:outer.<locals>.f").digest
    assert found.digest != compute(text.replace("ONE +", "ONE -"), "app:outer.<locals>.f").digest


@pytest.mark.parametrize(
    ("files", "reason"),
    [
        ({"app.py": "X = 1\ndef main(): return globals()['X']\n"}, "uses `globals`"),
        ({"app.py": "X = 1\ndef main(): exec('X')\n"}, "uses `exec`"),
        ({"app.py": "X = 1\ndef main(): return eval('X')\n"}, "uses `eval`"),
        (
            {"app.py": "import importlib\nX = 1\ndef main(n): importlib.import_module(n)\n"},
            "uses `importlib.import_module`",
        ),
        ({"app.py": "import sys\nX = 1\ndef main(): sys.modules['a']\n"}, "uses `sys.modules`"),
        ({"app.py": "from numpy import *\nX = 1\ndef main(): array\n"}, "a star import may hide"),
        ({"app.py": "X = 1\ndef main(): nowhere\n"}, "uses `nowhere`, and nothing there binds it"),
    ],
)
def test_what_cant_be_followed_widens_to_the_module(compute: Compute, files: Files, reason: str):
    found = compute(files)
    assert "app:*" in found.reaches
    assert any(reason in text for text in found.widened)
    changed = {**files, "app.py": files["app.py"].replace("X = 1", "X = 2")}
    assert compute(changed).digest != found.digest


@pytest.mark.parametrize(
    ("app", "reason"),
    [
        ("import lib\ndef main(n): return getattr(lib, n)\n", "uses the module as a value"),
        ("import lib\ndef main(n): return lib.missing\n", "uses `missing`"),
        ("def main(n): return __import__('lib').f\n", "uses the module as a value"),
    ],
)
def test_a_module_of_which_the_part_is_unknown_is_taken_whole(
    compute: Compute, app: str, reason: str
):
    files = {"app.py": app, "lib.py": "def f(): return 1\n"}
    found = compute(files)
    assert "lib:*" in found.reaches
    assert any(text.startswith("`lib`") and reason in text for text in found.widened)
    assert compute({**files, "lib.py": "def f(): return 2\n"}).digest != found.digest


def test_a_star_import_of_ours_is_followed_to_the_name(compute: Compute):
    files = {
        "app.py": "from lib import *\ndef main(): return f()\n",
        "lib.py": "from deeper import *\n",
        "deeper.py": "def f(): return 1\ndef g(): return 2\n",
    }
    assert compute(files).reaches == ("app:main", "deeper:f")


def test_resources_and_metadata_are_no_dynamic_imports(compute: Compute):
    text = "import importlib.resources as r\ndef main(): return r.files('x')\n"
    assert compute(text).widened == ()


@pytest.mark.parametrize("content", [b"def f(:", b"\xff\xfe", b"x = '\0'"])
def test_a_module_that_cant_be_read_counts_by_its_bytes(tmp_path: Path, content: bytes):
    write(tmp_path, {"app.py": "import lib\ndef main(): return lib.f()\n"})
    digests = set()
    for data in (content, content + b" "):
        (tmp_path / "lib.py").write_bytes(data)
        found = closure_of("app", "main", Sources(roots=(tmp_path,)))
        assert found.reaches == ("app:main", "lib:*")
        assert "it can't be read as Python" in found.widened[0]
        digests.add(found.digest)
    assert len(digests) == 2


@pytest.mark.parametrize(
    ("function", "message"),
    [
        ("app:missing", "no function `missing` in the module `app`"),
        ("app:RATE", "no function `RATE`"),
        ("app:main.<locals>.inner", r"no function `main\.<locals>\.inner`"),
        ("app:Nope.m", r"no function `Nope\.m`"),
        ("absent:main", "no module `absent` under the roots"),
    ],
)
def test_a_function_that_isnt_there_is_named(compute: Compute, function: str, message: str):
    with pytest.raises(LookupError, match=message):
        compute(PROGRAM, function)


def test_versions_of_other_packages_count_where_they_are_given(tmp_path: Path):
    write(tmp_path, PROGRAM)
    sources = Sources(roots=(tmp_path,))
    asked: list[str] = []

    def digest_with(numpy: str) -> bytes:
        def versions(name: str) -> str | None:
            asked.append(name)
            return f"numpy=={numpy}" if name == "numpy" else None

        return closure_of("app", "main", sources, versions=versions).digest

    assert digest_with("1") != digest_with("2")
    assert set(asked) == {"numpy", "third_party"}


def test_a_long_chain_of_operators_is_no_matter(compute: Compute):
    text = "def main(x): return " + " + ".join(["x"] * 900) + "\n"
    assert compute(text).widened == ()


def test_every_kind_of_syntax_is_read(compute: Compute):
    found = compute(EVERY_SYNTAX)
    assert found.reaches == ("app:G", "app:Point", "app:f", "app:main")
    assert found.widened == ()


def other_pythons() -> list[Path]:
    versions = Path.home() / ".pyenv" / "versions"
    return sorted(versions.glob("3.1[1-9]*/bin/python")) if versions.is_dir() else []


@pytest.mark.slow
@pytest.mark.skipif(not other_pythons(), reason="no other Python is installed")
def test_every_python_gives_the_same_digests(tmp_path: Path):
    write(tmp_path, {**PROGRAM, "syntax.py": EVERY_SYNTAX})
    sources = Sources(roots=(tmp_path,))
    functions = ["app:main", "app:child", "syntax:main", "syntax:f"]
    expected = [
        show_digest(closure_of(*function.split(":"), sources).digest) for function in functions
    ]
    program = (
        "import sys; from pathlib import Path; from flyte_plan.closure import *; "
        "from flyte_plan.digest import show_digest; s = Sources(roots=(Path(sys.argv[1]),)); "
        "[print(show_digest(closure_of(*f.split(':'), s).digest)) for f in sys.argv[2:]]"
    )
    shared = Path(sys.modules["flyte_plan"].__path__[0]).parent
    for python in other_pythons():
        done = subprocess.run(
            [python, "-c", program, tmp_path, *functions],
            env={**os.environ, "PYTHONPATH": str(shared)},
            capture_output=True,
            text=True,
            check=True,
        )
        assert done.stdout.split() == expected, python
