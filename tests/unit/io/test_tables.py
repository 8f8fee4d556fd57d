"""Tables by address: any library's frame in, any library's frame out."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from flyte._engine.values import decode_value, encode_value, snapshot
from flyte.errors import InitializationError
from flyte.io import DataFrame

FRAMES: list[Any] = [
    pd.DataFrame({"a": [1, 2]}),
    pl.DataFrame({"a": [1, 2]}),
    pa.table({"a": [1, 2]}),
]


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: type(frame).__module__)
@pytest.mark.parametrize("kind", [pd.DataFrame, pl.DataFrame, pa.Table])
def test_a_frame_of_one_library_opens_as_anothers(frame: Any, kind: type) -> None:
    table = DataFrame.from_df(frame)
    wrapped = table.open(kind).all_sync()
    assert type(wrapped) is kind
    crossed = decode_value(encode_value(table))
    assert isinstance(crossed, DataFrame)
    assert crossed.val is None
    read: Any = crossed.open(kind).all_sync()
    assert type(read) is kind
    column = read["a"]
    assert list(column.to_pylist() if kind is pa.Table else column) == [1, 2]


def test_a_wrapped_frame_is_written_when_it_crosses_and_not_before(store: Path) -> None:
    table = DataFrame.wrap_df(FRAMES[0])
    repr(table)
    assert not store.exists()
    taken = snapshot({"x": table})
    assert not taken.has_pickles
    assert len(taken.stored) < 500
    assert list((store / "files").rglob("*.parquet"))
    assert snapshot({"x": DataFrame.wrap_df(FRAMES[0].copy())}).digest == taken.digest
    assert snapshot({"x": DataFrame.wrap_df(FRAMES[0] + 1)}).digest != taken.digest


def test_a_table_is_read_in_parts() -> None:
    async def main() -> list[int]:
        table = await DataFrame.from_local(pd.DataFrame({"a": range(100_000)}))
        pointer = decode_value(encode_value(table))
        assert isinstance(pointer, DataFrame)
        return [len(part) async for part in pointer.open(pl.DataFrame).iter()]

    lengths = asyncio.run(main())
    assert sum(lengths) == 100_000
    assert len(lengths) > 1


def test_a_csv_file_is_read_as_one(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("a,b\n1,x\n")
    table = DataFrame.from_existing_remote(str(tmp_path / "t.csv"))
    assert table.format == "csv"
    assert table.open(pd.DataFrame).all_sync().to_dict("list") == {"a": [1], "b": ["x"]}
    assert asyncio.run(table.open(pl.LazyFrame).all()).collect().rows() == [(1, "x")]


def test_a_table_is_sent_to_a_url() -> None:
    table = DataFrame.from_local_sync(FRAMES[0], remote_destination="memory://tables/t.parquet")
    assert table.uri == "memory://tables/t.parquet"
    pointer = DataFrame.from_existing_remote("memory://tables/t.parquet")
    pd.testing.assert_frame_equal(pointer.open(pd.DataFrame).all_sync(), FRAMES[0])


def test_what_is_no_frame_is_refused() -> None:
    with pytest.raises(TypeError, match=r"`pandas\.DataFrame`"):
        DataFrame.from_df([1, 2])
    with pytest.raises(TypeError, match="not as a `dict`"):
        DataFrame.from_df(FRAMES[0]).open(dict)
    pointer = decode_value(encode_value(DataFrame.from_df(FRAMES[0])))
    assert isinstance(pointer, DataFrame)
    with pytest.raises(ValueError, match=r"\.open\(pd\.DataFrame\)"):
        pointer.all_sync()


def test_a_missing_package_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "pyarrow", None)
    with pytest.raises(InitializationError, match=r"`pyarrow`: pip install 'flyte-compile\[io\]'"):
        encode_value(FRAMES[0])
