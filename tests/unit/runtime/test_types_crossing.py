"""Values that cross: each comes back as it was, whatever its type is."""

from __future__ import annotations

import collections
import datetime
import enum
import fractions
import math
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Generic, NamedTuple, TypeVar
from uuid import UUID

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pydantic
import pytest
from hypothesis import given
from hypothesis import strategies as st

import flyte.types
from flyte._engine.values import decode_value, encode_value, snapshot
from flyte._interface import Interface
from flyte._types.extensions import add, extension_of
from flyte_plan.encoding import DecodeError

T = TypeVar("T")


class Color(enum.Enum):
    RED = "red"
    BLUE = 2


@dataclass
class Pair(Generic[T]):
    left: T
    right: T


class Named(NamedTuple):
    number: int
    text: str


class Model(pydantic.BaseModel):
    number: int
    texts: list[str] = []


Typed = tuple[Any, st.SearchStrategy[Any]]

SCALARS: list[Typed] = [
    (int, st.integers()),
    (float, st.floats(allow_nan=False)),
    (str, st.text()),
    (bytes, st.binary()),
    (bool, st.booleans()),
    (None, st.none()),
    (datetime.datetime, st.datetimes()),
    (datetime.datetime, st.datetimes(timezones=st.timezones())),
    (datetime.date, st.dates()),
    (datetime.timedelta, st.timedeltas()),
    (Decimal, st.decimals(allow_nan=False)),
    (UUID, st.uuids()),
    (Color, st.sampled_from(Color)),
    (fractions.Fraction, st.fractions()),
    (complex, st.complex_numbers(allow_nan=False)),
    (Named, st.builds(Named, st.integers(), st.text())),
    (Model, st.builds(Model, number=st.integers(), texts=st.lists(st.text()))),
]
HASHABLE = [pair for pair in SCALARS if pair[0] is not Model]


def composed(inner: st.SearchStrategy[Typed]) -> st.SearchStrategy[Typed]:
    """An annotation made of another, with the values that it has."""
    keys = st.sampled_from(HASHABLE)
    return st.one_of(
        inner.map(lambda t: (list[t[0]], st.lists(t[1], max_size=4))),  # type: ignore[valid-type]
        inner.map(lambda t: (tuple[t[0], ...], st.lists(t[1], max_size=4).map(tuple))),  # type: ignore[valid-type]
        inner.map(lambda t: (t[0] | None if t[0] else None, st.none() | t[1])),
        inner.map(lambda t: (Pair[t[0]], st.builds(Pair, t[1], t[1]))),  # type: ignore[valid-type]
        keys.map(lambda t: (set[t[0]], st.sets(t[1], max_size=4))),  # type: ignore[valid-type]
        st.tuples(keys, inner).map(
            lambda p: (dict[p[0][0], p[1][0]], st.dictionaries(p[0][1], p[1][1], max_size=3))  # type: ignore[misc]
        ),
        st.tuples(inner, inner).map(
            lambda p: (tuple[p[0][0], p[1][0]], st.tuples(p[0][1], p[1][1]))  # type: ignore[misc]
        ),
    )


TYPED = st.recursive(st.sampled_from(SCALARS), composed, max_leaves=4).flatmap(
    lambda typed: st.tuples(st.just(typed[0]), typed[1])
)


@given(TYPED)
def test_a_value_of_its_type_fits_and_comes_back_as_it_was(typed: tuple[Any, Any]) -> None:
    annotation, value = typed

    def f(x: Any) -> None: ...

    f.__annotations__ = {"x": annotation}
    bound = Interface.of(f, owner="env.f").bind((value,), {})
    assert bound["x"] == value
    taken = snapshot(bound)
    again = taken.open()["x"]
    assert again == value
    assert type(again) is type(value)
    assert snapshot({"x": again}).digest == taken.digest
    assert not taken.has_pickles


@given(TYPED)
def test_a_value_in_the_place_of_another_type_is_refused(typed: tuple[Any, Any]) -> None:
    annotation, value = typed

    class Other: ...

    def f(x: Any) -> None: ...

    f.__annotations__ = {"x": list[annotation]}
    with pytest.raises(TypeError, match=r"`x\[1\]`"):
        Interface.of(f, owner="env.f").bind(([value, Other()],), {})


ARRAYS = [
    np.arange(6.0).reshape(2, 3),
    np.asfortranarray(np.arange(6, dtype=">i4").reshape(2, 3)),
    np.array(3),
    np.zeros((0, 3), dtype=np.float16),
    np.array(["a", "bc"]),
    np.array([(1, [2.0, 3.0])], dtype=[("a", "i4"), ("b", "f8", (2,))]),
    np.arange(10)[::-2],
    np.array(["2020-01-01"], dtype="M8[D]"),
    np.array([math.nan, -0.0]),
]


@pytest.mark.parametrize("array", ARRAYS, ids=lambda array: str(array.dtype))
def test_an_array_comes_back_with_its_kind_its_shape_and_its_bytes(array: Any) -> None:
    again: Any = decode_value(encode_value(array))
    assert (again.dtype, again.shape) == (array.dtype, array.shape)
    assert again.tobytes() == array.tobytes()
    assert again.flags.f_contiguous >= array.flags.f_contiguous
    assert again.flags.writeable


def test_arrays_of_other_shape_or_kind_have_other_digests() -> None:
    arrays = [
        np.zeros(4, dtype="i4"),
        np.zeros(2, dtype="i8"),
        np.zeros((2, 2), dtype="i4"),
        np.zeros(4, dtype="f4"),
    ]
    assert len({snapshot({"x": array}).digest for array in arrays}) == len(arrays)


@pytest.mark.parametrize("scalar", [np.float32(1.5), np.int64(3), np.bool_(True), np.str_("a")])
def test_a_numpy_scalar_comes_back_as_one(scalar: Any) -> None:
    again = decode_value(encode_value(scalar))
    assert again == scalar
    assert type(again) is type(scalar)


def test_an_array_is_checked_for_its_kind_of_number() -> None:
    def f(x: np.ndarray[tuple[int, ...], np.dtype[np.floating[Any]]]) -> None: ...

    f.__annotations__ = {"x": np.ndarray[tuple[int, ...], np.dtype[np.floating[Any]]]}
    interface = Interface.of(f, owner="env.f")
    array = np.zeros(3)
    assert interface.bind((array,), {})["x"] is array


FRAMES = {
    "columns": pd.DataFrame({"a": [1, 2], "b": ["x", None], "c": [1.5, math.nan]}),
    "zoned": pd.DataFrame({1: [1]}, index=pd.date_range("2020", periods=1, tz="Europe/Berlin")),
    "categories": pd.DataFrame({"a": pd.Categorical(["x", "y", "x"], ordered=True)}),
    "levels": pd.DataFrame(
        {"a": [1, 2]}, index=pd.MultiIndex.from_tuples([(1, "a"), (2, "b")], names=["n", None])
    ),
    "none": pd.DataFrame(),
    "objects": pd.DataFrame({"a": pd.Series([1, "x", (2,)], dtype=object)}),
    "numbers as objects": pd.DataFrame({"a": pd.Series([1, 2], dtype=object)}),
}


@pytest.mark.parametrize("name", FRAMES)
def test_a_pandas_frame_comes_back_as_it_was(name: str, tmp_path: Any, monkeypatch: Any) -> None:
    monkeypatch.setenv("FLYTE_STORE", str(tmp_path / "store"))
    again = decode_value(encode_value(FRAMES[name]))
    assert isinstance(again, pd.DataFrame)
    pd.testing.assert_frame_equal(again, FRAMES[name])


def test_frames_of_other_libraries_come_back_as_they_were() -> None:
    series = pd.Series([1, 2], name=("a", 1))
    pd.testing.assert_series_equal(decode_value(encode_value(series)), series)  # type: ignore[arg-type]
    frame = pl.DataFrame({"a": [1, None], "b": [["x"], []]})
    assert frame.equals(decode_value(encode_value(frame)))  # type: ignore[arg-type]
    table = pa.table({"a": [1, 2]})
    assert table.equals(decode_value(encode_value(table)))


@pytest.mark.parametrize(
    "value",
    [
        collections.OrderedDict(b=1, a=2),
        collections.Counter("aab"),
        collections.defaultdict(list, {"a": [1]}),
        collections.deque([1, 2], maxlen=3),
    ],
    ids=lambda value: type(value).__name__,
)
def test_other_containers_come_back_as_they_were(value: Any) -> None:
    taken = snapshot({"x": value})
    again: Any = taken.open()["x"]
    assert again == value
    assert type(again) is type(value)
    assert getattr(again, "maxlen", None) == getattr(value, "maxlen", None)
    assert not taken.has_pickles


def test_an_exception_crosses_and_keeps_its_identity() -> None:
    taken = snapshot({"x": [ValueError("no", 3)]})
    again: Any = taken.open()["x"]
    assert isinstance(again[0], ValueError)
    assert again[0].args == ("no", 3)
    assert snapshot({"x": again}).digest == taken.digest


class Matrix:
    def __init__(self, rows: list[list[int]]) -> None:
        self.rows = rows


def test_a_registered_type_crosses_by_its_own_encoding() -> None:
    flyte.types.register(Matrix, encode=lambda matrix: matrix.rows, decode=Matrix)
    taken = snapshot({"x": {"m": Matrix([[1]])}})
    again: Any = taken.open()["x"]
    assert again["m"].rows == [[1]]
    assert not taken.has_pickles
    assert snapshot({"x": {"m": Matrix([[2]])}}).digest != taken.digest


def test_what_identifies_a_value_may_be_less_than_what_is_written() -> None:
    class Noted(Matrix): ...

    flyte.types.register(
        Noted,
        encode=lambda noted: noted.rows,
        decode=Noted,
        identify=lambda noted: len(noted.rows),
    )
    assert snapshot({"x": Noted([[1]])}).digest == snapshot({"x": Noted([[2]])}).digest


def test_a_decoder_that_fails_is_named() -> None:
    class Fragile: ...

    def broken(_: object) -> Fragile:
        raise ZeroDivisionError("oh")

    flyte.types.register(Fragile, encode=lambda _: 1, decode=broken)
    with pytest.raises(DecodeError, match=r"Fragile` can't be read: oh"):
        decode_value(encode_value(Fragile()))


def test_a_kind_that_nobody_registered_says_what_to_do() -> None:
    class Forgotten: ...

    flyte.types.register(Forgotten, encode=lambda _: 1, decode=lambda _: Forgotten())
    written = encode_value(Forgotten())
    extension = extension_of(Forgotten)
    assert extension is not None
    altered = written.replace(b"Forgotten", b"Forgottem")
    with pytest.raises(DecodeError, match=r"flyte\.types\.register"):
        decode_value(altered)
    add(Forgotten, extension)


def test_only_classes_are_registered() -> None:
    with pytest.raises(TypeError, match="takes a class first"):
        flyte.types.register(3, encode=str, decode=str)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="`encode` of `Matrix` is not callable"):
        flyte.types.register(Matrix, encode=3, decode=Matrix)  # type: ignore[arg-type]
