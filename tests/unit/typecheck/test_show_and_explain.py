"""How types are shown, and why one doesn't go where another is declared."""

from __future__ import annotations

import pytest

from flyte_compiler.callgraph.build import build_call_graph
from flyte_compiler.typecheck.annotations.known import FLOAT, INT, STR, known_class
from flyte_compiler.typecheck.annotations.oracle import AnnotationsOracle
from flyte_compiler.typecheck.explain import Mismatch, PartKind, Reason, explain
from flyte_compiler.typecheck.model import (
    AnyType,
    CallableType,
    ClassType,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    UnionType,
)
from flyte_compiler.typecheck.show import show, show_apart

NONE = NoneType()
ANY = AnyType()
ORACLE = AnnotationsOracle(build_call_graph({}))
ERROR = ClassType(name="builtins.Exception", bases=("builtins.BaseException",))


def list_of(element: Type) -> ClassType:
    return known_class("builtins.list", element)


def either(*members: Type) -> UnionType:
    return UnionType(members=members)


def explained(provided: Type, expected: Type) -> Mismatch:
    found = explain(provided, expected, ORACLE)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (INT, "int"),
        (list_of(STR), "list[str]"),
        (either(NONE, ClassType(name="app.Row")), "Row | None"),
        (CallableType(text="def (x: builtins.int) -> app.Row"), "def (x: int) -> Row"),
        (known_class("builtins.tuple", INT), "tuple[int, ...]"),
        (TupleType(items=()), "tuple[()]"),
        (
            either(LiteralType(value="'a'", of=STR), INT, LiteralType(value="'b'", of=STR)),
            "Literal['a', 'b'] | int",
        ),
    ],
)
def test_a_type_is_shown_as_it_would_be_written(shown: Type, text: str) -> None:
    assert show(shown) == text


def test_two_types_of_one_name_are_told_apart_by_their_modules() -> None:
    one, other = ClassType(name="a.Row"), ClassType(name="b.Row")
    assert show_apart(one, other) == ("a.Row", "b.Row")
    assert show_apart(one, one) == ("Row", "Row")
    assert show_apart(list_of(one), INT) == ("list[Row]", "int")


@pytest.mark.parametrize(
    ("provided", "expected", "reason"),
    [
        (STR, INT, Reason.OTHER_TYPE),
        (FLOAT, INT, Reason.OTHER_TYPE),
        (NONE, INT, Reason.NONE),
        (known_class("typing.Coroutine", ANY, ANY, INT), INT, Reason.NOT_AWAITED),
        (CallableType(text="def f"), INT, Reason.NOT_CALLED),
        (known_class("typing.Generator", INT, NONE, NONE), list_of(INT), Reason.NOT_COLLECTED),
        (INT, list_of(INT), Reason.SINGLE),
        (TupleType(items=(INT,)), TupleType(items=(INT, INT)), Reason.LENGTH),
    ],
)
def test_the_reason_is_named(provided: Type, expected: Type, reason: Reason) -> None:
    found = explained(provided, expected)
    assert (found.reason, found.path, found.is_partial) == (reason, (), False)


@pytest.mark.parametrize(
    ("provided", "reason"),
    [
        (either(INT, NONE), Reason.MAYBE_NONE),
        (either(INT, ERROR), Reason.MAYBE_ERROR),
        (either(INT, STR), Reason.SOME_MEMBERS),
    ],
)
def test_a_union_that_fits_in_part_says_which_part_does_not(
    provided: UnionType, reason: Reason
) -> None:
    found = explained(provided, INT)
    assert (found.reason, found.is_partial) == (reason, True)
    assert found.provided == provided.members[1]


def test_a_union_of_which_nothing_fits_is_no_partial_one() -> None:
    assert not explained(either(STR, NONE), INT).is_partial


def test_the_path_leads_to_the_part() -> None:
    table = known_class("builtins.dict", STR, list_of(STR))
    wanted = known_class("builtins.dict", STR, list_of(INT))
    found = explained(table, wanted)
    assert [each.kind for each in found.path] == [PartKind.VALUE, PartKind.ELEMENT]
    assert (found.provided, found.expected) == (STR, INT)


def test_the_item_of_a_tuple_is_numbered_from_one() -> None:
    found = explained(TupleType(items=(INT, STR)), TupleType(items=(INT, INT)))
    assert [(each.kind, each.name) for each in found.path] == [(PartKind.ITEM, "2")]


@pytest.mark.parametrize(
    ("provided", "expected"),
    [
        (INT, FLOAT),
        (list_of(INT), list_of(FLOAT)),
        (list_of(ANY), list_of(STR)),
        (list_of(INT), known_class("typing.Sequence", INT)),
        (STR, LiteralType(value="'a'", of=STR)),
        (ClassType(name="somewhere.Frame"), INT),
        (INT, either(STR, NONE, INT)),
    ],
)
def test_what_fits_and_what_is_not_known_is_not_explained(provided: Type, expected: Type) -> None:
    assert explain(provided, expected, ORACLE) is None
