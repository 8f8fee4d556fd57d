"""Pictures in files: what is written, and what is said where nothing can be."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree

import pytest
from drawn_graphs import hello, hostile, program, wide

from flyte_compiler.emit import engine
from flyte_compiler.emit.dot import to_dot
from flyte_compiler.emit.draw import draw
from flyte_compiler.emit.engine import PictureError
from flyte_compiler.emit.mermaid import to_mermaid
from flyte_compiler.ir.model import TaskGraph

SVG = "{http://www.w3.org/2000/svg}"


def svg_texts(file: Path) -> list[str]:
    root = ElementTree.fromstring(file.read_bytes())
    assert root.tag == f"{SVG}svg"
    return [(text.text or "").replace("\xa0", " ").strip() for text in root.iter(f"{SVG}text")]


def test_an_svg_holds_the_names_the_signatures_and_the_types(tmp_path: Path) -> None:
    draw(program(), file=tmp_path / "p.svg")
    texts = svg_texts(tmp_path / "p.svg")
    for name in ("reports.main", "models.refine", "ingest", "try", "except OOMError", "list[Row]"):
        assert name in texts
    assert "● dynamic (1)" in texts
    assert "(shard: int) -> list[Row]" in texts


def test_an_svg_shows_hostile_text_as_it_is(tmp_path: Path) -> None:
    draw([hostile()], file=tmp_path / "p.svg")
    texts = svg_texts(tmp_path / "p.svg")
    assert '日本 <env>&"]>.main' in texts
    assert "训练🚀" in texts
    assert "Literal[']]>', '\\\\N']" in texts
    hints = re.findall('xlink:title="([^"]*)"', (tmp_path / "p.svg").read_text(encoding="utf-8"))
    assert any(r"end\n\N" in hint for hint in hints)


def test_an_svg_names_font_families_for_browsers(tmp_path: Path) -> None:
    draw([hello()], file=tmp_path / "p.svg")
    drawn = (tmp_path / "p.svg").read_text(encoding="utf-8")
    families = set(re.findall('font-family="[^"]*"', drawn))
    assert families == set(engine.FAMILIES.values())


@pytest.mark.parametrize("graphs", [[hello()], program(), [wide()], [hostile()]])
@pytest.mark.parametrize("suffix", [".svg", ".png", ".dot", ".mmd", ".html", ".json"])
def test_the_same_graphs_give_the_same_bytes(
    graphs: Sequence[TaskGraph], suffix: str, tmp_path: Path
) -> None:
    first, second = tmp_path / f"a{suffix}", tmp_path / f"b{suffix}"
    draw(graphs, file=first)
    draw(graphs, file=second)
    assert first.read_bytes() == second.read_bytes()


def test_a_png_is_one_and_an_upper_case_suffix_will_do(tmp_path: Path) -> None:
    draw([hello()], file=tmp_path / "p.PNG")
    drawn = (tmp_path / "p.PNG").read_bytes()
    assert drawn.startswith(b"\x89PNG\r\n\x1a\n")
    assert int.from_bytes(drawn[16:20], "big") > 300


def test_text_forms_are_written_as_they_are(tmp_path: Path) -> None:
    draw([hostile()], file=tmp_path / "p.dot")
    draw([hostile()], file=tmp_path / "p.mmd")
    assert (tmp_path / "p.dot").read_bytes().decode() == to_dot([hostile()])
    assert (tmp_path / "p.mmd").read_bytes().decode() == to_mermaid([hostile()])


def test_characters_without_a_width_are_no_noise(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    draw([hostile()], file=tmp_path / "p.svg")
    draw([hostile()], file=tmp_path / "p.png")
    assert capfd.readouterr() == ("", "")


def test_the_folder_of_a_picture_is_made(tmp_path: Path) -> None:
    draw([hello()], file=tmp_path / "new" / "folder" / "p.mmd")
    assert (tmp_path / "new" / "folder" / "p.mmd").exists()


@pytest.mark.parametrize(("name", "given"), [("p.jpeg", "`.jpeg`"), ("p", "no suffix")])
def test_an_unknown_suffix_is_told_the_known_ones(name: str, given: str, tmp_path: Path) -> None:
    with pytest.raises(PictureError) as raised:
        draw([hello()], file=tmp_path / name)
    assert given in str(raised.value)
    for suffix in (".svg", ".png", ".pdf", ".dot", ".mmd", ".html", ".json"):
        assert f"`{suffix}`" in str(raised.value)
    assert not list(tmp_path.iterdir())


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    for path in (tmp_path / "file" / "p.mmd", tmp_path):
        with pytest.raises(PictureError, match=r"can't be written|no suffix"):
            draw([hello()], file=path)
    folder = tmp_path / "folder.mmd"
    folder.mkdir()
    with pytest.raises(PictureError, match=r"folder\.mmd` can't be written: Is a directory"):
        draw([hello()], file=folder)


@pytest.fixture
def bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A machine without an engine; the folder that is alone on its PATH."""
    scripts = tmp_path / "scripts"
    scripts.mkdir()
    monkeypatch.setattr(sysconfig, "get_path", lambda _: str(tmp_path / "nowhere"))
    monkeypatch.setattr(sys, "executable", str(tmp_path / "nowhere" / "python"))
    monkeypatch.setenv("PATH", str(scripts))
    return scripts


def test_without_an_engine_the_way_to_get_one_is_named(bare: Path) -> None:
    with pytest.raises(PictureError, match="pip install graphviz-pure"):
        draw([hello()], file=bare / "p.svg")
    draw([hello()], file=bare / "p.dot")


def test_a_pdf_needs_a_dot_of_the_system(bare: Path) -> None:
    with pytest.raises(PictureError, match="Graphviz's own `dot` on PATH"):
        draw([hello()], file=bare / "p.pdf")


@pytest.mark.skipif(sys.platform == "win32", reason="writes a shell script")
def test_a_dot_of_the_system_is_asked_for_a_pdf(bare: Path) -> None:
    fake_program(bare / "dot", "printf '%%PDF for %s' \"$*\"")
    draw([hello()], file=bare / "p.pdf")
    assert (bare / "p.pdf").read_bytes() == b"%PDF for -Kdot -Tpdf"


@pytest.mark.skipif(sys.platform == "win32", reason="writes a shell script")
def test_what_an_engine_complains_of_last_is_shown(bare: Path) -> None:
    fake_program(bare / "graphviz-pure", "echo first >&2; echo 'out of ink' >&2; exit 3")
    with pytest.raises(PictureError, match="`graphviz-pure` failed: out of ink"):
        draw([hello()], file=bare / "p.svg")


@pytest.mark.skipif(sys.platform == "win32", reason="writes a shell script")
def test_an_engine_that_cannot_start_is_a_picture_error(bare: Path) -> None:
    fake_program(bare / "graphviz-pure", "", shell="/no/such/shell")
    with pytest.raises(PictureError, match="`graphviz-pure` could not be started"):
        draw([hello()], file=bare / "p.svg")


def fake_program(path: Path, body: str, shell: str = shutil.which("sh") or "sh") -> None:
    path.write_text(f"#!{shell}\n{body}\n")
    path.chmod(0o755)


def test_the_module_for_drawing_loads_no_graphviz() -> None:
    loaded = subprocess.run(
        [sys.executable, "-c",
         "import sys, flyte_compiler.emit.draw; print('graphviz' in sys.modules)"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert loaded.stdout == "False\n"
