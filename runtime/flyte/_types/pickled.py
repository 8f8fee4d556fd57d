"""The last resort: a value whose type has no encoding crosses as a pickle, inside one store.

A pickle can run anything when it is read, so each is signed with a key that never leaves its
store, and one whose signature doesn't match is never opened: not from an imported store, nor
from a changed file. `pickle = "never"` in `[tool.flyte]` of pyproject.toml, or
`FLYTE_PICKLE=never`, makes such values errors.

The value's identity is the digest of its bytes, which say too much to be one (the order of a
set, say): nothing with such an argument is cached.
"""

from __future__ import annotations

import hashlib
import hmac
import io
import logging
import os
import pickle
import secrets
import tomllib
from functools import lru_cache
from pathlib import Path
from types import FunctionType
from typing import Any

from flyte._config import store_folder
from flyte._engine.values import find_global, real_module
from flyte.errors import InitializationError
from flyte_plan.encoding import DecodeError, UnencodableError
from flyte_plan.encoding.kinds import type_name

KIND = "pickle"
_MODES = ("local", "never")
_KEY_SIZE = 32
_warned: set[type] = set()


def pickled(value: object) -> bytes:
    """A value's pickle.

    Raises:
        UnencodableError: it can't be pickled, or may not.
    """
    kind = type_name(type(value))
    if pickle_mode() == "never":
        raise UnencodableError(
            f"`{kind}` has no encoding, and `pickle` is set to `never`; `flyte.types.register` "
            "gives it one"
        )
    held = io.BytesIO()
    try:
        _Pickler(held, protocol=5).dump(value)
    except Exception as error:  # whatever a class's own `__reduce__` may raise
        raise UnencodableError(f"`{kind}` has no encoding, nor a pickle: {error}") from error
    _warn_once(type(value))
    return held.getvalue()


def signed(held: bytes) -> list[object]:
    """A pickle as it is stored."""
    return [_signature(held), held]


def opened(parts: Any) -> object:
    """The value of a stored pickle.

    Raises:
        DecodeError: it isn't one of this store's, or what it names isn't there.
    """
    signature, held = parts
    if not hmac.compare_digest(signature, _signature(held)):
        raise DecodeError(
            "a pickled value isn't signed with this store's key, so it isn't opened: it was "
            "written by another store, or changed"
        )
    try:
        return _Unpickler(io.BytesIO(held)).load()
    except Exception as error:  # whatever a class's own `__setstate__` may raise
        raise DecodeError(f"a pickled value can't be read: {error}") from error


def pickle_mode() -> str:
    """`local` or `never`.

    Raises:
        InitializationError: it is set to something else.
    """
    return _mode(os.environ.get("FLYTE_PICKLE"), Path.cwd())


@lru_cache(maxsize=16)
def _mode(said: str | None, folder: Path) -> str:
    mode = said or _configured(folder) or "local"
    if mode not in _MODES:
        raise InitializationError(
            "InvalidOption", "user", f"`pickle` is `local` or `never`, not {mode!r}"
        )
    return mode


def _configured(folder: Path) -> object:
    files = (each / "pyproject.toml" for each in (folder, *folder.parents))
    found = next((file for file in files if file.is_file()), None)
    if found is None:
        return None
    try:
        tools = tomllib.loads(found.read_text(encoding="utf-8")).get("tool", {})
    except (OSError, ValueError) as error:
        raise InitializationError(
            "ConfigFileUnreadable", "user", f"`{found}` can't be read: {error}"
        ) from error
    return tools.get("flyte", {}).get("pickle")


class _Pickler(pickle.Pickler):
    """Names classes and functions by their real module: a script's and an import's are equal."""

    def reducer_override(self, obj: Any) -> Any:
        if not isinstance(obj, type | FunctionType) or obj.__module__ in _EVERYWHERE:
            return NotImplemented
        name = (real_module(obj.__module__), obj.__qualname__)
        return (named, name) if find_global(*name) is obj else NotImplemented


_EVERYWHERE = ("builtins", __name__)


def named(module: str, qualname: str) -> object:
    """Stands in a pickle for what a module defines; `_Unpickler` looks it up."""
    raise DecodeError(f"`{module}.{qualname}` can only be read from a store")


class _Unpickler(pickle.Unpickler):
    def find_class(self, module: str, name: str) -> Any:
        if (module, name) == (__name__, named.__name__):
            return self._named
        found = find_global(module, name)
        return super().find_class(module, name) if found is None else found

    def _named(self, module: str, qualname: str) -> object:
        return self.find_class(module, qualname)


def _warn_once(kind: type) -> None:
    if kind in _warned:
        return
    _warned.add(kind)
    logging.getLogger("flyte").warning(
        "`%s` has no encoding: it crosses as a pickle that this store alone can read, and calls "
        "that take it aren't cached; `flyte.types.register` gives it one",
        type_name(kind),
    )


def _signature(held: bytes) -> bytes:
    return hmac.digest(_store_key(store_folder()), held, hashlib.sha256)


@lru_cache(maxsize=16)
def _store_key(folder: Path) -> bytes:
    """The key of the store in `folder`, made when it is first needed."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    file = folder / "pickle.key"
    if not file.exists():
        _make_key(file)
    key = file.read_bytes()
    if len(key) != _KEY_SIZE:
        raise InitializationError(
            "BrokenStore", "user", f"`{file}` is no key: restore or delete it"
        )
    return key


def _make_key(file: Path) -> None:
    """Written aside and linked: of two processes at once, both go on with the first one's."""
    fresh = file.with_name(f"pickle.key.{secrets.token_hex(8)}")
    handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as opened_file:
        opened_file.write(secrets.token_bytes(_KEY_SIZE))
    try:
        os.link(fresh, file)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
