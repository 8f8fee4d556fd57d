"""Checkpoints: what an attempt saves for the next one of the same action."""

from __future__ import annotations

import shutil
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable
from pathlib import Path
from typing import Any


class BaseCheckpoint(ABC):
    """A place for what an attempt has reached, and for what the one before had."""

    @property
    @abstractmethod
    def path(self) -> Path:
        """A folder to work in."""

    @abstractmethod
    def prev_exists(self) -> bool:
        """Whether an earlier attempt saved something."""

    @abstractmethod
    async def load(self) -> Path | None:
        """What was saved, in `path`; None where nothing was."""

    @abstractmethod
    async def save(self, data: Path | str | bytes) -> None:
        """Save a file, a folder or bytes in place of what was saved before."""

    @abstractmethod
    def load_sync(self) -> Path | None:
        """As `load`."""

    @abstractmethod
    def save_sync(self, data: Path | str | bytes) -> None:
        """As `save`."""


class Checkpoint(BaseCheckpoint):
    """One in folders of this machine: `flyte.ctx().checkpoint` is an action's own."""

    def __init__(self, checkpoint_dest: str, checkpoint_src: str | None = None) -> None:
        self._destination = Path(checkpoint_dest)
        self._source = None if checkpoint_src is None else Path(checkpoint_src)
        self._path: Path | None = None

    @property
    def remote_destination(self) -> str:
        """Where `save` puts things."""
        return str(self._destination)

    @property
    def remote_source(self) -> str | None:
        """Where `load` takes them from."""
        return None if self._source is None else str(self._source)

    @property
    def path(self) -> Path:
        """A folder of this object's own, made at first use."""
        if self._path is None:
            self._path = Path(tempfile.mkdtemp(prefix="flyte-checkpoint-"))
        return self._path

    def prev_exists(self) -> bool:
        """Whether an earlier attempt saved something."""
        return self._source is not None and self._source.is_dir()

    def load_sync(self) -> Path | None:
        """A copy of what was saved, in `path`: the file if it was one; None where nothing was."""
        if self._source is None or not self.prev_exists():
            return None
        shutil.copytree(self._source, self.path, dirs_exist_ok=True)
        entries = list(self.path.iterdir())
        is_file = len(entries) == 1 and entries[0].is_file()
        return entries[0] if is_file else self.path

    def save_sync(self, data: Path | str | bytes) -> None:
        """Save a file, a folder or bytes; what was saved before is there until this is.

        Raises:
            FileNotFoundError: no such file or folder.
        """
        self._destination.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=".new-", dir=self._destination.parent))
        try:
            _fill(fresh, data)
            _replace(self._destination, fresh)
        finally:
            shutil.rmtree(fresh, ignore_errors=True)

    async def load(self) -> Path | None:
        """As `load_sync`, on a thread."""
        import asyncio  # noqa: PLC0415 - keeps start-up light

        return await asyncio.get_running_loop().run_in_executor(None, self.load_sync)

    async def save(self, data: Path | str | bytes) -> None:
        """As `save_sync`, on a thread."""
        import asyncio  # noqa: PLC0415 - keeps start-up light

        await asyncio.get_running_loop().run_in_executor(None, self.save_sync, data)


def latest_checkpoint(
    root: Path, glob_pattern: str = "**/last.ckpt", *, key: Callable[[Path], Any] | None = None
) -> Path | None:
    """The newest file under `root` that the pattern fits, by `key` instead of by time if given."""
    found = [path for path in Path(root).glob(glob_pattern) if path.is_file()]
    return max(found, key=key or (lambda path: path.stat().st_mtime), default=None)


def _fill(folder: Path, data: Path | str | bytes) -> None:
    if isinstance(data, bytes):
        (folder / "checkpoint").write_bytes(data)
        return
    source = Path(data)
    if source.is_dir():
        shutil.copytree(source, folder, dirs_exist_ok=True)
    else:
        shutil.copy2(source, folder / source.name)


def _replace(old: Path, new: Path) -> None:
    aside = new.with_name(new.name + ".old")
    if old.exists():
        old.rename(aside)
    new.rename(old)
    shutil.rmtree(aside, ignore_errors=True)
