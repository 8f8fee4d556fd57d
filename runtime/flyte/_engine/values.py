"""Values crossing a boundary: always by value, whatever runs the other side.

A mutable argument or result is encoded where it crosses and decoded into a fresh copy, so an
inline run, a worker's run and a replay can't be told apart. Immutable builtins are shared.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flyte._load import module_of_file
from flyte_plan.encoding import canonical, decode, encode, is_immutable
from flyte_plan.identity import inputs_digest_of


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Arguments as they were when the call was made."""

    stored: bytes
    digest: bytes
    _shared: Mapping[str, object] | None
    """The arguments themselves, where nothing can change them."""

    def open(self) -> Mapping[str, object]:
        """A copy of the arguments that is the caller's own."""
        if self._shared is not None:
            return self._shared
        return decode_arguments(self.stored)


def snapshot(arguments: Mapping[str, object]) -> Snapshot:
    """Take the arguments as they are now.

    Raises:
        TypeError: one is a coroutine, of a call that wasn't awaited.
        UnencodableError: one has no encoding; says which, and where in it.
    """
    named = dict(arguments)
    _refuse_coroutines(named)
    shared = named if all(map(is_immutable, named.values())) else None
    stored = encode(named, module_name=real_module)
    return Snapshot(stored, inputs_digest_of(canonical(named, module_name=real_module)), shared)


def _refuse_coroutines(arguments: Mapping[str, object]) -> None:
    for name, value in arguments.items():
        if inspect.iscoroutine(value):
            value.close()  # else Python would warn of it, too, and in other words
            raise TypeError(
                f"argument `{name}` is a coroutine: the call that made it isn't awaited"
            )


def decode_arguments(stored: bytes) -> dict[str, object]:
    """Arguments from their stored form."""
    arguments = decode(stored, find_class)
    assert isinstance(arguments, dict)
    return arguments


def encode_value(value: object) -> bytes:
    """A value's stored form.

    Raises:
        UnencodableError: it has none.
    """
    return encode(value, module_name=real_module)


def decode_value(stored: bytes) -> object:
    """A fresh value from its stored form."""
    return decode(stored, find_class)


def find_class(module: str, qualname: str) -> type | None:
    """A class that the program has loaded already: decoding never imports anything."""
    found: object = sys.modules.get(module)
    if found is None and module == main_module():
        found = sys.modules.get("__main__")
    for name in qualname.split("."):
        found = getattr(found, name, None)
    return found if isinstance(found, type) else None


def real_module(name: str) -> str:
    """A module's dotted name; the script's own for `__main__`, so that a script and an import
    give the same identities."""
    if name != "__main__":
        return name
    return main_module() or name


@lru_cache(maxsize=1)
def main_module() -> str | None:
    """The dotted name of the script that is `__main__`; None where there is none (a REPL)."""
    file = getattr(sys.modules.get("__main__"), "__file__", None)
    if file is None:
        return None
    return module_of_file(Path(file))
