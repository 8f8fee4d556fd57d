"""The folder of kept results: one file a command, written whole or not at all.

Any number of processes may use it at once. A file is MessagePack, decoded into the records that
are expected and nothing else, so that a folder that came with a checkout can do no harm.
"""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Generic, TypeVar

import msgspec

from flyte_compiler.cache.unit import Unit

T = TypeVar("T")

MOST = 200
"""Files that are kept; the least recently used go first."""
_SUFFIX = ".msgpack"


class Store(Generic[T]):
    """The kept results of one kind of outcome."""

    def __init__(self, folder: Path, outcome: type[T]) -> None:
        self._folder = folder
        self._decoder: msgspec.msgpack.Decoder[tuple[Unit[T], ...]] = msgspec.msgpack.Decoder(
            tuple[Unit[outcome], ...],  # type: ignore[valid-type]  # a value, not a variable
            dec_hook=_decode_path,
        )
        self._encoder = msgspec.msgpack.Encoder(enc_hook=_encode_path)

    def load(self, key: str) -> tuple[Unit[T], ...]:
        """What is kept under a key; nothing where that can't be read."""
        file = self._file(key)
        try:
            units = self._decoder.decode(file.read_bytes())
            os.utime(file)
        except (OSError, ValueError, RecursionError):  # msgspec's errors are ValueErrors
            return ()
        return units

    def save(self, key: str, units: Sequence[Unit[T]]) -> None:
        """Keep results; in silence, don't, where that is impossible."""
        with contextlib.suppress(OSError, ValueError):  # ValueError: names that are no text
            content = self._encoder.encode(tuple(units))
            self._prepare()
            self._write(self._file(key), content)
            self._prune()

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}{_SUFFIX}"

    def _prepare(self) -> None:
        for folder in (self._folder, self._folder.parent):
            if folder.is_symlink():  # a checkout could point it at any folder of the user's
                raise NotADirectoryError(folder)
        self._folder.mkdir(parents=True, exist_ok=True)
        ignore = self._folder / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")

    def _write(self, file: Path, content: bytes) -> None:
        handle, name = tempfile.mkstemp(dir=self._folder, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as part:
                part.write(content)
            Path(name).replace(file)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise

    def _prune(self) -> None:
        """Parts that a killed process left behind are files like others, in the end."""
        files = [*self._folder.glob(f"*{_SUFFIX}"), *self._folder.glob("*.part")]
        if len(files) > MOST:
            files.sort(key=lambda file: file.stat().st_mtime)
            for file in files[:-MOST]:
                file.unlink(missing_ok=True)


def _encode_path(value: object) -> str:
    if isinstance(value, Path):
        return str(value)
    raise NotImplementedError(f"a {type(value).__name__} can't be kept")


def _decode_path(type_: type, value: Any) -> Path:  # msgspec's own signature
    if type_ is Path and isinstance(value, str):
        return Path(value)
    raise ValueError(f"a {type_.__name__} can't be kept")
