"""The page: one file, nothing from outside, and a layout without overlaps."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import pytest
from drawn_graphs import choose, etl, helped, hostile, program, recovered, wide

from flyte_compiler.emit.document import to_json
from flyte_compiler.emit.page import Material, to_html
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.source.text import SourceFile

NODE = shutil.which("node")
LAYOUT = resources.files("flyte_compiler.emit").joinpath("html", "layout.js")
CHECK = """
const Layout = require(process.argv[2]);
const data = JSON.parse(require("fs").readFileSync(0, "utf8"));
const faults = [];
for (const closed of [new Set(), Layout.firstClosed(data, 10)]) {
  const seen = Layout.lay(data, closed);
  const check = (items, around) => {
    items.forEach((a, i) => items.slice(i + 1).forEach((b) => {
      const apart = a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y;
      if (!apart) faults.push(`${a.id} overlaps ${b.id}`);
    }));
    for (const item of items) {
      const fits = !around || (item.x >= around.x && item.y >= around.y + around.head - 1 &&
        item.x + item.w <= around.x + around.w && item.y + item.h <= around.y + around.h);
      if (!fits) faults.push(`${item.id} is outside ${around.id}`);
      if (item.isRegion) check(item.items, item);
    }
  };
  check(seen.roots, null);
  for (const edge of seen.edges)
    if (!edge.points.flat().every(Number.isFinite)) faults.push(`${edge.source} goes nowhere`);
}
console.log(JSON.stringify(faults));
"""


class Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.scripts: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links.extend(v or "" for k, v in attrs if k in ("src", "href", "srcset", "data"))

    def handle_data(self, data: str) -> None:
        if self.tags and self.tags[-1] == "script":
            self.scripts.append(data)


def read(page: str) -> Reader:
    reader = Reader()
    reader.feed(page)
    return reader


def test_a_page_refers_to_nothing_outside() -> None:
    page = to_html(program())
    assert not read(page).links
    assert set(re.findall(r"https?://[^\"'\s]+", page)) == {"http://www.w3.org/2000/svg"}
    assert not re.search(r"@import|url\((?!#)|\bfetch\(|XMLHttp|@\w+@", page)


def test_user_text_does_not_end_the_script() -> None:
    page = to_html([hostile()])
    reader = read(page)
    assert reader.tags.count("script") == 3
    document = json.loads(reader.scripts[0])
    assert any("</script><!--" in line for node in document["nodes"] for line in node["lines"])


def test_a_node_shows_the_users_own_lines_and_its_digest() -> None:
    text = "\n" * 9 + "config = read_config(path)\n"
    source = SourceFile(path=Path("p.py"), module="p", text=text)
    material = Material(sources={Path("p.py"): source}, digests={"p:load": "abc"})
    document = json.loads(read(to_html([etl()], material)).scripts[0])
    assert document["sources"]["d0_n0"] == "config = read_config(path)"
    assert "abc" in document["digests"].values()


def test_a_document_refers_only_to_what_it_holds() -> None:
    document = json.loads(to_json(program()))
    regions = {region["id"] for region in document["regions"]}
    nodes = {node["id"] for node in document["nodes"]}
    assert {node["region"] for node in document["nodes"]} <= regions
    assert {region["parent"] for region in document["regions"]} <= regions | {None}
    assert {end for e in document["edges"] for end in (e["source"], e["target"])} <= nodes


@pytest.mark.skipif(NODE is None, reason="needs node to run the page's layout")
@pytest.mark.parametrize(
    "graphs", [[etl()], [choose()], [helped()], [recovered()], program(), [hostile()], [wide(300)]]
)
def test_the_layout_overlaps_nothing(graphs: list[TaskGraph], tmp_path: Path) -> None:
    assert NODE is not None
    check = tmp_path / "check.js"
    check.write_text(CHECK)
    ran = subprocess.run(
        [NODE, check, str(LAYOUT)],
        input=to_json(graphs),
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(ran.stdout) == []
