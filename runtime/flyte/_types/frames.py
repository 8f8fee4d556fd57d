"""Frames of pandas, polars and pyarrow: as Arrow's own stream, which keeps their types.

polars writes it by itself, pandas through pyarrow (the extra `[io]`). A frame that Arrow can't
hold exactly (columns of arbitrary objects) has no encoding here.
"""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable
from typing import Any

from flyte._types.extensions import Extension, add
from flyte._types.optional import needs


def _encode_pandas(frame: Any) -> list[object] | None:
    """Arrow's stream, and the step of a regular time index, which Arrow doesn't keep."""
    arrow = needs("pyarrow", "a pandas frame that crosses a task's boundary")
    try:
        parts = [_stream(arrow, arrow.Table.from_pandas(frame)), _freq(frame.index)]
    except (arrow.ArrowException, TypeError, ValueError):
        return None
    has_objects = any(dtype.kind == "O" for dtype in frame.dtypes)
    if has_objects and not _is_same(frame, _decode_pandas(parts)):
        return None
    return parts


def _freq(index: Any) -> object:
    freq: Any = getattr(index, "freq", None)
    is_lost = freq is not None and not str(getattr(index, "dtype", "")).startswith("period")
    return freq.freqstr if is_lost else None


def _is_same(frame: Any, other: Any) -> bool:
    return bool(frame.equals(other) and list(frame.dtypes) == list(other.dtypes))


def _decode_pandas(parts: Any) -> Any:
    written, freq = parts
    arrow = needs("pyarrow", "a pandas frame that crosses a task's boundary")
    frame = arrow.ipc.open_stream(written).read_all().to_pandas()
    if freq is not None:
        frame.index.freq = freq
    return frame


def _encode_series(series: Any) -> list[object] | None:
    parts = _encode_pandas(series.to_frame(name="value"))
    return None if parts is None else [*parts, series.name]


def _decode_series(parts: Any) -> object:
    *frame, name = parts
    return _decode_pandas(frame)["value"].rename(name)


def _encode_polars(frame: Any) -> bytes:
    held = io.BytesIO()
    frame.write_ipc_stream(held)
    return held.getvalue()


def _decode_polars(written: bytes) -> Any:
    polars = needs("polars", "a polars frame")
    return polars.read_ipc_stream(io.BytesIO(written))


def _encode_polars_series(series: Any) -> list[object]:
    return [_encode_polars(series.to_frame()), series.name]


def _decode_polars_series(parts: Any) -> object:
    return _decode_polars(parts[0]).to_series().alias(parts[1])


def _encode_arrow(table: Any) -> bytes:
    return _stream(needs("pyarrow", "an Arrow table"), table)


def _decode_arrow(written: bytes) -> Any:
    return needs("pyarrow", "an Arrow table").ipc.open_stream(written).read_all()


def _stream(arrow: Any, table: Any) -> bytes:
    sink = arrow.BufferOutputStream()
    with arrow.ipc.new_stream(sink, table.schema) as writer:
        writer.write_table(table)
    return bytes(sink.getvalue().to_pybytes())


def _digested(encode: Callable[[Any], Any]) -> Callable[[Any], object]:
    """An identity that needn't hold all the bytes."""

    def identify(value: Any) -> object:
        written = encode(value)
        if isinstance(written, bytes):
            return hashlib.sha256(written).digest()
        return None if written is None else [hashlib.sha256(written[0]).digest(), *written[1:]]

    return identify


_FRAMES: tuple[tuple[str, str, Callable[[Any], Any], Callable[[Any], Any]], ...] = (
    ("pandas", "DataFrame", _encode_pandas, _decode_pandas),
    ("pandas", "Series", _encode_series, _decode_series),
    ("polars", "DataFrame", _encode_polars, _decode_polars),
    ("polars", "Series", _encode_polars_series, _decode_polars_series),
    ("pyarrow", "Table", _encode_arrow, _decode_arrow),
)


def know(name: str) -> None:
    """Make the frames of a library known, which is loaded, or wanted now."""
    library = needs(name, f"a frame of `{name}`")
    for module, kind, encode, decode in _FRAMES:
        if module == name:
            extension = Extension(
                kind=f"{module}.{kind}", encode=encode, decode=decode, identify=_digested(encode)
            )
            add(getattr(library, kind), extension)
