"""Facts on disk, by the digest of the file that they were read from.

An entry is made by one version of this package under one Python, and is checked when it is read:
one that is damaged, cut short or gone is passed over. It is written beside its place and renamed,
so that several processes never see half of one. Failing to write is no failure.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from functools import cache
from pathlib import Path
from uuid import uuid4

from flyte_plan.closure.facts import Facts
from flyte_plan.digest import DIGEST_SIZE, digest, show_digest


class FactsCache:
    """A folder of facts."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / "closures"

    def read(self, content: bytes, package: str) -> Facts | None:
        """The facts of a file; None where there are none that can be trusted."""
        import msgspec  # noqa: PLC0415 - only where there is a cache

        try:
            entry = self._file(content, package).read_bytes()
            body = entry[DIGEST_SIZE:]
            if digest("facts", body) != entry[:DIGEST_SIZE]:
                return None
            return msgspec.msgpack.decode(body, type=Facts)
        except (OSError, msgspec.MsgspecError):
            return None

    def write(self, content: bytes, package: str, facts: Facts) -> None:
        """Keep the facts of a file, if the folder lets us."""
        import msgspec  # noqa: PLC0415 - only where there is a cache

        body = msgspec.msgpack.encode(facts)
        with suppress(OSError):
            file = self._file(content, package)
            beside = file.with_name(f"{file.name}.{uuid4().hex}")
            if not file.parent.is_dir():
                file.parent.mkdir(parents=True)
                (self._folder.parent / ".gitignore").write_text("*\n")
            try:
                beside.write_bytes(digest("facts", body) + body)
                beside.replace(file)
            finally:
                beside.unlink(missing_ok=True)

    def _file(self, content: bytes, package: str) -> Path:
        python = f"{sys.version_info.major}.{sys.version_info.minor}"
        name = digest("file", _own_version(), python.encode(), package.encode(), content)
        return self._folder / f"{show_digest(name)}.facts"


@cache
def _own_version() -> bytes:
    """The digest of the code that makes facts: never out of date, in a release or a checkout."""
    files = sorted(Path(__file__).parent.glob("*.py"))
    return digest("code", *(os.fsencode(file.name) + file.read_bytes() for file in files))
