"""Interfaces: what a task takes and gives, and what is said of a call that doesn't fit."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal, NoReturn, Optional

import pytest

from flyte._interface import Interface

if TYPE_CHECKING:
    from nowhere import Unknown  # type: ignore[import-not-found]


def interface(function: object) -> Interface:
    return Interface.of(function, owner="env.f")  # type: ignore[arg-type]


def plain(name: str, n: int = 1) -> str:
    return name * n


def floats(x: float, y: float | None = None, z: int = 1, flag: float = 0) -> None: ...


@pytest.mark.parametrize(
    ("args", "kwargs", "fault"),
    [
        ((), {"nam": "x"}, "no parameter is called `nam`; did you mean `name`?"),
        ((), {"nam": "x"}, "missing argument `name`"),
        (("x",), {"name": "y"}, "argument `name` is given twice, by position and by keyword"),
        (("x", 1, 2), {}, "takes at most 2 positional arguments, 3 given"),
        ((), {}, "it is `env.f(name: str, n: int = 1) -> str`"),
        (("x",), {"y": 1, "z": 2}, "no parameter is called `y`; no parameter is called `z`"),
    ],
)
def test_every_fault_of_a_call_is_named(
    args: tuple[object, ...], kwargs: dict[str, object], fault: str
) -> None:
    with pytest.raises(TypeError) as raised:
        interface(plain).bind(args, kwargs)
    assert str(raised.value).startswith("task `env.f`: ")
    assert fault in str(raised.value)


def test_a_positional_only_parameter_given_by_keyword_is_named() -> None:
    def f(a: int, /) -> None: ...

    with pytest.raises(TypeError, match="argument `a` is positional only"):
        interface(f).bind((), {"a": 1})


def test_an_int_for_a_float_becomes_a_float_and_a_bool_does_not() -> None:
    bound = interface(floats).bind((1, 2), {"z": 3, "flag": True})
    assert bound == {"x": 1.0, "y": 2.0, "z": 3, "flag": True}
    assert [type(value) for value in bound.values()] == [float, float, int, bool]


def test_an_int_default_of_a_float_becomes_a_float_too() -> None:
    assert type(interface(floats).bind((1,), {})["flag"]) is float


def test_an_int_beyond_every_float_stays_one() -> None:
    assert interface(floats).bind((10**400,), {})["x"] == 10**400


def test_an_annotation_that_cannot_be_resolved_fails_nothing() -> None:
    def f(a: Unknown, b: float) -> str: ...  # type: ignore[empty-body]

    read = interface(f)
    assert read.annotations["a"] == "Unknown"
    assert read.bind((1, 2), {}) == {"a": 1, "b": 2.0}
    assert read.describe() == "(a: Unknown, b: float) -> str"


@pytest.mark.parametrize(
    ("result", "names"),
    [
        (None, ()),
        (NoReturn, ()),
        (int, ("o0",)),
        (list[int], ("o0",)),
        (tuple[int, str], ("o0", "o1")),
        (tuple[int, ...], ("o0",)),
        (Annotated[tuple[int, int], "x"], ("o0", "o1")),
    ],
)
def test_outputs_are_named_by_the_result(result: object, names: tuple[str, ...]) -> None:
    def f(): ...  # type: ignore[no-untyped-def]

    f.__annotations__["return"] = result
    assert interface(f).output_names == names


def test_a_result_that_is_not_declared_is_not_thrown_away() -> None:
    assert interface(lambda x: x).output_names == ("o0",)


def test_variable_parameters_are_refused_at_definition() -> None:
    with pytest.raises(ValueError, match=r"task `env.f` has a variable parameter `\*\*options`"):
        interface(lambda **options: options)


def test_a_description_shows_every_kind_of_parameter() -> None:
    def f(a: int, /, b: Optional[str] = None, *, c: Literal["x", "y"] = "x", d=3) -> None: ...  # type: ignore[no-untyped-def]  # noqa: UP045

    expected = "(a: int, /, b: str | None = None, *, c: Literal['x', 'y'] = 'x', d=3) -> None"
    assert interface(f).describe() == expected


class Report: ...


def test_a_digest_text_names_main_by_its_real_module() -> None:
    def f(report: Report) -> list[Report]: ...  # type: ignore[empty-body]

    here = interface(f).digest_text(main="unused")
    Report.__module__ = "__main__"
    try:
        as_script = interface(f).digest_text(main=__name__)
    finally:
        Report.__module__ = __name__
    assert here == as_script


def test_a_default_is_not_in_the_digest_text() -> None:
    def f(n: int = 1) -> None: ...
    def g(n: int = 2) -> None: ...

    assert interface(f).digest_text(main="m") == interface(g).digest_text(main="m")
