"""Text to values: what a command line gives a task, and what is said of a wrong one."""

from __future__ import annotations

import datetime
import decimal
import enum
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal, NamedTuple, Optional, TypedDict

import pydantic
import pytest

from flyte._json_values import to_json
from flyte._parameters import is_flag, read_text


class Color(enum.Enum):
    RED = "red"
    BLUE = 2


@dataclass
class Config:
    rate: float
    when: datetime.date | None = None
    inner: list[Config] | None = None


class Point(NamedTuple):
    x: int
    y: int = 0


class Row(TypedDict):
    name: str


class Model(pydantic.BaseModel):
    n: int


@pytest.mark.parametrize(
    ("annotation", "text", "value"),
    [
        (str, "null", "null"),
        (int, "-3", -3),
        (float, "3", 3.0),
        (float, "nan", pytest.approx(float("nan"), nan_ok=True)),
        (bool, "no", False),
        (Path, "a/b", Path("a/b")),
        (Color, "RED", Color.RED),
        (Color, "red", Color.RED),
        (Color, "2", Color.BLUE),
        (Literal["a", 1], "1", 1),
        (datetime.datetime, "2026-01-31T12:00:00", datetime.datetime(2026, 1, 31, 12)),
        (datetime.timedelta, "1:30:00", datetime.timedelta(minutes=90)),
        (datetime.timedelta, "90", datetime.timedelta(seconds=90)),
        (decimal.Decimal, "0.10", decimal.Decimal("0.10")),
        (Optional[int], "null", None),  # noqa: UP045 - both spellings are read
        (Optional[int], "3", 3),  # noqa: UP045 - both spellings are read
        (int | str, "3", 3),
        (str | int, "3", 3),
        (str | None, "null", None),
        (Annotated[int, "doc"], "3", 3),
        (Any, "[1]", [1]),
        (Any, "plain", "plain"),
        (list[float], "[1, 2.5]", [1.0, 2.5]),
        (Sequence[int], "[1]", [1]),
        (set[int], "[1, 1]", {1}),
        (tuple[int, str], '[1, "a"]', (1, "a")),
        (tuple[int, ...], "[1, 2]", (1, 2)),
        (dict[int, str], '{"1": "a"}', {1: "a"}),
        (Mapping[str, list[int]], '{"a": [1]}', {"a": [1]}),
        (dict, '{"a": 1}', {"a": 1}),
        (list[Color], '["RED", 2]', [Color.RED, Color.BLUE]),
        (Config, '{"rate": 1, "when": "2026-01-31"}', Config(1.0, datetime.date(2026, 1, 31))),
        (Config, '{"rate": 1, "inner": [{"rate": 2}]}', Config(1.0, None, [Config(2.0)])),
        (Config | None, '{"rate": 1}', Config(1.0)),
        (Point, '{"x": 1}', Point(1)),
        (Row, '{"name": "a"}', {"name": "a"}),
        (Model, '{"n": 1}', Model(n=1)),
    ],
)
def test_text_is_read_by_its_annotation(annotation: Any, text: str, value: object) -> None:
    read = read_text(annotation, text)
    assert read == value
    assert type(read) is type(value) or annotation is float


@pytest.mark.parametrize(
    ("annotation", "text", "message"),
    [
        (int, "x", "'x' is not of type `int`, such as `3`"),
        (bool, "maybe", "such as `true` or `false`"),
        (Color, "GREEN", "one of `red`, `2`, `RED`, `BLUE`"),
        (Literal["a", "b"], "c", "'c' is not of type `Literal['a', 'b']`: one of `a`, `b`"),
        (Optional[int], "x", "'x' is not of type `int`"),  # noqa: UP045 - as above
        (int | float, "x", "'x' is not of type `int | float`"),
        (list[int], "1,2", "is not of type `list[int]` written as JSON"),
        (list[int], '{"a": 1}', '{"a": 1} is not of type `list[int]`'),
        (list[int], '[1, "x"]', 'at `[1]`: "x" is not of type `int`'),
        (list[int], "[true]", "at `[0]`: true is not of type `int`"),
        (dict[str, int], '{"a": null}', "at `['a']`: null is not of type `int`"),
        (tuple[int, str], "[1]", "[1] is not of type `tuple[int, str]`"),
        (Config, '{"rat": 1}', "`Config` has no field `rat`; it has `rate`, `when`, `inner`"),
        (Config, "{}", "missing 1 required positional argument: 'rate'"),
        (Config, '{"rate": 1, "when": "soon"}', "at `when`: 'soon' is not of type `date`"),
        (Config, '{"rate": 1, "inner": [{"rate": "x"}]}', "at `inner[0].rate`"),
        (Model, '{"n": "x"}', "1 validation error for Model"),
        (object.__class__, "{}", "is not of type `type`"),
    ],
)
def test_a_wrong_text_says_where_and_what_is_expected(
    annotation: Any, text: str, message: str
) -> None:
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - the message is compared below
        read_text(annotation, text)
    assert message in str(raised.value)


def test_flags_are_bools() -> None:
    assert [is_flag(kind) for kind in (bool, bool | None, int, Annotated[bool, ""])] == [
        True,
        True,
        False,
        True,
    ]


def test_every_value_has_a_json_form() -> None:
    values = [
        Config(1.0, datetime.date(2026, 1, 31)),
        Color.BLUE,
        {1: (2, {3})},
        float("inf"),
        b"\x00",
        Path("a"),
        Point(1),
        Model(n=1),
        object,
    ]
    assert json.loads(json.dumps(to_json(values), allow_nan=False)) == [
        {"rate": 1.0, "when": "2026-01-31", "inner": None},
        2,
        {"1": [2, [3]]},
        "inf",
        "AA==",
        "a",
        {"x": 1, "y": 0},
        {"n": 1},
        "<class 'object'>",
    ]
