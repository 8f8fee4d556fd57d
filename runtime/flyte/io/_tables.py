"""Frames to files and back: parquet through Arrow or polars, and CSV for reading."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from flyte._types.optional import needs
from flyte.io._hashing import files_under

_ARROW = "a table of a file"


def library_of(kind: type) -> str:
    """Which library's frames these are.

    Raises:
        TypeError: none that is known.
    """
    library = kind.__module__.partition(".")[0]
    if (library, kind.__name__) not in _READERS:
        known = ", ".join(f"`{library}.{name}`" for library, name in _READERS)
        raise TypeError(f"a table opens as one of {known}, not as a `{kind.__qualname__}`")
    return library


def write(frame: Any, path: Path) -> None:
    """Write a frame as parquet.

    Raises:
        TypeError: it is no frame that is known.
    """
    library = library_of(type(frame))
    if library == "polars":
        (frame.collect() if hasattr(frame, "collect") else frame).write_parquet(path)
        return
    parquet = needs("pyarrow.parquet", "writing a table")
    parquet.write_table(_as_arrow(frame), path)


def read(kind: type, path: Path, form: str) -> Any:
    """The whole table as a `kind`."""
    return _READERS[library_of(kind), kind.__name__](path, form)


def parts(kind: type, path: Path, form: str) -> Iterator[Any]:
    """The table as a `kind`, in parts as they lie in the file."""
    if form == "csv":
        yield read(kind, path, form)
        return
    arrow = needs("pyarrow", _ARROW)
    parquet = needs("pyarrow.parquet", _ARROW)
    for file in files_under(path) if path.is_dir() else [path]:
        with parquet.ParquetFile(file) as opened:
            for batch in opened.iter_batches():
                yield _of_arrow(kind, arrow.Table.from_batches([batch]))


def converted(kind: type, frame: Any) -> Any:
    """A frame as another library's."""
    library_of(kind)
    return frame if isinstance(frame, kind) else _of_arrow(kind, _as_arrow(frame))


def _as_arrow(frame: Any) -> Any:
    arrow = needs("pyarrow", "writing a table")
    if isinstance(frame, arrow.Table):
        return frame
    if library_of(type(frame)) == "polars":
        return (frame.collect() if hasattr(frame, "collect") else frame).to_arrow()
    return arrow.Table.from_pandas(frame)


def _of_arrow(kind: type, table: Any) -> Any:
    library = library_of(kind)
    if library == "pandas":
        return table.to_pandas()
    if library == "pyarrow":
        return table
    frame = needs("polars", _ARROW).from_arrow(table)
    return frame.lazy() if kind.__name__ == "LazyFrame" else frame


def _read_pandas(path: Path, form: str) -> Any:
    if form == "csv":
        return needs("pandas", _ARROW).read_csv(path)
    return _read_arrow(path, form).to_pandas()


def _read_arrow(path: Path, form: str) -> Any:
    if form == "csv":
        return needs("pyarrow.csv", _ARROW).read_csv(path)
    return needs("pyarrow.parquet", _ARROW).read_table(path)


def _read_polars(path: Path, form: str) -> Any:
    polars = needs("polars", _ARROW)
    return polars.read_csv(path) if form == "csv" else polars.read_parquet(path)


def _scan_polars(path: Path, form: str) -> Any:
    polars = needs("polars", _ARROW)
    return polars.scan_csv(path) if form == "csv" else polars.scan_parquet(path)


_READERS: dict[tuple[str, str], Callable[[Path, str], Any]] = {
    ("pandas", "DataFrame"): _read_pandas,
    ("polars", "DataFrame"): _read_polars,
    ("polars", "LazyFrame"): _scan_polars,
    ("pyarrow", "Table"): _read_arrow,
}
