"""Mermaid: its exact text for small programs, and quoting."""

from __future__ import annotations

import re

from drawn_graphs import hello, hostile, program, refine, train

from flyte_compiler.emit.mermaid import to_mermaid


def test_a_small_driver_is_drawn_as_recorded() -> None:
    assert (
        to_mermaid([hello()])
        == """\
flowchart TD
  subgraph d0["<b>hello.main</b> compiled<br/>#40;name: str#41; -#62; str"]
    d0_p0(["<b>name</b><br/>str"])
    d0_n0("<b>greet</b><br/>#40;name: str#41; -#62; str")
    d0_result(["<b>return</b><br/>str"])
    d0_p0 -->|"str"| d0_n0
    d0_n0 -->|"str"| d0_result
  end
  subgraph environments["environments"]
    environment0("hello")
  end
  classDef look0 fill:#dbeafe,stroke:#2563eb,color:#1e3a8a
  class environment0,d0_n0 look0
  classDef look1 fill:#ffffff,stroke:#64748b,color:#0f172a
  class d0_p0,d0_result look1
"""
    )


def test_a_dynamic_driver_is_drawn_as_recorded() -> None:
    assert (
        to_mermaid([refine()])
        == """\
flowchart TD
  subgraph d0["<b>models.refine</b> dynamic #40;1#41;<br/>\
#40;model: Model, scores: dict#91;str, float#93;#41; -#62; Model"]
    d0_p0(["<b>model</b><br/>Model"])
    d0_p1(["<b>scores</b><br/>dict#91;str, float#93;"])
    d0_n0["<b>runs as Python</b><br/>a loop that calls #96;fit#96; and #96;evaluate#96;<br/>\
may call fit, evaluate"]
    d0_result(["<b>return</b><br/>Model"])
    d0_p0 -->|"Model"| d0_n0
    d0_p1 -->|"dict#91;str, float#93;"| d0_n0
    d0_n0 -->|"Model"| d0_result
  end
  subgraph environments["environments"]
    environment0("models")
  end
  classDef look0 fill:#dbeafe,stroke:#2563eb,color:#1e3a8a
  class environment0 look0
  classDef look1 fill:#ffffff,stroke:#64748b,color:#0f172a
  class d0_p0,d0_p1,d0_result look1
  classDef look2 fill:#fff7ed,stroke:#ea580c,color:#9a3412,stroke-dasharray:5 4
  class d0_n0 look2
"""
    )


def test_a_call_of_a_drawn_driver_points_at_its_subgraph() -> None:
    links = re.findall(r"^  (\w+) -\.-> (d\d)$", to_mermaid(program()), re.MULTILINE)
    assert links == [("d0_n0", "d1"), ("d0_n1", "d2"), ("d0_n5", "d3")]


def test_a_gather_is_a_small_join() -> None:
    assert 'd0_n2{{"<b>gather</b>"}}' in to_mermaid([train()])


def test_user_text_ends_no_quote_and_starts_no_markup() -> None:
    drawn = to_mermaid([hostile()])
    for text in re.findall(r'"([^"\n]*)"', drawn):
        markup = re.sub(r"</?b>|<br/>", "", text)
        assert not set(markup) & set("<>&'`[]{}()|\\"), text
    assert all(line.count('"') in (0, 2) for line in drawn.splitlines())
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", drawn)
