"""Closures against a model: a random program, whose reach is computed from its graph alone."""

import ast
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from flyte_plan.closure import Closure, Sources, closure_of

KINDS = ("function", "constant", "class", "task", "trace", "default", "decorator")
MODULES = ("app", "pkg", "pkg.deep")
FILES = {"app": "app.py", "pkg": "pkg/__init__.py", "pkg.deep": "pkg/deep.py"}


@dataclass(frozen=True)
class Definition:
    """One name of the program: `n3`, in a module, using other names."""

    number: int
    kind: str
    module: str
    uses: tuple[int, ...]
    salt: int = 0

    @property
    def name(self) -> str:
        return f"n{self.number}"


Program = tuple[Definition, ...]


@st.composite
def programs(draw: st.DrawFn) -> Program:
    """A root task `n0` and up to six more; any may use any, in cycles too."""
    size = draw(st.integers(2, 7))
    edges = st.lists(st.integers(0, size - 1), max_size=3, unique=True).map(tuple)
    others = [
        Definition(
            number, draw(st.sampled_from(KINDS)), draw(st.sampled_from(MODULES)), draw(edges)
        )
        for number in range(1, size)
    ]
    return (Definition(0, "task", "app", draw(edges)), *others)


def body(each: Definition, program: Program, how: str) -> str:
    """What the definition uses, as an expression: names written in one of several ways."""
    used = [reference(each, program[number], how) for number in each.uses]
    return f"[{', '.join([str(each.salt), *used])}]"


def reference(user: Definition, used: Definition, how: str) -> str:
    if used.module == user.module:
        return used.name
    return f"{used.module}.{used.name}" if how == "dotted" else f"as_{used.name}"


def imports(module: str, program: Program, how: str) -> str:
    if how == "dotted":
        return "".join(f"import {other}\n" for other in MODULES if other != module)
    return "".join(
        f"from {each.module} import {each.name} as as_{each.name}\n"
        for each in program
        if each.module != module
    )


TEMPLATES = {
    "function": "def {name}(x):\n{note}    y = {body}\n    return y\n",
    "constant": "{name} = {body}\n",
    "class": "class {name}:\n{note}    def m(self):\n        return {body}\n",
    "task": "@env.task(cache='{option}')\nasync def {name}(x):\n{note}    return {body}\n",
    "trace": "@flyte.trace\ndef {name}(x):\n{note}    return {body}\n",
    "default": "def {name}(x={body}):\n{note}    return x\n",
    "decorator": "@{name}_made\ndef {name}(x):\n{note}    return x\n\n{name}_made = {body}\n",
}


def text(module: str, program: Program, *, how: str, note: str, option: str) -> str:
    definitions = [
        TEMPLATES[each.kind].format(
            name=each.name, body=body(each, program, how), note=note, option=option
        )
        for each in program
        if each.module == module
    ]
    head = f"import flyte\n{imports(module, program, how)}env = flyte.TaskEnvironment('{option}')\n"
    return head + "\n".join(definitions)


def closure(program: Program, *, how: str = "from", note: str = "", option: str = "a") -> Closure:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "pkg").mkdir()
        for module, file in FILES.items():
            written = text(module, program, how=how, note=note, option=option)
            ast.parse(written)  # The model must not hide behind a module that can't be read.
            (root / file).write_text(written)
        return closure_of("app", "n0", Sources(roots=(root,)))


def reached(program: Program) -> set[int]:
    """Along the edges from the root; a called task is where the way ends."""
    seen, pending = {0}, [0]
    while pending:
        number = pending.pop()
        for used in program[number].uses:
            if used not in seen and program[used].kind != "task":
                seen.add(used)
                pending.append(used)
    return seen


def resalted(program: Program, number: int) -> Program:
    changed = Definition(**{**vars(program[number]), "salt": 1})
    return (*program[:number], changed, *program[number + 1 :])


ways = st.sampled_from(["from", "dotted"])


@settings(deadline=None)
@given(programs(), ways)
def test_exactly_the_edits_of_what_is_reached_change_the_digest(program: Program, how: str):
    before, inside = closure(program, how=how), reached(program)
    assert before.widened == ()
    for number in range(len(program)):
        after = closure(resalted(program, number), how=how)
        assert (after.digest != before.digest) is (number in inside)


@settings(deadline=None)
@given(programs(), ways)
def test_a_closure_lists_exactly_what_it_reaches(program: Program, how: str):
    found = closure(program, how=how)
    expected = {f"{program[number].module}:{program[number].name}" for number in reached(program)}
    assert {name for name in found.reaches if not name.endswith("_made")} == expected


@settings(deadline=None)
@given(programs(), st.sampled_from(["    # why\n", '    """Docstring."""\n', "\n\n", "    pass\n"]))
def test_layout_text_and_options_change_nothing(program: Program, note: str):
    plain = closure(program)
    assert closure(program, note=note, option="b") == plain
