"""Types by span: where mypy counts otherwise than we do."""

from __future__ import annotations

from pathlib import Path

import pytest
from typed_by_mypy import HEAD, Typed, typed

PROGRAM = (
    HEAD
    + """
import asyncio
from collections.abc import AsyncIterator


def twice(ä: int, *rest: str) -> str:
    return "ü" + rest[0] * ä


async def slow(n: int) -> float:
    return n / 2


async def numbers() -> AsyncIterator[int]:
    yield 1


@env.task
async def main(xs: list[int], maybe: str | None) -> str:
    ü = "ö" + "é"; calls = "ü", twice(len("ß"), "é")
    pair = ("ä", 1.5, )
    spread = (
        1,  # one (1)
        "zwei",
    )
    brackets = (xs), (ü)
    total = sum(x * 2.0 for x in xs)
    listed = list(("é", x) for x in xs)
    squares = ["ü" * x for x in xs]
    table = {"é": x for x in xs}
    if (n := len("é" + ü)) > 2:
        print(n + 0.5)
    waited = "ü", await slow(1)
    both = await asyncio.gather(slow(2), slow(3))
    key = max(xs, key=lambda each: each + 1)
    told = twice(1, *[ü, "é"])
    both_named = [*xs, *range(3)]
    text = f"ä{key}ö{twice(key)!r:>{n}} and {key / 2}"
    if maybe is not None and maybe:
        return maybe
    async for number in numbers():
        print("é", number)
    yes = xs or ü or n
    return (
        "é" + str(
            key))
"""
)


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory, mypy_cache: Path) -> Typed:
    return typed(tmp_path_factory.mktemp("places"), mypy_cache, PROGRAM)


@pytest.mark.parametrize(
    ("text", "nth", "expected"),
    [
        ('"ö" + "é"', 0, "str"),
        ('twice(len("ß"), "é")', 0, "str"),
        ('len("ß")', 0, "int"),
        ('"ü", twice(len("ß"), "é")', 0, "Tuple"),
        ('"ä", 1.5, ', 0, "Tuple"),
        ('1,  # one (1)\n        "zwei",', 0, "Tuple"),
        ("(xs), (ü)", 0, "Tuple"),
        ("x * 2.0 for x in xs", 0, "typing.Generator[float, None, None]"),
        ('("é", x) for x in xs', 0, "typing.Generator[Tuple, None, None]"),
        ('["ü" * x for x in xs]', 0, "list[str]"),
        ('"ü" * x', 0, "str"),
        ('{"é": x for x in xs}', 0, "dict[str, int]"),
        ('n := len("é" + ü)', 0, "int"),
        ("n + 0.5", 0, "float"),
        ("await slow(1)", 0, "float"),
        ("slow(1)", 0, "typing.Coroutine[Any, Any, float]"),
        ("await asyncio.gather(slow(2), slow(3))", 0, "Tuple"),
        ("lambda each: each + 1", 0, "Callable"),
        ("each + 1", 0, "int"),
        ('[ü, "é"]', 0, "list[str]"),
        ("*range(3)", 0, "nothing"),
        ("range(3)", 0, "range"),
        ('f"ä{key}ö{twice(key)!r:>{n}} and {key / 2}"', 0, "str"),
        ("key / 2", 0, "float"),
        ("twice(key)", 0, "str"),
        ("maybe", 2, "str"),
        ("maybe", 3, "str"),
        ("numbers()", 1, "typing.AsyncIterator[int]"),
        ("xs or ü or n", 0, "list[int] | str | int"),
        ("env.task", 0, "Callable"),
    ],
)
def test_an_expression_is_found_by_its_span(
    program: Typed, text: str, nth: int, expected: str
) -> None:
    assert program.name_of(text, nth=nth) == expected


def test_a_place_without_an_expression_has_no_type(program: Typed) -> None:
    assert program.type_of("import flyte") is None
    assert program.type_of("ü = ") is None


def test_a_name_is_narrowed_where_it_was_tested(program: Typed) -> None:
    assert program.name_of("maybe", nth=1) == "str | None"


def test_faults_have_the_span_that_people_count(tmp_path: Path, mypy_cache: Path) -> None:
    found = typed(
        tmp_path,
        mypy_cache,
        HEAD + "@env.task\nasync def main(ü: int) -> str:\n    return 'äö' + str(ü + 'é')\n",
    )
    assert found.faults == [("operator", "'é'", False)]
