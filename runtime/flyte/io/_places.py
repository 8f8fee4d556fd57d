"""Where things lie: in the store, elsewhere on this machine, or behind a URL."""

from __future__ import annotations

import os
import secrets
import shutil
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast
from weakref import WeakKeyDictionary

from flyte._config import store_folder
from flyte._context import CURRENT_DRIVER
from flyte._types.optional import needs
from flyte.io._hashing import copy_hashing, files_under, folder_digest
from flyte_plan.digest import show_digest

_IN_STORE = "store:"
_counts: WeakKeyDictionary[Any, int] = WeakKeyDictionary()


def files_folder() -> Path:
    """Where the store keeps files."""
    return store_folder().absolute() / "files"


def portable(address: str) -> str:
    """An address that holds where the store is moved to."""
    inside = f"{files_folder()}{os.sep}"
    return _IN_STORE + address[len(inside) :] if address.startswith(inside) else address


def from_portable(address: str) -> str:
    """The address on this machine."""
    if not address.startswith(_IN_STORE):
        return address
    return str(files_folder() / address[len(_IN_STORE) :])


def local_path(address: str) -> Path | None:
    """The path of an address on this machine; None for any other."""
    if address.startswith("file://"):
        return Path(address[len("file://") :])
    return None if "://" in address else Path(address)


def filesystem(url: str) -> tuple[Any, str]:
    """The file system behind a URL, as fsspec has it, and the path there.

    Raises:
        InitializationError: fsspec isn't installed.
        ImportError: what fsspec needs for that kind of URL isn't.
    """
    fsspec = needs("fsspec", f"`{url}`")
    return cast(tuple[Any, str], fsspec.core.url_to_fs(url))


def last_name(address: str) -> str:
    """The last part of an address."""
    return address.rstrip("/").rpartition("/")[2]


def new_place(name: str) -> str:
    """A path in the store where nothing is yet.

    In an action it is made of the action's id and a number, so that a driver that asks again, in
    a replay, gets the same.
    """
    action = getattr(CURRENT_DRIVER.get(), "action", None)
    if action is None:
        return str(files_folder() / "new" / secrets.token_hex(16) / name)
    number = _counts[action] = _counts.get(action, -1) + 1
    return str(_of_action(action, "new") / f"{action.number}.{number}" / name)


def named_place(name: str) -> str:
    """A path in the store that is the same on every attempt of the action."""
    action = getattr(CURRENT_DRIVER.get(), "action", None)
    if action is None:
        return str(files_folder() / "named" / name)
    return str(_of_action(action, "named") / name)


def _of_action(action: Any, kind: str) -> Path:
    return files_folder() / kind / show_digest(action.id)


def keep_file(source: Path, name: str) -> tuple[str, str]:
    """A file's copy in the store, by content, read only: its path and digest.

    Raises:
        OSError: `source` can't be read, or the store not written.
    """

    def fill(place: Path) -> str:
        with source.open("rb") as read, place.open("wb") as written:
            digest = copy_hashing(read, written)
        place.chmod(0o400)
        return digest

    return _keep(name, fill)


def keep_folder(source: Path, name: str) -> tuple[str, str]:
    """As `keep_file`, of a folder with all that is in it."""

    def fill(place: Path) -> str:
        place.mkdir()
        digests = {}
        for file in files_under(source):
            relative = file.relative_to(source)
            target = place / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            with file.open("rb") as read, target.open("wb") as written:
                digests[relative.as_posix()] = copy_hashing(read, written)
            target.chmod(0o400)
        return folder_digest(digests)

    return _keep(name, fill)


def _keep(name: str, fill: Callable[[Path], str]) -> tuple[str, str]:
    """Fill a place aside, and move it to where its digest says; whole or not at all."""
    folder = files_folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(dir=folder, prefix="aside-"))
    try:
        digest = fill(aside / name)
        target = folder / digest / name
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if not target.exists():
            try:
                (aside / name).rename(target)
            except OSError:
                if not target.exists():  # else another process was first
                    raise
    finally:
        shutil.rmtree(aside)
    return str(target), digest


def is_kept(address: str) -> bool:
    """Whether it lies in the store by its content, so that it may not be written again."""
    first = portable(address).removeprefix(_IN_STORE).partition(os.sep)[0]
    return address != portable(address) and first not in ("new", "named")


def send(source: Path, destination: str) -> None:
    """Copy a local file or folder to an address."""
    target = local_path(destination)
    if target is None:
        filesystem_, path = filesystem(destination)
        filesystem_.put(str(source), path, recursive=source.is_dir())
    elif source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, target)


def fetch(address: str, wanted: str | os.PathLike[str] | None, name: str) -> str:
    """A local path to what lies at an address; a copy of it at `wanted`, where that is given.

    Raises:
        FileNotFoundError: there is nothing.
    """
    source = local_path(address)
    if source is not None and not source.exists():
        raise FileNotFoundError(f"there is nothing at `{source}`")
    if source is not None and wanted is None:
        return str(source)
    target = Path(tempfile.mkdtemp(prefix="flyte-")) / name if wanted is None else Path(wanted)
    if source is not None and source.is_dir():
        shutil.copytree(source, target, dirs_exist_ok=True)
        return str(target)
    into_folder = target.is_dir() or str(wanted).endswith(os.sep)
    if into_folder and source is not None:
        target = target / name
    target.parent.mkdir(parents=True, exist_ok=True)
    if source is not None:
        shutil.copyfile(source, target)
        return str(target)
    filesystem_, path = filesystem(address)
    is_folder = filesystem_.isdir(path)
    if not is_folder and into_folder:
        target = target / name
    filesystem_.get(f"{path}/" if is_folder else path, str(target), recursive=is_folder)
    return str(target)


def is_there(address: str) -> bool:
    """Whether something lies at an address."""
    path = local_path(address)
    if path is not None:
        return path.exists()
    filesystem_, remote = filesystem(address)
    return bool(filesystem_.exists(remote))
