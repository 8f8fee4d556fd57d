"""Uses, edges and boundaries of hand-made graphs."""

from __future__ import annotations

import pytest
from handmade import (
    DEFER,
    N0,
    N1,
    STOP,
    P,
    again,
    back,
    branch,
    call,
    cell,
    entered,
    expression,
    gather,
    give,
    graph,
    handler,
    helper,
    leave,
    loop,
    map_,
    out,
    pack,
    python,
    region,
    task,
    try_,
    wait,
    with_,
)

from flyte_compiler.ir.annotations import element_type, pack_type, tuple_elements
from flyte_compiler.ir.edges import Edge, edges, operand_type
from flyte_compiler.ir.leaves import PackKind
from flyte_compiler.ir.model import Collected, MapKind, TaskGraph
from flyte_compiler.ir.operands import Use, uses, uses_of_nodes
from flyte_compiler.ir.values import Literal, NodeId, Operand
from flyte_compiler.ir.walk import all_nodes

ONE = Literal(1)


def test_uses_name_their_place() -> None:
    found = uses_of_nodes(graph(task("n0"), task("n1", N0), back(N0)))
    assert found == {
        "n0": (
            Use(user=NodeId("n1"), name="x0", operand=N0),
            Use(user=None, name="return", operand=N0),
        )
    }


def test_what_a_region_hands_on_is_used_by_whoever_takes_it() -> None:
    whole = graph(
        loop(
            "n0",
            P,
            region(
                branch("n1", ONE, region(leave(t=ONE)), region(give())),
                branch("n2", ONE, region(back(P)), region(give(ONE, v=ONE))),
                again(t=ONE),
            ),
            orelse=region(branch("n3", ONE, region(STOP), region()), give(t=P)),
            t=ONE,
        ),
        helpers=(helper("h0", region(back(ONE))),),
    )
    assert [(use.user, use.name) for use in uses(whole)] == [
        ("n0", "<iterable>"),
        ("n0", "t"),
        ("n1", "<test>"),
        ("n0", "t"),
        ("n2", "<test>"),
        (None, "return"),
        ("n2", "v"),
        ("n2", "<value>"),
        ("n0", "t"),
        ("n3", "<test>"),
        ("n0", "t"),
        (None, "return"),
        ("h0", "return"),
    ]


def test_an_edge_carries_what_is_provided_and_what_is_expected() -> None:
    whole = graph(
        task("n0", type_="tuple[str, int]"),
        task("n1", out("n0", 1), P, ONE, expects=("float", "str", "int")),
        back(N1),
        result_type="int",
        p="str",
    )
    assert edges(whole) == (
        Edge(
            source=out("n0", 1),
            target=NodeId("n1"),
            name="x0",
            provided="int",
            expected="float",
        ),
        Edge(source=P, target=NodeId("n1"), name="x1", provided="str", expected="str"),
        Edge(source=N1, target=None, name="return", provided="int", expected="int"),
    )


def test_a_helpers_parameters_are_expected_of_its_calls_and_provided_inside() -> None:
    inside = helper("h0", region(back(entered("h0", "x"))), parameters=("x",), type_="float")
    found = edges(graph(call("n0", "h0", x=P), helpers=(inside,), p="int"))
    assert [(e.target, e.provided, e.expected) for e in found] == [
        ("n0", "int", "float"),
        ("h0", "float", None),
    ]


def test_an_option_that_is_called_as_an_argument_is_held_to_nothing() -> None:
    (edge, _) = edges(graph(task("n0", P, expects=("int",), overrides=(("x0", P),)), p="str"))
    assert edge.expected is None


def type_in(whole: TaskGraph, operand: Operand) -> str | None:
    scope = {node.id: node for node in all_nodes(whole)}
    return operand_type(scope, {p.name: p.type for p in whole.parameters}, operand)


TYPED = graph(
    task("n0", type_="int", start=DEFER),
    wait("n1", N0),
    pack("n2", PackKind.TUPLE, N1, P),
    gather("n3", N0, P, ex=Literal(True)),
    branch("n4", ONE, region(give(v=N1, w=N1)), region(give(v=ONE, w=Literal("")))),
    loop("n5", P, region(again(t=ONE)), t=ONE, collected=Collected.LIST, type_="list[int]"),
    map_("n6", MapKind.MAP, region(give(ONE)), P, N1),
    try_("n8", region(give(a=N1)), handler(region(give(b=ONE))), orelse=region(give(b=N1))),
    with_("n9", P, region(give(v=N1)), v=Literal("")),
    branch("n10", ONE, region(give(ONE)), region(give(N0)), type_="int | str"),
    pack("n11", PackKind.LIST, P, N1, unpacked=(0,)),
    expression("n12", "range(3)", "range"),
    loop("n13", out("n12"), region()),
    python("n14", "v = 1", "v"),
    p="list[str]",
)


@pytest.mark.parametrize(
    ("operand", "expected"),
    [
        (N0, None),
        (N1, "int"),
        (out("n2", 0), "int"),
        (out("n2", 1), "list[str]"),
        (out("n2", 2), None),
        (out("n3", 0), "int | BaseException"),
        (out("n3", 1), None),
        (out("n4", "v"), "int"),
        (out("n4", "w"), None),
        (entered("n5", "<element>"), "str"),
        (entered("n5", "t"), None),
        (out("n5", "<value>"), "list[int]"),
        (entered("n6", "<element>"), "str"),
        (entered("n6", "<element>1"), None),
        (entered("n8", "a"), "int"),
        (entered("n8", "<caught>"), None),
        (out("n8", "b"), "int"),
        (out("n9", "v"), None),
        (out("n10", "<value>"), "int | str"),
        (out("n11", 0), None),
        (out("n11", 1), None),
        (entered("n13", "<element>"), "int"),
        (out("n14", "v"), None),
        (cell("d", "v"), None),
        (entered("n99", "p"), None),
        (entered("h0", "p"), "list[str]"),
        (Literal(None), "None"),
        (Literal(True), "bool"),
    ],
)
def test_a_type_is_what_source_says(operand: Operand, expected: str | None) -> None:
    assert type_in(TYPED, operand) == expected


def test_a_variable_handed_through_a_thousand_branches_keeps_its_type() -> None:
    nodes = [branch("n0", ONE, region(give(v=P)), region(give(v=P)))]
    for number in range(1, 1000):
        before = out(f"n{number - 1}", "v")
        arms = region(give(v=before)), region(give(v=before))
        nodes.append(branch(f"n{number}", ONE, *arms))
    whole = graph(*nodes, back(out("n999", "v")), p="int")
    assert edges(whole)[-1].provided == "int"
    assert type_in(whole, out("n999", "v")) is None


@pytest.mark.parametrize(
    ("annotation", "elements"),
    [
        ("tuple[int, str]", ("int", "str")),
        ("Tuple[int]", ("int",)),
        ("typing.Tuple[list[int], 'X']", ("list[int]", "'X'")),
        ('"tuple[int, str]"', ("int", "str")),
        ("tuple[int, ...]", None),
        ("tuple[int, *Ts]", None),
        ("list[int]", None),
        ("tuple", None),
        ("not python", None),
        (None, None),
    ],
)
def test_only_a_tuple_of_known_length_has_elements(
    annotation: str | None, elements: tuple[str, ...] | None
) -> None:
    assert tuple_elements(annotation) == elements


@pytest.mark.parametrize(
    ("annotation", "element"),
    [
        ("list[int]", "int"),
        ("typing.AsyncIterator[dict[str, int]]", "dict[str, int]"),
        ("tuple[int, ...]", "int"),
        ("'set[str]'", "str"),
        ("range", "int"),
        ("tuple[int, str]", None),
        ("dict[str, int]", None),
        ("list", None),
        (None, None),
    ],
)
def test_iterating_gives_what_the_annotation_says(
    annotation: str | None, element: str | None
) -> None:
    assert element_type(annotation) == element


@pytest.mark.parametrize(
    ("kind", "elements", "whole"),
    [
        (PackKind.LIST, ("int", "str", "int"), "list[int | str]"),
        (PackKind.GATHER, ("int | BaseException", "str"), "list[int | str | BaseException]"),
        (PackKind.TUPLE, ("int", "str"), "tuple[int, str]"),
        (PackKind.DICT, ("str", "int", "str", "float"), "dict[str, int | float]"),
        (PackKind.LIST, ("int", None), None),
        (PackKind.LIST, (), None),
    ],
)
def test_a_pack_is_of_its_elements(
    kind: PackKind, elements: tuple[str | None, ...], whole: str | None
) -> None:
    assert pack_type(kind, elements) == whole
