"""Mermaid: its exact text for small programs, and quoting."""

from __future__ import annotations

import re

from drawn_graphs import hello, hostile, nested

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
  end
  d0_p0 -->|"str"| d0_n0
  d0_n0 -->|"str"| d0_result
  subgraph environments["environments"]
    environment0("hello")
  end
  classDef look0 fill:#dbeafe,stroke:#2563eb,color:#1e3a8a
  class environment0,d0_n0 look0
  classDef look1 fill:#ffffff,stroke:#64748b,color:#0f172a
  class d0_p0,d0_result look1
"""
    )


def test_regions_are_nested_subgraphs() -> None:
    drawn = to_mermaid([nested()])
    assert re.findall(r"^( +)subgraph (d0\w*)", drawn, re.MULTILINE) == [
        ("  ", "d0"),
        ("    ", "d0_n1"),
        ("      ", "d0_n2"),
    ]
    assert drawn.count("  end\n") == 4


def test_user_text_ends_no_quote_and_starts_no_markup() -> None:
    drawn = to_mermaid([hostile()])
    for text in re.findall(r'"([^"\n]*)"', drawn):
        markup = re.sub(r"</?b>|<br/>", "", text)
        assert not set(markup) & set("<>&'`[]{}()|\\"), text
    assert all(line.count('"') in (0, 2) for line in drawn.splitlines())
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f]", drawn)
