"""The text form, edges and boundaries of hand-made graphs."""

from __future__ import annotations

import dataclasses

import pytest
from test_verify import N0, gather, graph, python, task

from flyte_compiler.ir.edges import Edge, edges, operand_type, tuple_elements
from flyte_compiler.ir.model import Constant, Input, Literal, NodeId, Output, RegionParameter
from flyte_compiler.ir.operands import Use, uses
from flyte_compiler.ir.text import print_graph, print_node, print_operand


def test_a_graph_prints_as_a_program_reads() -> None:
    whole = graph(
        task("n0", Input("p"), Literal("a")),
        python("n1", "v", a=N0),
        gather("n2", Output(NodeId("n1"), ("v",))),
        result=Output(NodeId("n2"), (0,)),
        parameters=("p",),
    )
    assert print_graph(whole) == (
        "task e.t(p)  # main.py:1\n"
        "  n0 = task e.t(x0=%p, x1='a') -> int\n"
        '  n1 = python [a=n0] "pass" -> (v)\n'
        "  n2 = gather [n1.v]\n"
        "  return n2[0]\n"
    )


def test_falling_off_the_end_is_not_returning_none() -> None:
    assert print_graph(graph()) != print_graph(graph(result=Literal(None)))


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (1, 1.0), ("1", 1), ("x", b"x"), (None, "None"), (0.0, -0.0)]
)
def test_literals_of_different_kinds_print_differently(one: Constant, other: Constant) -> None:
    assert print_operand(Literal(one)) != print_operand(Literal(other))


def test_line_breaks_and_quotes_in_sources_stay_on_one_line() -> None:
    node = dataclasses.replace(python("n0"), source='a = "x"\nb')
    assert print_node(node) == 'python [] "a = \\"x\\"\\nb" -> ()'


def test_uses_name_their_place() -> None:
    found = uses(graph(task("n0"), task("n1", N0), result=N0).body)
    assert found == {
        "n0": (
            Use(user=NodeId("n1"), name="x0", operand=N0),
            Use(user=None, name="return", operand=N0),
        ),
        "n1": (),
    }


def test_an_edge_carries_what_is_provided_and_what_is_expected() -> None:
    producer = dataclasses.replace(task("n0"), type="tuple[str, int]")
    consumer = dataclasses.replace(
        task("n1", Output(NodeId("n0"), (1,)), Input("p"), Literal(1)),
        input_types=("float", "str", "int"),
    )
    whole = graph(producer, consumer)
    region = dataclasses.replace(whole.body, parameters=(RegionParameter(name="p", type="str"),))
    assert edges(region) == (
        Edge(
            source=NodeId("n0"),
            path=(1,),
            target=NodeId("n1"),
            name="x0",
            provided="int",
            expected="float",
        ),
        Edge(
            source=Input("p"),
            path=(),
            target=NodeId("n1"),
            name="x1",
            provided="str",
            expected="str",
        ),
    )


def test_an_element_of_a_gather_has_its_calls_type() -> None:
    joined = dataclasses.replace(gather("n1", N0), return_exceptions=True)
    region = graph(task("n0"), joined).body
    assert operand_type(region, Output(NodeId("n1"), (0,))) == "int | BaseException"


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
