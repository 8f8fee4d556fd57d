"""The encoding is injective and reversible, held against an equality written on its own."""

import math
import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from enum import Enum
from pathlib import PurePosixPath, PureWindowsPath
from typing import NamedTuple
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from flyte_plan.digest import digest, parse_digest, show_digest
from flyte_plan.encoding import DecodeError, canonical, decode, encode, is_immutable


class Side(Enum):
    LEFT = 1
    RIGHT = 2


class Pair(NamedTuple):
    one: object
    two: object


@dataclass(frozen=True)
class Box:
    content: object


@dataclass
class Crate:
    content: object


def find_here(module: str, qualname: str) -> type | None:
    found: type | None = getattr(sys.modules[module], qualname, None)
    return found


texts = st.text(st.characters(exclude_categories=()), max_size=4)
offsets = st.none() | st.just(UTC) | st.integers(-3, 3).map(lambda h: timezone(timedelta(hours=h)))
# Small ranges, so that two values are often equal, or nearly.
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.integers(),
    st.sampled_from([0.0, -0.0, 1.0, -1.0, 2.0, 0.1, math.inf, -math.inf, math.nan]),
    st.floats(),
    texts,
    texts.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.sampled_from([2**64, 2.0**64, 2**64 - 1, -(2**64), -(2**64) - 1]),
)
standard = st.one_of(
    st.sampled_from([Decimal(0), Decimal("-0"), Decimal("0.0"), Decimal(1), Decimal("NaN")]),
    st.sampled_from([PurePosixPath("a/b"), PureWindowsPath("a/b"), PurePosixPath("/a")]),
    st.sampled_from([Side.LEFT, Side.RIGHT, 0j, -0j, complex(1, math.nan), UUID(int=1)]),
    st.sampled_from([range(0), range(3), range(0, 3, 2), bytearray(b"a"), bytearray()]),
    st.dates(date(2026, 1, 1), date(2026, 1, 2)),
    st.sampled_from([time(0), time(1, fold=1), timedelta(0), timedelta(1), timedelta(0, 0, 1)]),
    st.builds(datetime, st.just(2026), st.just(1), st.integers(1, 2), tzinfo=offsets),
)
hashable = st.recursive(
    scalars | standard.filter(lambda value: not isinstance(value, bytearray)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(tuple),
        st.frozensets(inner, max_size=3),
        st.builds(Box, inner),
        st.builds(Pair, inner, inner),
    ),
    max_leaves=4,
)
values = st.recursive(
    scalars | standard,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(texts | hashable, inner, max_size=3),
        st.sets(hashable, max_size=3),
        hashable,
        st.builds(Box, inner),
        st.builds(Crate, inner),
        st.builds(Pair, inner, inner),
    ),
    max_leaves=8,
)


def same(a: object, b: object) -> bool:
    """Equal, of the same types, all the way down; every NaN is one, and zeros have signs."""
    if type(a) is not type(b):
        return False
    compare = SAME.get(type(a))
    return a == b if compare is None else compare(a, b)


def same_floats(a: float, b: float) -> bool:
    if math.isnan(a) or math.isnan(b):
        return math.isnan(a) and math.isnan(b)
    return a == b and math.copysign(1, a) == math.copysign(1, b)


def same_sequences(a: tuple[object, ...], b: tuple[object, ...]) -> bool:
    return len(a) == len(b) and all(map(same, a, b))


def same_bags(a: object, b: object) -> bool:
    """As sets of (typed) elements: each of one has its own partner in the other."""
    left, right = list(a), list(b)  # type: ignore[call-overload]
    for element in left:
        match = next((i for i, other in enumerate(right) if same(element, other)), None)
        if match is None:
            return False
        del right[match]
    return not right


def same_clocks(a: datetime, b: datetime) -> bool:
    return a.replace(tzinfo=None) == b.replace(tzinfo=None) and same_zones(a.tzinfo, b.tzinfo)


def same_zones(a: object, b: object) -> bool:
    return a == b and str(a) == str(b)


SAME: dict[type, Callable[..., bool]] = {
    float: same_floats,
    complex: lambda a, b: same_floats(a.real, b.real) and same_floats(a.imag, b.imag),
    list: same_sequences,
    tuple: same_sequences,
    Pair: same_sequences,
    set: same_bags,
    frozenset: same_bags,
    dict: lambda a, b: same_bags(a.items(), b.items()),
    Box: lambda a, b: same(a.content, b.content),
    Crate: lambda a, b: same(a.content, b.content),
    Decimal: lambda a, b: a.as_tuple() == b.as_tuple(),
    range: lambda a, b: (a.start, a.stop, a.step) == (b.start, b.stop, b.step),
    datetime: same_clocks,
    time: lambda a, b: (a, a.fold) == (b, b.fold),
}


@given(values, values)
def test_two_values_have_one_form_exactly_when_they_are_the_same(a: object, b: object):
    assert (canonical(a) == canonical(b)) is same(a, b)


@given(scalars | standard, scalars | standard)
def test_two_scalars_have_one_form_exactly_when_they_are_the_same(a: object, b: object):
    assert (canonical(a) == canonical(b)) is same(a, b)
    assert (canonical({"k": [a]}) == canonical({"k": [b]})) is same(a, b)


@given(values)
def test_a_value_comes_back_from_both_forms(value: object):
    stored = decode(encode(value), find_here)
    assert same(stored, value)
    assert same(decode(canonical(value), find_here), value)
    assert encode(stored) == encode(value)
    assert canonical(stored) == canonical(value)


@given(st.dictionaries(texts | hashable, values, max_size=5), st.randoms())
def test_the_order_of_keys_is_stored_and_not_digested(value: dict[object, object], random):
    pairs = list(value.items())
    random.shuffle(pairs)
    shuffled = dict(pairs)
    assert canonical(shuffled) == canonical(value)
    assert same(tuple(decode(encode(shuffled), find_here)), tuple(shuffled))


@given(values)
def test_only_what_nobody_can_change_is_shared(value: object):
    assert not is_immutable(value) or type(value) in {
        *(type(None), bool, int, float, str, bytes, tuple, frozenset)
    }
    assert not is_immutable((value, []))


@given(st.binary(max_size=40))
def test_any_bytes_give_a_value_or_an_error_of_ours(data: bytes):
    with suppress(DecodeError):
        decode(data, find_here)


@given(values, st.integers(0, 200), st.integers(1, 255))
def test_a_damaged_form_gives_a_value_or_an_error_of_ours(value: object, place: int, flip: int):
    data = bytearray(encode(value))
    data[place % len(data)] ^= flip
    with suppress(DecodeError):
        decode(bytes(data), lambda module, name: {"Box": Box, "Pair": Pair}.get(name))


fields = st.lists(st.binary(max_size=3), max_size=4)


@given(st.text(max_size=2), fields, st.text(max_size=2), fields)
def test_a_digest_is_injective_on_its_fields(
    tag: str, parts: list[bytes], other_tag: str, other_parts: list[bytes]
):
    equal = digest(tag, *parts) == digest(other_tag, *other_parts)
    assert equal is ((tag, parts) == (other_tag, other_parts))


@given(st.binary(min_size=32, max_size=32))
def test_the_text_of_a_digest_reads_back(value: bytes):
    assert parse_digest(show_digest(value)) == value
