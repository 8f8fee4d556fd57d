"""The encoding, kind by kind: what differs, what doesn't, what comes back, what is refused."""

import dataclasses
import enum
import math
import struct
import sys
import threading
from collections import OrderedDict, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from decimal import Decimal
from functools import cached_property
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Generic, NamedTuple, TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

import pydantic
import pytest

from flyte_plan.encoding import (
    MAX_DEPTH,
    DecodeError,
    UnencodableError,
    canonical,
    decode,
    encode,
    is_immutable,
)

T = TypeVar("T")


class Color(enum.Enum):
    RED = 1
    BLUE = 2


class Level(enum.IntEnum):
    LOW = 1


class Word(enum.StrEnum):
    A = "a"


class Access(enum.Flag):
    READ = 1
    WRITE = 2


class Point(NamedTuple):
    x: int
    y: object


@dataclass
class Plain:
    a: object
    b: list[object] = field(default_factory=list)

    def __post_init__(self) -> None:
        Plain.made += 1

    @cached_property
    def length(self) -> int:
        return len(self.b)


Plain.made = 0  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Frozen(Generic[T]):
    a: T
    late: int = field(init=False, repr=False)


@dataclass
class ListLike(list[int]):
    a: int = 0


class Model(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="allow")
    a: int
    b: list[str] = []
    _hidden: int = pydantic.PrivateAttr(default=7)


class Root(pydantic.RootModel[list[int]]):
    pass


class Strange(tzinfo):
    pass


COLOR = f"{__name__}:Color"


def find_here(module: str, qualname: str) -> type | None:
    found = getattr(sys.modules[module], qualname, None) if module == __name__ else None
    return found if isinstance(found, type) else None


def there_and_back(value: object) -> object:
    stored = decode(encode(value), find_here)
    digested = decode(canonical(value), find_here)
    assert type(stored) is type(digested)
    return stored


DISTINCT = [
    [True, 1, 1.0, "1", b"1", Decimal(1), 1 + 0j, Level.LOW, Decimal("1.0")],
    [None, "", b"", 0, False, 0.0, -0.0, [], (), {}, set(), frozenset(), bytearray()],
    [["a", "b"], ("a", "b"), {"a", "b"}, [["a"], ["b"]], [["a", "b"]], {"a": "b"}, Point("a", "b")],
    [{1: 0}, {"1": 0}, {True: 0}, {1.0: 0}, {(1,): 0}, {None: 0}],
    ["é", "e\u0301", "\ud800", b"\xed\xa0\x80", "\ud800\udc00".encode("utf-16", "surrogatepass")],
    [2**70, float(2**70), -(2**70), 2**64, -(2**64) - 1],
    ["a", Word.A, Word],
    [Color.RED, Color.BLUE, 1, Level.LOW],
    [Access.READ, Access.WRITE, Access.READ | Access.WRITE, Access(0)],
    [range(3), range(0, 3, 2), [0, 1, 2], range(1)],
    [Plain(1), Plain(True), Plain(1, [1]), Model(a=1), {"a": 1, "b": []}],
    [Model(a=1), Model(a=1, b=[]), Model(a=1, c=2), Model(a=2)],
    [Path("a"), PurePosixPath("a"), PureWindowsPath("a"), "a"],
    [
        datetime(2026, 1, 1),
        datetime(2026, 1, 1, tzinfo=UTC),
        datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1))),
        datetime(2026, 1, 1, 1, tzinfo=timezone(timedelta(hours=1), "x")),
        datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")),
        datetime(2026, 1, 1, fold=1),
        date(2026, 1, 1),
        time(0),
        time(0, tzinfo=UTC),
        timedelta(0),
    ],
]


@pytest.mark.parametrize("values", DISTINCT, ids=lambda values: type(values[0]).__name__)
def test_values_that_differ_have_forms_that_differ(values: list[object]):
    values = [value for value in values if not isinstance(value, type)]
    assert len({canonical(value) for value in values}) == len(values)
    assert len({canonical([value]) for value in values}) == len(values)


@pytest.mark.parametrize(
    "value",
    [value for values in DISTINCT for value in values if not isinstance(value, type)]
    + [
        math.inf,
        5e-324,
        Decimal("-0.00"),
        Decimal("sNaN123"),
        Decimal("1E+9999"),
        UUID(int=7),
        timedelta(-1, 5, 7),
        complex(-0.0, math.inf),
        {"x": {1: {frozenset({"y"}): [Point(1, {"\udfff": 2})]}}},
        {"\udfff": "\ud800", "a": 1},
        Frozen((1, 2)),
        Plain(Color.RED, [Frozen(Access.READ)]),
        Root([1, 2]),
        Root([]),
        UTC,
    ],
    ids=lambda value: type(value).__name__,
)
def test_a_value_comes_back_as_it_was(value: object):
    again = there_and_back(value)
    assert type(again) is type(value)
    assert canonical(again) == canonical(value)
    assert repr(again) == repr(value) or isinstance(value, set | frozenset)


def test_every_nan_is_one_nan():
    other = struct.unpack(">d", bytes.fromhex("fff8000000000001"))[0]
    assert canonical(math.nan) == canonical(other)
    assert encode([math.nan]) == encode([other])
    assert canonical({math.nan: 1, other: 2}) == canonical({other: 2, math.nan: 1})
    assert len(there_and_back({math.nan: 1, other: 2})) == 2


def test_the_order_of_keys_is_stored_and_not_digested():
    for one, two in [({"b": 1, "a": 2}, {"a": 2, "b": 1}), ({2: 1, "a": 2}, {"a": 2, 2: 1})]:
        assert canonical(one) == canonical(two)
        assert encode(one) != encode(two)
        assert list(there_and_back(one)) == list(one)
        assert list(there_and_back([two])[0]) == list(two)


def test_the_canonical_form_is_pinned_for_ever():
    value = {"b": [1, 2.5, None], "a": (True, "é"), 3: {b"x"}}
    assert canonical(value).hex() == (
        "d9ea64 86 03 d9ea62 81 4178 6161 d9ea61 82 f5 62c3a9 6162 83 01 f94100 f6"
    ).replace(" ", "")
    assert canonical(Color.RED).hex() == (
        f"d9ea71 83 78{len(COLOR):02x} {COLOR.encode().hex()} 63 524544 01"
    ).replace(" ", "")


def test_decoding_runs_no_constructor():
    value = Plain(1, [2])
    assert value.length == 1
    before = Plain.made
    again = there_and_back(value)
    assert Plain.made == before
    assert again == value
    assert again.__dict__ == {"a": 1, "b": [2]}


def test_a_field_that_was_never_set_stays_unset():
    again = there_and_back(Frozen(1))
    assert not hasattr(again, "late")
    with pytest.raises(dataclasses.FrozenInstanceError):
        again.a = 2


def test_a_model_keeps_what_was_set_and_its_extra_and_private_parts():
    model = Model(a=1, c=[2])
    model._hidden = 8
    again = there_and_back(model)
    assert again == model
    assert again.model_fields_set == {"a", "c"}
    assert (again._hidden, again.c) == (8, [2])
    assert again.model_dump(exclude_unset=True) == {"a": 1, "c": [2]}


def test_the_main_module_is_written_under_its_real_name():
    def rename(module: str) -> str:
        return "shop.orders" if module == __name__ else module

    names = []
    decode(encode(Point(1, 2), module_name=rename), lambda *name: names.append(name) or Point)
    assert names == [("shop.orders", "Point")]


class Matrix:
    def __init__(self, rows: list[list[int]]) -> None:
        self.rows = rows


def test_the_caller_writes_values_that_are_foreign_to_the_encoding():
    def foreign(value: object) -> tuple[str, object] | None:
        return ("matrix", value.rows) if isinstance(value, Matrix) else None

    data = encode({"m": [Matrix([[1], [2]])], "p": Point(1, 2)}, foreign=foreign)
    again = decode(data, find_here, restore=lambda kind, rows: Matrix([[kind], *rows]))
    assert again["m"][0].rows == [["matrix"], [1], [2]]
    with pytest.raises(DecodeError, match="nothing restores values of the kind `matrix`"):
        decode(data, find_here)


@pytest.mark.parametrize(
    ("value", "message"),
    [
        (object(), "`object` has no encoding"),
        ([1, {"w": Plain(object())}], r"`object` has no encoding, in `\[1\]\['w'\]\.a`"),
        ({Point(1, 2): print}, r"has no encoding, in `\[<.*\.Point>\]`"),
        ({Point(1, len): 1}, r"in `\{key\}\.y`"),
        ({"a", Point(1, len)}, r"in `\{element\}\.y`"),
        ((1, threading.Lock()), r"`_thread\.lock` has no encoding, in `\[1\]`"),
        (OrderedDict(a=1), r"`collections\.OrderedDict` has no encoding"),
        (defaultdict(list), r"`collections\.defaultdict` has no encoding"),
        (type("Int", (int,), {})(3), "Int` has no encoding"),
        (ListLike(), "ListLike` has no encoding"),
        (Plain, "`type` has no encoding"),
        (datetime(2026, 1, 1, tzinfo=Strange()), "a time zone of type .*Strange` has no encoding"),
        (Model(a=1, c=len), r"in `\.model_extra\['c'\]`"),
    ],
)
def test_what_has_no_encoding_is_named_and_placed(value: object, message: str):
    for write in (encode, canonical):
        with pytest.raises(UnencodableError, match=message):
            write(value)


def test_a_value_that_contains_itself_is_refused():
    loop: list[object] = [1]
    loop.append({"again": loop})
    with pytest.raises(UnencodableError, match="or contains itself"):
        encode(loop)


def test_depth_is_bounded_and_never_a_crash():
    for wrap in (lambda v: [v], lambda v: (v,), lambda v: {1: v}, Frozen, lambda v: {"k": v}):
        value: object = 0
        for _ in range(MAX_DEPTH):
            value = wrap(value)
        assert canonical(there_and_back(value)) == canonical(value)
        with pytest.raises(UnencodableError, match=f"more than {MAX_DEPTH} levels deep"):
            encode(wrap(value))
    value = 0
    for _ in range(100_000):
        value = (value,)
    with pytest.raises(UnencodableError) as caught:
        canonical(value)
    assert len(str(caught.value)) < 200
    assert is_immutable(value)


def test_a_class_that_is_gone_or_has_changed_is_named():
    data = encode([Frozen(1)])
    with pytest.raises(DecodeError, match=r"the class `.*:Frozen` is not there"):
        decode(data, lambda module, qualname: None)
    with pytest.raises(DecodeError, match=r"the fields of `.*:Frozen` have changed"):
        decode(data, lambda module, qualname: Plain)
    with pytest.raises(DecodeError, match="is no longer a dataclass"):
        decode(data, lambda module, qualname: Color)
    with pytest.raises(DecodeError, match=r"Color` has no member `BLUE`"):
        decode(encode(Color.BLUE), lambda module, qualname: enum.Enum("Color", ["RED"]))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x81",
        b"\x01\x00",
        b"\xf7",
        bytes.fromhex("c11a514b67b0"),
        bytes.fromhex("a10102"),
        bytes.fromhex("d9ea61") + b"\x01",
        bytes.fromhex("d9ea64") + b"\x81\x01",
        bytes.fromhex("d9ea62") + b"\x81\x80",
        bytes.fromhex("d9ea68") + b"\x83\x00\x00\x00",
        bytes.fromhex("d9ea6e") + b"\x81\x61x",
        bytes.fromhex("d9ea73") + b"\x81\x01",
        bytes.fromhex("d9ea74") + b"\x80",
        bytes.fromhex("d9ea60") + b"\x01",
        bytes.fromhex("d9eaff") + b"\x80",
        b"\x81" * 5000 + b"\x01",
    ],
)
def test_malformed_bytes_give_an_error_of_ours(data: bytes):
    with pytest.raises(DecodeError):
        decode(data, find_here)


def test_scalars_and_tuples_of_them_may_be_shared():
    assert all(map(is_immutable, [None, True, 1, 1.5, "a", b"a", (), (1, ("a", frozenset({2})))]))
    assert not any(map(is_immutable, [[], {}, ([],), Level.LOW, Point(1, 2), set(), bytearray()]))
