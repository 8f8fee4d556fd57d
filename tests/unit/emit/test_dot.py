"""DOT: its exact text for a small driver, and what it shows of larger ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from drawn_graphs import callee, driver, hello, hostile, pipeline, program, python, refine, wide

from flyte_compiler.emit.dot import to_dot
from flyte_compiler.emit.label import escape, tooltip
from flyte_compiler.ir.model import Literal, TaskGraph

GOLDEN = Path(__file__).parent / "hello.dot"


def test_a_small_driver_is_drawn_as_recorded() -> None:
    assert to_dot([hello()]) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("graphs", [[hello()], program(), [wide()], [hostile()], []])
def test_the_same_graphs_give_the_same_text(graphs: list[TaskGraph]) -> None:
    assert to_dot(graphs) == to_dot(list(graphs))


def test_each_driver_has_a_cluster_and_an_unknown_callee_has_none() -> None:
    assert re.findall(r"subgraph (\w+)", to_dot(program())) == [
        "cluster_d0",
        "cluster_d1",
        "cluster_d2",
        "cluster_d3",
    ]
    assert "lhead" not in to_dot([pipeline()])


def test_a_call_of_a_drawn_driver_is_linked_to_its_cluster() -> None:
    links = re.findall(r"(\w+) -> \w+ \[.*lhead=(\w+)", to_dot(program()))
    assert links == [("d0_n0", "cluster_d1"), ("d0_n1", "cluster_d2"), ("d0_n5", "cluster_d3")]


def test_a_driver_that_calls_itself_is_not_linked_to_itself() -> None:
    assert "lhead" not in to_dot([refine()])


def test_a_driver_without_anything_still_has_a_picture() -> None:
    empty = driver(callee("e.nothing", "() -> None"), {}, [], None, "None")
    assert "d0_result" in to_dot([empty])


def test_a_dynamic_node_says_why_and_what_it_may_call() -> None:
    drawn = to_dot([refine()])
    assert "a loop that calls `fit` and `evaluate`" in drawn
    assert "may call fit, evaluate" in drawn
    assert "● dynamic (1)" in drawn
    assert 'style="filled,dashed"' in drawn


def test_what_no_value_ties_is_tied_to_what_stands_before_it() -> None:
    nodes = [python("n0", "print('a')"), python("n1", "print('b')")]
    graph = driver(callee("e.main", "()"), {}, [*nodes], Literal(1), "int")
    order = re.findall(r"(\w+) -> (\w+) \[.*style=dashed", to_dot([graph]))
    assert order == [("d0_n0", "d0_n1"), ("d0_n1", "d0_result")]


def test_a_label_escapes_all_that_the_engine_reads() -> None:
    assert escape("a<b>&\"']") == "a&lt;b&gt;&amp;&quot;&#x27;&#93;"
    assert escape("[x]") == "&#91;x&#93;"
    assert escape(r"\N") == r"\\N"
    assert escape("a\x00b") == "a\ufffdb"
    assert escape("    x") == "&#160;&#160;&#160;&#160;x"
    assert escape("") == "&#160;"


def test_a_tooltip_is_one_line_without_markup() -> None:
    assert tooltip("<a>\n  b\\N") == r"&lt;a&gt; b\\\\N"
