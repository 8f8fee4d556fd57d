"""Large values, by content: a file's name is the SHA-256 of its bytes.

Written to a temporary file in the same folder, then renamed: a blob is there whole or not at
all. Read bytes are checked against their name, and a wrong one is never returned.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path


class CorruptBlobError(Exception):
    """A blob whose bytes don't match its digest, or that is gone; it was moved aside."""


class BlobFolder:
    """A folder of blobs.

    `sync` decides whether a blob survives a power cut as soon as `put` returns; either way it
    survives the process.
    """

    def __init__(self, folder: Path, *, sync: bool) -> None:
        self._folder = folder
        self._sync = sync

    def put(self, payload: bytes) -> bytes:
        """Keep `payload`; its digest (32 bytes)."""
        digest = hashlib.sha256(payload).digest()
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix="new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(payload)
                file.flush()
                if self._sync:
                    os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
        if self._sync:
            _sync_folder(path.parent)
        return digest

    def get(self, digest: bytes) -> bytes:
        """The blob's bytes, checked.

        Raises:
            CorruptBlobError: missing, or changed since it was written.
        """
        path = self._path(digest)
        try:
            payload = path.read_bytes()
        except FileNotFoundError:
            raise CorruptBlobError(f"blob {digest.hex()} is missing") from None
        if hashlib.sha256(payload).digest() == digest:
            return payload
        path.replace(path.with_suffix(".corrupt"))
        raise CorruptBlobError(f"blob {digest.hex()} does not match its digest; set aside")

    def _path(self, digest: bytes) -> Path:
        name = digest.hex()
        return self._folder / name[:2] / name


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
