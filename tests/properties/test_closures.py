"""Every token of some programs edited: the digest changes just where the task reaches it.

Which lines the task reaches is written beside them, in `closure_programs`. All edits of layout
are made with HYPOTHESIS_PROFILE=nightly, else one in ten.
"""

import os
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from pathlib import Path

import pytest
from closure_mutations import Edit, is_valid, layout_edits, token_edits
from closure_programs import Program
from closure_programs_more import PROGRAMS
from hypothesis import assume, given
from hypothesis import strategies as st

from flyte_plan.closure import Sources, closure_of

IS_THOROUGH = os.environ.get("HYPOTHESIS_PROFILE") == "nightly"
LAYOUT_EVERY = 1 if IS_THOROUGH else 10


class Written:
    """A program on disk, of which one file may be another for a moment."""

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.name, self.files = name, PROGRAMS[name]
        for file, text in self.files.items():
            path = folder / file
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)

    def digest(self, edited: Mapping[str, str]) -> bytes:
        """The digest with other texts in some files; nothing where there is no task any more."""
        for file, text in edited.items():
            (self.folder / file).write_text(text)
        try:
            return closure_of("app", "main", Sources(roots=(self.folder,))).digest
        except LookupError:
            return b""
        finally:
            for file in edited:
                (self.folder / file).write_text(self.files[file])

    def wrong(self, edits: Iterable[tuple[str, Edit]]) -> list[str]:
        """The edits that do what they shouldn't."""
        before, wrong = self.digest({}), []
        for file, edit in edits:
            source = self.files[file]
            after = self.digest({file: edit.apply(source)})
            if (after != before) is not edit.counts:
                line = source.count("\n", 0, edit.start) + 1
                old = source[edit.start : edit.end][:40]
                should = "should count" if edit.counts else "shouldn't count"
                wrong.append(f"{file}:{line}: `{old}` as `{edit.text[:40]}` {should}")
        return wrong


def token_edits_of(files: Program) -> Iterator[tuple[str, Edit]]:
    return ((file, edit) for file, text in files.items() for edit in token_edits(text))


def layout_edits_of(files: Program) -> Iterator[tuple[str, Edit]]:
    return ((file, edit) for file, text in files.items() for edit in layout_edits(text))


PINNED = """
helpers 91e3ef7d0eb7
packages c780134c466d
stars 36f9a025cc67
classes 4ee67668a4c2
conditions 34301547ce0b
decorators 4a34ed6de848
tasks ab57ec4c6835
annotations f7b9884a060f
matches cf27e4be81ce
syntax f4b657b91f8d
changes 68a2e94fdb03
widened 3ec4675ad184
local imports 9c842babc10e
cycles 7009c41d74a7
registries 285f4220d39f
"""


@pytest.fixture(params=PROGRAMS)
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Written:
    """One of the programs."""
    return Written(tmp_path, request.param)


def test_a_token_counts_where_it_is_reached_and_only_there(program: Written):
    wrong = program.wrong(token_edits_of(program.files))
    assert not wrong, "\n".join(wrong)


def test_layout_and_words_never_count(program: Written):
    wrong = program.wrong(islice(layout_edits_of(program.files), 0, None, LAYOUT_EVERY))
    assert not wrong, "\n".join(wrong)


def test_there_are_enough_edits_of_every_kind():
    tokens = [edit for files in PROGRAMS.values() for _, edit in token_edits_of(files)]
    counting = sum(edit.counts for edit in tokens)
    assert len(PROGRAMS) >= 12
    assert counting >= 1_000
    assert len(tokens) - counting >= 300
    assert len(tokens) >= 1_700


@cache
def edits_of(name: str, file: str) -> list[Edit]:
    source = PROGRAMS[name][file]
    return [*token_edits(source), *list(layout_edits(source))[2:]]


def together(source: str, edits: list[Edit]) -> tuple[str, bool]:
    """A text with several edits, those left out that meet another, and whether one counts."""
    counts, first = False, len(source) + 1
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end), reverse=True):
        if edit.end < first:
            source, counts, first = edit.apply(source), counts or edit.counts, edit.start
    return source, counts


@given(st.data())
def test_several_edits_count_if_one_of_them_does(data: st.DataObject):
    name = data.draw(st.sampled_from([*PROGRAMS]))
    edited, counts = {}, False
    for file, source in PROGRAMS[name].items():
        edits = data.draw(st.lists(st.sampled_from(edits_of(name, file)), max_size=3))
        edited[file], counted = together(source, edits)
        assume(is_valid(edited[file]))
        counts = counts or counted
    with tempfile.TemporaryDirectory() as folder:
        program = Written(Path(folder), name)
        assert (program.digest(edited) != program.digest({})) is counts


def test_an_edit_changes_the_parts_that_it_is_in(tmp_path: Path):
    program = Written(tmp_path, "helpers")
    sources = Sources(roots=(tmp_path,))
    before = {part.name: part.digest for part in closure_of("app", "main", sources).parts}
    (tmp_path / "app.py").write_text(program.files["app.py"].replace("return x * RATE", "return x"))
    sources = Sources(roots=(tmp_path,))
    after = {part.name: part.digest for part in closure_of("app", "main", sources).parts}
    assert {name for name in before if before[name] != after.get(name)} == {"app:scale", "app:RATE"}


def test_digests_are_the_same_under_every_python(program: Written):
    pinned = dict(line.rsplit(" ", 1) for line in PINNED.strip().splitlines())
    assert program.digest({}).hex()[:12] == pinned[program.name]
