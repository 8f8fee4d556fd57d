"""mypy's types as the compiler's, and what is asked about them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed_by_mypy import HEAD, Typed, typed

from flyte_compiler.typecheck.model import (
    AnyType,
    CallableType,
    ClassForm,
    ClassType,
    LiteralType,
    NoneType,
    OtherType,
    TupleType,
    TypedDictType,
    TypeVariable,
    UnionType,
)
from flyte_compiler.typecheck.oracle import TypeSource

PROGRAM = (
    HEAD
    + """
import enum
import json
import unknown_library
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Generic, Literal, NamedTuple, Protocol, TypeAlias, TypedDict, TypeVar

T = TypeVar("T")
Nested: TypeAlias = "int | list[Nested]"
Number = int | float


class Mode(enum.Enum):
    FAST = 1
    SLOW = 2


@dataclass
class Row:
    name: str


class Wide(Row): ...


class Point(NamedTuple):
    x: int
    y: float


class Shape(Protocol):
    size: int


class Options(TypedDict, total=False):
    depth: int


class Box(Generic[T]):
    def __init__(self, value: T) -> None:
        self.value = value

    def get(self) -> T:
        return self.value


class Steps:
    def __iter__(self) -> "Steps": return self
    def __next__(self) -> bytes: return b""


async def words() -> AsyncIterator[str]:
    yield "x"


def same(value: T) -> T:
    return value


@env.task
async def main(
    mode: Mode, row: Row, point: Point, shape: Shape, options: Options, how: Literal["a", 3],
    nested: Nested, number: Number, unwritten, plain: Any, *rest: int, maybe: int | None = None,
    **named: str,
) -> tuple[int, str]:
    class Local: ...

    local = Local()
    output = number
    share = output / 100
    read = json.loads("1")
    strange = unknown_library.load()
    boxed = Box("x").get()
    output = "now a text"
    if mode is Mode.FAST:
        fast = mode
    show(row, point, shape, options, how, nested, plain, 3, "x", mode, words(), Wide("x"))
    show(local, share, read, strange, boxed, output, unwritten, flyte, None, Row, main)
    show(rest, named, maybe, Steps(), same, [Wide("x")], {"a": 1}, row.name, fast)
    return 1, "x"


def show(*values: object) -> None:
    for value in values:
        print(value)
"""
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, mypy_cache: Path) -> Typed:
    return typed(tmp_path_factory.mktemp("types"), mypy_cache, PROGRAM)


def test_the_program_gives_no_cause_for_remarks(program: Typed) -> None:
    assert program.oracle.remarks == ()
    assert program.oracle.source is TypeSource.MYPY
    assert program.oracle.covers(program.program.modules["main"].source.path)


@pytest.mark.parametrize(
    ("text", "name", "form"),
    [
        ("row", "main.Row", ClassForm.DATACLASS),
        ("point", "main.Point", ClassForm.NAMED_TUPLE),
        ("shape", "main.Shape", ClassForm.PROTOCOL),
        ("mode", "main.Mode", ClassForm.ENUM),
        ("local", "main.Local", ClassForm.LOCAL),
        ("share", "builtins.float", ClassForm.PLAIN),
    ],
)
def test_a_class_says_what_it_is(program: Typed, text: str, name: str, form: ClassForm) -> None:
    found = in_shown(program, text)
    assert isinstance(found, ClassType)
    assert (found.name, found.form) == (name, form)


@pytest.mark.slow
def test_a_pydantic_model_says_so(tmp_path: Path, mypy_cache: Path) -> None:
    found = typed(
        tmp_path,
        mypy_cache,
        "from pydantic import BaseModel\nclass M(BaseModel):\n    s: float = 0.5\n"
        "m = M(s=1)\nm.s\n",
    )
    model = found.type_of("M(s=1)")
    assert isinstance(model, ClassType)
    assert model.form is ClassForm.PYDANTIC
    assert found.name_of("m.s") == "float"
    assert found.faults == []


def in_shown(program: Typed, text: str) -> object:
    """The type of an argument of `show(...)`."""
    source = program.program.modules["main"].source
    start = source.text.index(text, source.text.index("show(row") + len("show("))
    return program.oracle.type_of(source.span(start, start + len(text)))


def test_a_class_knows_its_bases(program: Typed) -> None:
    found = in_shown(program, 'Wide("x")')
    assert isinstance(found, ClassType)
    assert found.bases == ("main.Row",)


def test_the_type_of_a_literal_expression_is_its_class(program: Typed) -> None:
    assert in_shown(program, '"x"') == ClassType(name="builtins.str")
    assert in_shown(program, "3") == ClassType(name="builtins.int")


def test_literals_are_written_as_in_source(program: Typed) -> None:
    found = in_shown(program, "how")
    assert isinstance(found, UnionType)
    assert [each.value for each in found.members if isinstance(each, LiteralType)] == ["'a'", "3"]
    fast = in_shown(program, "fast")
    assert isinstance(fast, LiteralType)
    assert (fast.value, fast.of.name) == ("Mode.FAST", "main.Mode")


def test_a_typed_dict_has_fields(program: Typed) -> None:
    found = in_shown(program, "options")
    assert found == TypedDictType(
        name="main.Options",
        fields=(("depth", ClassType(name="builtins.int")),),
        required=frozenset(),
    )


def test_a_recursive_alias_comes_to_an_end(program: Typed) -> None:
    found = in_shown(program, "nested")
    assert isinstance(found, UnionType)
    assert found.members[0] == ClassType(name="builtins.int")
    inner = found.members[1]
    assert isinstance(inner, ClassType)
    assert isinstance(inner.arguments[0], OtherType)


@pytest.mark.parametrize(
    ("text", "is_declared"),
    [("plain", True), ("read", True), ("strange", False), ("unwritten", False)],
)
def test_any_says_whether_somebody_wrote_it(program: Typed, text: str, is_declared: bool) -> None:
    assert in_shown(program, text) == AnyType(is_declared=is_declared)


def test_other_types_are_told_apart(program: Typed) -> None:
    assert in_shown(program, "None") == NoneType()
    assert isinstance(in_shown(program, "Row"), CallableType)
    assert in_shown(program, "boxed") == ClassType(name="builtins.str")
    assert in_shown(program, "maybe") == UnionType(
        members=(ClassType(name="builtins.int"), NoneType())
    )


def test_a_name_may_take_another_type(program: Typed) -> None:
    assert in_shown(program, "output") == ClassType(name="builtins.str")
    assert not program.faults


def test_a_callable_is_written_without_modules(tmp_path: Path, mypy_cache: Path) -> None:
    found = typed(
        tmp_path,
        mypy_cache,
        HEAD + "def f(x: int) -> str: return 'x'\ng = f\n",
    )
    shown = found.type_of("g")
    assert isinstance(shown, CallableType)
    assert shown.text == "def (x: int) -> str"


def test_a_signature_has_what_is_annotated(program: Typed) -> None:
    signature = program.signature("main")
    assert "unwritten" not in signature.parameters
    assert signature.parameters["rest"] == ClassType(name="builtins.int")
    assert signature.parameters["named"] == ClassType(name="builtins.str")
    assert signature.parameters["plain"] == AnyType(is_declared=True)
    assert signature.result == TupleType(
        items=(ClassType(name="builtins.int"), ClassType(name="builtins.str"))
    )


def test_signatures_of_methods_and_inner_functions_are_found(
    tmp_path: Path, mypy_cache: Path
) -> None:
    found = typed(
        tmp_path,
        mypy_cache,
        HEAD
        + """
from collections.abc import AsyncIterator
from typing import TypeVar

T = TypeVar("T")

@env.task
async def leaf(x: int): ...

class Holder:
    async def method(self, x: "list[int]") -> None:
        await leaf(x[0])

def outer() -> object:
    async def inner(v: bytes, w: T) -> T:
        await leaf(1)
        return w
    return inner

@flyte.trace
async def traced(n: int) -> AsyncIterator[int]:
    yield n
""",
    )
    assert found.signature("Holder.method").parameters.keys() == {"x"}
    assert found.signature("Holder.method").result == NoneType()
    inner = found.signature("outer.<locals>.inner")
    assert inner.parameters == {"v": ClassType(name="builtins.bytes"), "w": TypeVariable(name="T")}
    assert found.signature("leaf").result is None
    traced = found.signature("traced").result
    assert isinstance(traced, ClassType)
    assert traced.name == "typing.AsyncIterator"


@pytest.mark.parametrize(
    ("provided", "expected", "fits"),
    [
        ("3", "share", True),  # an int where a float is declared
        ("share", "3", False),
        ('Wide("x")', "row", True),
        ("row", 'Wide("x")', False),
        ("None", "maybe", True),
        ("maybe", "3", False),
        ("fast", "mode", True),
        ("mode", "fast", False),
        ("read", "row", True),
        ("strange", "row", True),
        ('"x"', "how", False),
        ("3", "how", True),
        ("point", "row", False),
        ("[Wide(", "row", True),  # no expression, so nothing is known
    ],
)
def test_assignability_is_that_of_pep_484(
    program: Typed, provided: str, expected: str, fits: bool
) -> None:
    left = in_shown(program, provided) or AnyType()
    right = in_shown(program, expected) or AnyType()
    assert program.oracle.is_assignable(left, right) is fits  # type: ignore[arg-type]


def test_types_of_another_oracle_fit_everywhere(
    program: Typed, tmp_path: Path, mypy_cache: Path
) -> None:
    other = typed(tmp_path, mypy_cache, "x = 'a'\n").type_of("'a'")
    own = in_shown(program, "share")
    assert other is not None
    assert program.oracle.is_assignable(other, own)  # type: ignore[arg-type]
    assert program.oracle.is_assignable(ClassType(name="builtins.str"), own)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "element"),
    [
        ("words()", "builtins.str"),
        ("Steps()", "builtins.bytes"),
        ('[Wide("x")]', "main.Wide"),
        ('{"a": 1}', "builtins.str"),
        ("rest", "builtins.int"),
        ('"x"', "builtins.str"),
    ],
)
def test_iterating_gives_elements(program: Typed, text: str, element: str) -> None:
    found = program.oracle.element_of(in_shown(program, text))  # type: ignore[arg-type]
    assert isinstance(found, ClassType)
    assert found.name == element


def test_what_cannot_be_iterated_or_awaited_gives_none(program: Typed) -> None:
    for text in ("3", "row", "None", "maybe"):
        assert program.oracle.element_of(in_shown(program, text)) is None  # type: ignore[arg-type]
        assert program.oracle.awaited(in_shown(program, text)) is None  # type: ignore[arg-type]


def test_what_is_not_known_gives_any(program: Typed) -> None:
    assert isinstance(program.oracle.element_of(in_shown(program, "strange")), AnyType)  # type: ignore[arg-type]
    assert isinstance(program.oracle.awaited(in_shown(program, "strange")), AnyType)  # type: ignore[arg-type]


def test_awaiting_a_coroutine_gives_its_result(tmp_path: Path, mypy_cache: Path) -> None:
    found = typed(
        tmp_path,
        mypy_cache,
        HEAD
        + "import asyncio\n@env.task\nasync def main(n: int) -> str:\n"
        + "    waiting = main(n + 1)\n    made = asyncio.create_task(waiting)\n"
        + "    return await made\n",
    )
    for text in ("main(n + 1)", "asyncio.create_task(waiting)"):
        value = found.type_of(text)
        assert value is not None
        assert found.oracle.awaited(value) == ClassType(name="builtins.str")
