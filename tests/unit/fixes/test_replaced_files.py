from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from flyte_compiler.fixes.store import Refused, replace_text
from flyte_compiler.source.read import read_source
from flyte_compiler.source.text import SourceFile


def read(path: Path) -> SourceFile:
    source = read_source(path, module="a", shown=path)
    assert isinstance(source, SourceFile)
    return source


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "a.py"
    path.write_bytes(b"a = 1\r\n")
    return path


def test_the_text_is_replaced_and_nothing_is_left_beside_it(file: Path) -> None:
    replace_text(file, read(file), "a = 2\r\n")
    assert file.read_bytes() == b"a = 2\r\n"
    assert list(file.parent.iterdir()) == [file]


def test_permissions_stay(file: Path) -> None:
    file.chmod(0o754)
    replace_text(file, read(file), "a = 2\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o754


def test_a_link_still_leads_to_the_file(file: Path) -> None:
    link = file.parent / "link.py"
    link.symlink_to(file)
    replace_text(link, read(link), "a = 2\n")
    assert link.is_symlink()
    assert file.read_bytes() == b"a = 2\n"


@pytest.mark.parametrize(
    ("raw", "after"),
    [
        (b"\xef\xbb\xbfa = 1\n", b"\xef\xbb\xbfa = 2  # \xc3\xa9\n"),
        (b"# coding: cp1252\na = 1\n", b"# coding: cp1252\na = 2  # \xe9\n"),
    ],
)
def test_encoding_and_byte_order_mark_stay(file: Path, raw: bytes, after: bytes) -> None:
    file.write_bytes(raw)
    before = read(file)
    replace_text(file, before, before.text.replace("1\n", "2  # é\n"))
    assert file.read_bytes() == after


def test_what_the_encoding_lacks_is_refused(file: Path) -> None:
    file.write_bytes(b"# coding: ascii\na = 1\n")
    with pytest.raises(Refused, match="its encoding, ascii, has no `é`"):
        replace_text(file, read(file), "# coding: ascii\na = 'é'\n")
    assert file.read_bytes() == b"# coding: ascii\na = 1\n"


def test_a_file_that_changed_meanwhile_is_left(file: Path) -> None:
    before = read(file)
    file.write_text("a = 3\n", encoding="utf-8")
    with pytest.raises(Refused, match="changed since it was checked"):
        replace_text(file, before, "a = 2\n")
    assert file.read_text(encoding="utf-8") == "a = 3\n"


def test_a_file_that_is_gone_is_refused(file: Path) -> None:
    before = read(file)
    file.unlink()
    with pytest.raises(Refused, match="No such file"):
        replace_text(file, before, "a = 2\n")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_protected_file_is_refused(file: Path) -> None:
    file.chmod(0o444)
    with pytest.raises(Refused, match="write-protected"):
        replace_text(file, read(file), "a = 2\n")
