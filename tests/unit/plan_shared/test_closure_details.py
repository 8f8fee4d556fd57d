"""Source closures: scopes, order, places in reasons, packages, and what is pinned."""

import builtins
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from closure_cases import EVERY_SYNTAX, PROGRAM, write

from flyte_plan.closure import Closure, Sources, installed_version, task_functions
from flyte_plan.closure.builtin_names import BUILTINS, MODULE_NAMES

Compute = Callable[..., Closure]


def test_digests_of_every_kind_of_syntax_are_pinned(compute: Compute):
    assert compute(EVERY_SYNTAX).digest.hex()[:16] == "51890516d6cb885f"
    assert compute(EVERY_SYNTAX, "app:f").digest.hex()[:16] == "69c49d60d5eb415e"


NEW_SYNTAX = """
type Row[T: Base, *Ts, **P] = list[T] | tuple[*Ts]
type Unused = int
class Base: size = 1
class Box[T]:
    def get[U: T](self, other: U) -> Row[U]: return f"{other["key"]!r:>{f"{10}"}}{"\\n"}"
def main[T](a: T, *b: *tuple[int]) -> Box[T]:
    row: Row = a[*b]
    return row
"""


@pytest.mark.skipif(sys.version_info < (3, 12), reason="syntax of Python 3.12")
def test_type_parameters_and_aliases_are_scopes(compute: Compute):
    found = compute(NEW_SYNTAX)
    assert found.reaches == ("app:Base", "app:Box", "app:Row", "app:main")
    assert found.widened == ()
    assert found.digest.hex()[:16] == "1333e7003229773c"


def test_the_place_of_what_widens_a_module_is_said(compute: Compute):
    files = {
        "app.py": "import lib\ndef main(n):\n    return getattr(lib, n)\n",
        "lib.py": "x = 1\n",
    }
    assert compute(files).widened == (
        "`lib`: `app:main` uses the module as a value (`app` line 3)",
    )


@pytest.mark.parametrize("attribute", ["__globals__", "__subclasses__"])
def test_attributes_that_lead_anywhere_widen_the_module(compute: Compute, attribute: str):
    found = compute(f"X = 1\ndef main(n):\n    return n().{attribute}\n")
    assert "app:*" in found.reaches
    assert f"uses `.{attribute}` (`app` line 3)" in found.widened[0]


def test_a_constant_holds_the_value_of_its_moment(compute: Compute):
    text = "A = 1\nB = A\nA = 2\ndef main(): return A, B\n"
    moved = "A = 1\nA = 2\nB = A\ndef main(): return A, B\n"
    assert compute(text).digest != compute(moved).digest
    below = "A = 1\nB = A\ndef main(): return A, B\nA = 2\n"
    assert compute(text).digest == compute(below).digest


def test_which_arm_binds_a_name_counts(compute: Compute):
    text = "X = 0\nif C: X = 1\nelse: pass\ndef main(): return X\nC = True\n"
    other = "X = 0\nif C: pass\nelse: X = 1\ndef main(): return X\nC = True\n"
    assert compute(text).digest != compute(other).digest


def test_of_two_imports_the_order_counts(compute: Compute):
    files = {"a.py": "def f(): return 1\n", "b.py": "def f(): return 1\n"}
    digests = {
        compute({**files, "app.py": text + "def main(): return f()\n"}).digest
        for text in ("from a import f\nfrom b import f\n", "from b import f\nfrom a import f\n")
    }
    assert len(digests) == 2


def test_packages_are_named_and_the_standard_library_is_not(compute: Compute):
    found = compute(
        "import numpy.linalg as n, os, flyte\ndef main(): return n.x, os.sep, flyte.y\n"
    )
    assert found.packages == ("numpy",)


def test_the_version_of_what_is_installed_is_read_from_its_metadata():
    assert (installed_version("pytest") or "").startswith("pytest==")
    assert (installed_version("yaml") or "").lower().startswith("pyyaml==")
    assert installed_version("nothing_of_that_name") is None


def test_tasks_of_a_module_are_found(tmp_path: Path):
    write(tmp_path, {**PROGRAM, "bad.py": "def ("})
    sources = Sources(roots=(tmp_path,))
    assert task_functions("app", sources) == ("child", "main")
    assert task_functions("lib.table", sources) == ()
    assert task_functions("bad", sources) == ()
    assert task_functions("absent", sources) == ()


def test_every_builtin_of_this_python_is_known():
    ignored = {"_", "_IncompleteInputError"}
    assert {*dir(builtins)} - ignored <= BUILTINS | MODULE_NAMES
