"""Values at a boundary: what fits an annotation, what becomes a float, what is said of the rest."""

from __future__ import annotations

import collections
import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Generic,
    Literal,
    NamedTuple,
    NewType,
    NotRequired,
    Protocol,
    TypedDict,
    TypeVar,
)

import pytest

from flyte._engine.results import settle_result
from flyte._interface import Interface
from flyte.errors import RuntimeDataValidationError

T = TypeVar("T")
UserId = NewType("UserId", int)


class Color(enum.Enum):
    RED = 1


@dataclass
class Row:
    price: float
    children: list[Row] = field(default_factory=list)


@dataclass
class Box(Generic[T]):
    held: T


class Point(NamedTuple):
    x: int
    label: str | None


class Options(TypedDict):
    rate: float
    name: NotRequired[str]


class Closable(Protocol):
    def close(self) -> None: ...


def bind(annotation: object, value: object, default: object = None) -> object:
    def f(x: Any = default) -> None: ...

    f.__annotations__ = {"x": annotation}
    return Interface.of(f, owner="env.f").bind((value,), {})["x"]


def result(annotation: object, value: object) -> object:
    def f() -> None: ...

    f.__annotations__ = {"return": annotation}
    return settle_result(Interface.of(f, owner="env.f"), value)


FITS: list[tuple[object, object]] = [
    (int, True),
    (float, 1.5),
    (float, True),
    (complex, 1),
    (object, object),
    (Any, object()),
    (None, None),
    (Color, Color.RED),
    (Literal["a", 1], 1),
    (UserId, 3),
    (Annotated[int, "positive"], 3),
    (int | None, None),
    (int | str | float, 1),
    (float | int, 1),
    (list, ["anything", 1]),
    (list[Any], [1, "a"]),
    (list[list[int]], [[1], []]),
    (tuple, (1, "a")),
    (tuple[()], ()),
    (tuple[int, ...], (1, 2)),
    (tuple[int, str], (1, "a")),
    (set[str], {"a"}),
    (frozenset[int], frozenset({1})),
    (collections.deque[int], collections.deque([1])),
    (dict[tuple[int, int], list[str]], {(1, 2): ["a"]}),
    (Mapping[str, int], {"a": 1}),
    (Sequence[str], "text"),
    (Sequence[int], range(3)),
    (Iterator[int], [1]),
    (Callable[[int], int], abs),
    (Row, Row(1, [Row(2.5)])),
    (Box[int], Box(1)),
    (Box, Box("anything")),
    (Point, Point(1, None)),
    (Options, {"rate": 1.0}),
    (Closable, 3),
    (Path, Path("x")),
    ("Unresolved", 3),
    (T, 3),
    (type[int], int),
]


@pytest.mark.parametrize(("annotation", "value"), FITS)
def test_what_fits_is_left_as_it_is(annotation: object, value: object) -> None:
    assert bind(annotation, value) is value
    assert result(annotation, value) is value


@pytest.mark.parametrize(
    ("annotation", "value", "settled"),
    [
        (float, 1, 1.0),
        (float | None, 1, 1.0),
        (float | str, 1, 1.0),
        (list[float], [1, 2.5], [1.0, 2.5]),
        (tuple[float, ...], (1, 2), (1.0, 2.0)),
        (tuple[int, float], (1, 2), (1, 2.0)),
        (set[float], {1}, {1.0}),
        (dict[str, list[float]], {"a": [1]}, {"a": [1.0]}),
        (dict[float, str], {1: "a"}, {1.0: "a"}),
        (Options, {"rate": 1, "name": "x"}, {"rate": 1.0, "name": "x"}),
        (collections.deque[float], collections.deque([1], 3), collections.deque([1.0], 3)),
    ],
)
def test_an_int_becomes_a_float_in_a_copy(
    annotation: object, value: object, settled: object
) -> None:
    before = repr(value)
    made = bind(annotation, value)
    assert repr(made) == repr(settled)
    assert repr(value) == before
    assert repr(result(annotation, value)) == repr(settled)


def test_an_int_in_an_instance_stays_one() -> None:
    row = Row(1)
    assert bind(list[Row], [row]) == [row]
    assert type(row.price) is int


@pytest.mark.parametrize(
    ("annotation", "value", "fault"),
    [
        (int, 1.0, "`x`: expected `int`, given a `float`, 1.0"),
        (int, "1", "`x`: expected `int`, given a `str`, '1'"),
        (bool, 1, "`x`: expected `bool`, given a `int`, 1"),
        (str, b"a", "`x`: expected `str`, given a `bytes`, b'a'"),
        (bytes, bytearray(b"a"), "`x`: expected `bytes`"),
        (float, Decimal(1), "`x`: expected `float`, given a `decimal.Decimal`"),
        (None, 1, "`x`: expected `None`, given a `int`, 1"),
        (Literal["a", 1], True, "`x`: expected `Literal['a', 1]`, given a `bool`, True"),
        (Color, 1, "`x`: expected `Color`, given a `int`, 1"),
        (int | None, "a", "`x`: expected `int | None`, given a `str`, 'a'"),
        (list[int] | None, [1, "a"], "`x[1]`: expected `int`, given a `str`, 'a'"),
        (list[int], (1,), "`x`: expected `list[int]`, given a `tuple`, (1,)"),
        (list[list[int]], [[1], [2, "a"]], "`x[1][1]`: expected `int`"),
        (tuple[int, str], (1,), "`x`: expected `tuple[int, str]`, given a `tuple`, (1,)"),
        (tuple[int, str], (1, 2), "`x[1]`: expected `str`"),
        (set[int], {"a"}, "`x{element}`: expected `int`"),
        (dict[str, int], {"a": "b"}, "`x['a']`: expected `int`, given a `str`, 'b'"),
        (dict[str, int], {1: 1}, "`x{key}`: expected `str`, given a `int`, 1"),
        (Sequence[int], [1, "a"], "`x[1]`: expected `int`"),
        (list[Row], [Row(1), Row(1, [Row("?")])], "`x[1].children[0].price`: expected `float`"),  # type: ignore[arg-type]
        (Box[int], Box("a"), "`x.held`: expected `int`, given a `str`, 'a'"),
        (Point, Point(1, 2), "`x.label`: expected `str | None`"),  # type: ignore[arg-type]
        (Point, (1, None), "`x`: expected `Point`, given a `tuple`"),
        (Options, {"name": "x"}, "given a `dict`, {'name': 'x'}, which has no `rate`"),
        (Options, {"rate": "x"}, "`x['rate']`: expected `float`"),
        (Row, {"price": 1}, "`x`: expected `Row`, given a `dict`"),
    ],
)
def test_a_wrong_value_is_named_with_its_place(
    annotation: object, value: object, fault: str
) -> None:
    with pytest.raises(TypeError) as raised:
        bind(annotation, value)
    assert str(raised.value).startswith("in task `env.f`, `x")
    assert fault in str(raised.value)
    with pytest.raises(RuntimeDataValidationError) as returned:
        result(annotation, value)
    assert fault.replace("`x", "`result", 1) in str(returned.value)


def test_a_default_is_taken_as_its_author_wrote_it() -> None:
    def f(x: int = None) -> None: ...  # type: ignore[assignment]  # noqa: RUF013 - the point

    interface = Interface.of(f, owner="env.f")
    assert interface.bind((), {}) == {"x": None}
    with pytest.raises(TypeError, match="expected `int`"):
        interface.bind(("a",), {})


def test_a_coroutine_in_a_list_is_said_not_to_be_awaited() -> None:
    async def call() -> int:
        return 1

    with pytest.raises(TypeError, match=r"`x\[0\]`.*the call that made it isn't awaited"):
        bind(list[int], [call()])


def test_a_value_that_cannot_be_shown_is_still_refused() -> None:
    class Broken:
        def __repr__(self) -> str:
            raise RuntimeError

    with pytest.raises(TypeError, match="expected `int`, given a"):
        bind(int, Broken())


def test_a_long_value_is_shown_in_part() -> None:
    with pytest.raises(TypeError) as raised:
        bind(int, "x" * 10_000)
    assert len(str(raised.value)) < 300


def test_a_list_in_itself_is_left_to_the_encoding() -> None:
    value: list[Any] = []
    value.append(value)

    def f(x: Nested) -> None: ...

    assert Interface.of(f, owner="env.f").bind((value,), {})["x"] is value


Nested = list["Nested"]  # type: ignore[misc]  # a cycle, for that test


def test_a_result_that_is_not_declared_is_not_checked() -> None:
    def f(): ...  # type: ignore[no-untyped-def]

    value = object()
    assert settle_result(Interface.of(f, owner="env.f"), value) is value
