"""numpy's arrays and scalars: kind of number, shape, order and all bytes. Never pickled bytes."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np

from flyte._types.extensions import Extension, add

_SCALARS = tuple({np.dtype(code).type for code in np.typecodes["All"] if code != "O"})


def _encode_array(array: Any) -> object:
    head = _head(array)
    return None if head is None else [*head, _flat(array).tobytes()]


def _identify_array(array: Any) -> object:
    head = _head(array)
    return None if head is None else [*head, hashlib.sha256(_flat(array)).digest()]


def _head(array: Any) -> list[object] | None:
    """Kind of number, shape and order; None where elements are Python objects."""
    if array.dtype.hasobject:
        return None
    is_fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    return [_described(array.dtype), list(array.shape), "F" if is_fortran else "C"]


def _described(dtype: Any) -> object:
    """A text, or for records the list that numpy itself makes a dtype of."""
    if dtype.fields is None:
        return str(dtype.str)
    return [list(field) for field in np.lib.format.dtype_to_descr(dtype)]


def _dtype(described: Any) -> Any:
    if isinstance(described, str):
        return np.dtype(described)
    return np.dtype([_field(*field) for field in described])


def _field(name: Any, kind: Any, *shape: Any) -> tuple[Any, ...]:
    inner = kind if isinstance(kind, str) else [_field(*field) for field in kind]
    return (name, inner, *(tuple(part) for part in shape))


def _flat(array: Any) -> Any:
    """An array's bytes in its own order, without a copy where they lie together."""
    is_fortran = array.flags.f_contiguous and not array.flags.c_contiguous
    together = np.ascontiguousarray(array.T if is_fortran else array).reshape(-1)
    return together.view(np.uint8) if array.itemsize else np.empty(0, np.uint8)


def _decode_array(parts: Any) -> object:
    described, shape, order, held = parts
    # A copy: bytes are read-only, and the receiver's array is its own.
    return np.frombuffer(held, dtype=_dtype(described)).reshape(shape, order=order).copy(order="A")


def _encode_scalar(scalar: Any) -> object:
    return None if scalar.dtype.hasobject else [_described(scalar.dtype), scalar.tobytes()]


def _decode_scalar(parts: Any) -> object:
    described, held = parts
    return np.frombuffer(held, dtype=_dtype(described))[0]


add(
    np.ndarray,
    Extension(
        kind="numpy.ndarray",
        encode=_encode_array,
        decode=_decode_array,
        identify=_identify_array,
    ),
)
for _scalar in _SCALARS:
    add(_scalar, Extension(kind="numpy.scalar", encode=_encode_scalar, decode=_decode_scalar))
