"""Files and folders by address: kept by content, read and written wherever they lie."""

from __future__ import annotations

import asyncio
import hashlib
import pickle
from pathlib import Path
from typing import Any

import pydantic
import pytest

from flyte._engine.values import decode_value, encode_value, snapshot
from flyte._json_values import to_json
from flyte._parameters import read_text
from flyte.io import Dir, EmptyDir, File, HashFunction


class Inputs(pydantic.BaseModel):
    """A model with a file in it."""

    file: File[str]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "a.txt"
    file.write_text("hello")
    return file


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "in"
    (root / "sub").mkdir(parents=True)
    (root / "b.txt").write_text("b")
    (root / "a.csv").write_text("a")
    (root / "sub" / "c.txt").write_text("c")
    return root


def digest_of(file: File[Any] | Dir[Any]) -> bytes:
    return snapshot({"x": file}).digest


def test_a_local_file_is_kept_by_its_content_under_its_name(source: Path, store: Path) -> None:
    file = File[str].from_local_sync(source)
    digest = hashlib.sha256(b"hello").hexdigest()
    assert Path(file.path) == store / "files" / digest / "a.txt"
    assert (file.name, file.hash) == ("a.txt", digest)
    source.write_text("changed")
    with file.open_sync("r") as opened:
        assert opened.read() == "hello"


def test_the_same_content_is_kept_once(source: Path, store: Path) -> None:
    assert File.from_local_sync(source) == File.from_local_sync(source)
    assert len(list((store / "files").iterdir())) == 1


def test_a_kept_file_cannot_be_written(source: Path) -> None:
    file = File.from_local_sync(source)
    with pytest.raises(ValueError, match="kept by its content"), file.open_sync("wb"):
        pass


def test_a_written_file_gets_the_digest_of_what_was_written(tmp_path: Path) -> None:
    file = File[bytes].new_remote("out.bin")
    assert not file.exists_sync()
    with file.open_sync("wb") as opened:
        opened.write(b"abc")
    assert file.hash == hashlib.sha256(b"abc").hexdigest()
    copied = file.download_sync(tmp_path / "copy.bin")
    assert Path(copied).read_bytes() == b"abc"
    assert file.download_sync() == file.path


def test_asynchronous_methods_do_the_same(source: Path) -> None:
    async def main() -> list[str]:
        file = File[str].new_remote("lines.txt")
        async with file.open("w") as opened:
            await opened.write("a\nb\n")
        kept = await File.from_local(source)
        assert await kept.exists()
        assert await kept.download() == kept.path
        async with file.open("r") as opened:
            return [line async for line in opened]

    assert asyncio.run(main()) == ["a\n", "b\n"]


def test_an_error_in_the_block_closes_the_file_and_goes_on() -> None:
    async def main() -> None:
        file = File[str].new_remote()
        async with file.open("wb"):
            raise KeyError("mine")

    with pytest.raises(KeyError, match="mine"):
        asyncio.run(main())


def test_a_file_without_compression_is_read_as_it_is_and_with_it_unpacked() -> None:
    file = File[bytes].new_remote("a.gz")
    with file.open_sync("wb", compression="gzip") as opened:
        opened.write(b"abc")
    assert Path(file.path).read_bytes()[:2] == b"\x1f\x8b"
    with file.open_sync("rb", compression="gzip") as opened:
        assert opened.read() == b"abc"


def test_a_url_is_read_and_written_through_fsspec(source: Path, tmp_path: Path) -> None:
    file = File[bytes](path="memory://bucket/x/y.bin")
    with file.open_sync("wb") as opened:
        opened.write(b"abc")
    assert file.exists_sync()
    assert Path(file.download_sync()).read_bytes() == b"abc"
    sent = File[str].from_local_sync(source, "memory://bucket/up/a.txt")
    assert sent.hash == hashlib.sha256(b"hello").hexdigest()
    folder = Dir[bytes](path="memory://bucket")
    assert [found.name for found in folder.walk_sync()] == ["a.txt", "y.bin"]
    assert Path(folder.download_sync(tmp_path / "all"), "x", "y.bin").read_bytes() == b"abc"


def test_the_content_identifies_a_file_and_its_place_does_not(source: Path) -> None:
    kept = File[str].from_local_sync(source)
    here = File[str].from_existing_remote(str(source))
    assert here.path != kept.path
    assert digest_of(here) == digest_of(kept)
    source.write_text("changed")
    assert digest_of(File.from_existing_remote(str(source))) != digest_of(kept)


def test_a_digest_of_the_users_own_takes_the_place_of_the_contents(source: Path) -> None:
    first = File[str].from_local_sync(source, hash_method="v1")
    method = HashFunction.from_fn(lambda content: f"{len(content)}")
    assert File[str].from_local_sync(source, hash_method=method).hash == "5"
    source.write_text("changed")
    assert digest_of(File.from_local_sync(source, hash_method="v1")) == digest_of(first)
    assert File.from_existing_remote("s3://b/k", file_cache_key="k1").hash == "k1"


def test_a_pointer_is_small_and_survives_a_crossing_and_a_pickle(source: Path) -> None:
    source.write_bytes(b"x" * 1_000_000)
    file = File[str].from_local_sync(source)
    written = encode_value({"f": [file]})
    assert len(written) < 500
    assert decode_value(written) == {"f": [file]}
    assert pickle.loads(pickle.dumps(file)) == file  # noqa: S301 - our own


def test_a_store_may_be_moved(
    source: Path, store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = encode_value(File.from_local_sync(source))
    store.rename(tmp_path / "moved")
    monkeypatch.setenv("FLYTE_STORE", str(tmp_path / "moved"))
    file = decode_value(written)
    assert isinstance(file, File)
    assert Path(file.download_sync()).read_text() == "hello"


def test_a_file_may_be_a_models_field(source: Path) -> None:
    inputs = Inputs(file=File.from_local_sync(source))
    assert Inputs.model_validate_json(inputs.model_dump_json()) == inputs
    assert decode_value_of(inputs) == inputs
    with pytest.raises(pydantic.ValidationError, match="a `File` is expected"):
        Inputs(file=3)  # type: ignore[arg-type]


def decode_value_of(value: object) -> object:
    taken = snapshot({"x": value})
    assert not taken.has_pickles
    return taken.open()["x"]


def test_a_folder_is_kept_with_all_that_is_in_it(folder: Path) -> None:
    kept = Dir[str].from_local_sync(folder)
    (folder / "b.txt").write_text("changed")
    names = [Path(file.path).relative_to(kept.path).as_posix() for file in kept.walk_sync()]
    assert names == ["a.csv", "b.txt", "sub/c.txt"]
    found = kept.get_file_sync("sub/c.txt")
    assert found is not None
    assert Path(found.path).read_text() == "c"
    assert kept.get_file_sync("nothing") is None
    assert [file.name for file in kept.list_files_sync()] == ["a.csv", "b.txt"]
    assert [file.name for file in kept.walk_sync(file_pattern="*.txt")] == ["b.txt", "c.txt"]
    assert [file.name for file in kept.walk_sync(max_depth=1)] == ["a.csv", "b.txt"]


def test_a_folders_names_and_contents_are_its_identity(folder: Path) -> None:
    first = Dir[str].from_local_sync(folder)
    assert digest_of(Dir.from_existing_remote(str(folder))) == digest_of(first)
    (folder / "b.txt").rename(folder / "d.txt")
    assert digest_of(Dir.from_local_sync(folder)) != digest_of(first)


def test_a_folder_is_walked_asynchronously(folder: Path) -> None:
    async def main() -> list[str | None]:
        kept = await Dir[str].from_local(folder)
        assert await kept.exists()
        assert len(await kept.list_files()) == 2
        assert await kept.get_file("a.csv") is not None
        return [file.name async for file in kept.walk()]

    assert asyncio.run(main()) == ["a.csv", "b.txt", "c.txt"]


def test_an_empty_folder_is_one(tmp_path: Path) -> None:
    empty = Dir[str].empty()
    assert empty.is_empty
    assert decode_value(encode_value(empty)) == EmptyDir()
    assert list(Path(empty.download_sync(tmp_path / "empty")).iterdir()) == []
    written = Dir[str].new_remote("out")
    assert written.is_empty
    (Path(written.path) / "x").write_text("x")
    assert not written.is_empty


@pytest.mark.parametrize("make", [File.from_local_sync, Dir.from_local_sync])
def test_what_is_not_there_is_an_error(make: Any, tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nowhere"):
        make(tmp_path / "nowhere")


def test_a_path_on_a_command_line_is_a_file(source: Path) -> None:
    file = read_text(File[str], str(source))
    assert isinstance(file, File)
    assert file.hash == hashlib.sha256(b"hello").hexdigest()
    assert to_json([file]) == [{"path": file.path, "name": "a.txt", "hash": file.hash}]
    assert read_text(File | None, "s3://bucket/key") == File(path="s3://bucket/key")
    with pytest.raises(ValueError, match="nowhere"):
        read_text(File[str], "nowhere")
