"""Facts on disk: what is kept, what isn't trusted, and that nothing depends on them."""

import multiprocessing
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from closure_cases import EVERY_SYNTAX, PROGRAM, write

from flyte_plan.closure import Closure, Sources, closure_of
from flyte_plan.closure.sources import ModuleSource

FUNCTIONS = ("app:main", "app:child", "syntax:main", "syntax:f")


@pytest.fixture
def program(tmp_path: Path) -> Path:
    """A program on disk."""
    write(tmp_path / "program", {**PROGRAM, "syntax.py": EVERY_SYNTAX})
    return tmp_path / "program"


def closures(program: Path, cache: Path | None) -> list[Closure]:
    """Of all functions, as a new process would compute them."""
    sources = Sources(roots=(program,), cache=cache)
    return [closure_of(*function.split(":"), sources) for function in FUNCTIONS]


def parsed(program: Path, cache: Path) -> list[str]:
    """The modules that had to be parsed for all closures."""
    sources = Sources(roots=(program,), cache=cache)
    for function in FUNCTIONS:
        closure_of(*function.split(":"), sources)
    modules = ("app", "lib", "lib.inner", "lib.shapes", "lib.base", "lib.table", "syntax")
    found = map(sources.module, modules)
    return [each.name for each in found if isinstance(each, ModuleSource) and "tree" in vars(each)]


def entries(cache: Path) -> Iterator[Path]:
    return (cache / "closures").iterdir()


def test_closures_are_the_same_with_and_without_a_cache(program: Path, tmp_path: Path):
    plain = closures(program, None)
    assert closures(program, tmp_path / "cache") == plain
    assert closures(program, tmp_path / "cache") == plain


def test_nothing_is_parsed_again_but_what_was_edited(program: Path, tmp_path: Path):
    cache = tmp_path / "cache"
    assert "app" in parsed(program, cache)
    assert parsed(program, cache) == []
    (program / "lib/table.py").write_text("ROWS = [2]\n\ndef look_up(i):\n    return ROWS[i]\n")
    assert parsed(program, cache) == ["lib.table"]
    assert closures(program, cache) == closures(program, None)


def test_more_facts_of_a_known_file_are_kept_too(program: Path, tmp_path: Path):
    cache = tmp_path / "cache"
    closure_of("app", "child", Sources(roots=(program,), cache=cache))
    closure_of("app", "main", Sources(roots=(program,), cache=cache))
    closures(program, cache)
    assert parsed(program, cache) == []


def test_a_file_that_is_no_python_is_known_without_parsing(program: Path, tmp_path: Path):
    (program / "lib/table.py").write_text("def (")
    cache = tmp_path / "cache"
    plain = closures(program, None)
    assert closures(program, cache) == plain
    assert "lib.table" not in parsed(program, cache)
    assert closures(program, cache) == plain


@pytest.mark.parametrize("damage", [b"", b"x", bytes(200)])
def test_a_damaged_entry_is_passed_over_and_replaced(program: Path, tmp_path: Path, damage: bytes):
    cache = tmp_path / "cache"
    plain = closures(program, cache)
    for entry in entries(cache):
        entry.write_bytes(damage)
    assert closures(program, cache) == plain
    assert parsed(program, cache) == []


def test_a_flipped_bit_in_an_entry_is_noticed(program: Path, tmp_path: Path):
    cache = tmp_path / "cache"
    plain = closures(program, cache)
    for entry in entries(cache):
        content = bytearray(entry.read_bytes())
        for place in range(0, len(content), 97):
            content[place] ^= 1
            entry.write_bytes(content)
            content[place] ^= 1
        assert closures(program, cache) == plain


def test_a_cache_that_cant_be_written_is_no_matter(program: Path, tmp_path: Path):
    (tmp_path / "file").write_text("in the way")
    assert closures(program, tmp_path / "file") == closures(program, None)


def test_a_cache_may_go_at_any_time(program: Path, tmp_path: Path):
    cache = tmp_path / "cache"
    sources = Sources(roots=(program,), cache=cache)
    first = closure_of("app", "child", sources)
    shutil.rmtree(cache)
    assert closure_of("app", "main", sources) == closures(program, None)[0]
    assert first == closures(program, None)[1]


def test_processes_share_a_cache(program: Path, tmp_path: Path):
    cache = tmp_path / "cache"
    with multiprocessing.get_context("spawn").Pool(3) as pool:
        found = pool.starmap(closures, [(program, cache)] * 6)
    assert found == [closures(program, None)] * 6
    assert {entry.suffix for entry in entries(cache)} == {".facts"}
