"""DOT: its exact text for a small driver, and what it shows of larger ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from drawn_graphs import hello, hostile, nested, program, refine, wide

from flyte_compiler.emit.dot import to_dot
from flyte_compiler.emit.label import escape, tooltip
from flyte_compiler.ir.model import TaskGraph

GOLDEN = Path(__file__).parent / "hello.dot"


def test_a_small_driver_is_drawn_as_recorded() -> None:
    assert to_dot([hello()]) == GOLDEN.read_text(encoding="utf-8")


@pytest.mark.parametrize("graphs", [[hello()], program(), [wide()], [hostile()], []])
def test_the_same_graphs_give_the_same_text(graphs: list[TaskGraph]) -> None:
    assert to_dot(graphs) == to_dot(list(graphs))


def test_each_driver_has_a_cluster_and_a_call_of_it_is_linked() -> None:
    drawn = to_dot(program())
    for cluster in ("cluster_d0", "cluster_d1", "cluster_d2", "cluster_d3"):
        assert f"subgraph {cluster} {{" in drawn
    links = set(re.findall(r"-> \w+ \[.*lhead=(cluster_d\d)\b.*style=dotted", drawn))
    assert links == {"cluster_d1", "cluster_d2", "cluster_d3"}


def test_a_dynamic_node_says_why_and_what_it_may_call() -> None:
    drawn = to_dot([refine()])
    assert "a loop that calls `fit` and `score`" in drawn
    assert "may call fit, score" in drawn
    assert "● dynamic (1)" in drawn


def test_a_loop_and_a_map_are_clusters_inside_each_other() -> None:
    names = re.findall(r"subgraph (\w+)", to_dot([nested()]))
    assert names == ["cluster_d0", "cluster_d0_n1", "cluster_d0_n2_stack", "cluster_d0_n2"]


def test_a_label_escapes_all_that_the_engine_reads() -> None:
    assert escape("a<b>&\"']") == "a&lt;b&gt;&amp;&quot;&#x27;&#93;"
    assert escape("[x]") == "&#91;x&#93;"
    assert escape(r"\N") == r"\\N"
    assert escape("a\x00b") == "a\ufffdb"
    assert escape("    x") == "&#160;&#160;&#160;&#160;x"
    assert escape("") == "&#160;"


def test_a_tooltip_is_one_line_without_markup() -> None:
    assert tooltip("<a>\n  b\\N") == r"&lt;a&gt; b\\\\N"
