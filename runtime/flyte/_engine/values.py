"""Values crossing a boundary: always by value, whatever runs the other side.

A mutable argument or result is encoded where it crosses and decoded into a fresh copy, so an
inline run, a worker's run and a replay can't be told apart. Immutable builtins are shared.

What the encoding doesn't build in is written by an extension (`flyte._types`), an exception as
errors are recorded, and what nobody knows as a signed pickle.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from hashlib import sha256
from pathlib import Path
from typing import Literal, cast

from flyte._load import module_of_file
from flyte._types.extensions import BUILT_IN, extension_of, restore
from flyte_plan.encoding import UnencodableError, canonical, decode, encode, is_immutable
from flyte_plan.encoding.classes import shape_of
from flyte_plan.identity import inputs_digest_of


@dataclass(frozen=True, slots=True)
class Snapshot:
    """Arguments as they were when the call was made."""

    stored: bytes
    digest: bytes
    _shared: Mapping[str, object] | None
    """The arguments themselves, where nothing can change them."""
    has_pickles: bool = False
    """Whether one crosses as a pickle, whose bytes are too accidental to look anything up by."""

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
    if all(map(is_immutable, named.values())):
        stored = encode(named, module_name=real_module)
        return Snapshot(stored, inputs_digest_of(canonical(named, module_name=real_module)), named)
    _refuse_coroutines(named)
    crossing = Crossing()
    stored = encode(named, module_name=real_module, foreign=crossing.stored)
    identity = canonical(named, module_name=real_module, foreign=crossing.identified)
    return Snapshot(stored, inputs_digest_of(identity), None, bool(crossing.pickles))


def _refuse_coroutines(arguments: Mapping[str, object]) -> None:
    for name, value in arguments.items():
        if inspect.iscoroutine(value):
            value.close()  # else Python would warn of it, too, and in other words
            raise TypeError(
                f"argument `{name}` is a coroutine: the call that made it isn't awaited"
            )


class Crossing:
    """The parts of one value that the encoding itself doesn't know."""

    def __init__(self) -> None:
        self.pickles: dict[int, bytes] = {}
        """By the `id` of what was pickled, which lives as long as the crossing: what is stored
        and what is digested are one pickle."""

    def stored(self, value: object) -> tuple[str, object] | None:
        """What to write for a value; None for one that the encoding knows."""
        if type(value) in BUILT_IN:
            return None
        found = _known(value, "encode")
        if found is not None or _is_built_in(type(value)):
            return found
        from flyte._types import pickled  # noqa: PLC0415 - rarely needed

        return pickled.KIND, pickled.signed(self._pickle(value))

    def identified(self, value: object) -> tuple[str, object] | None:
        """What tells it from others; None for one that the encoding knows."""
        if type(value) in BUILT_IN:
            return None
        found = _known(value, "identify")
        if found is not None or _is_built_in(type(value)):
            return found
        return "pickle", sha256(self._pickle(value)).digest()

    def _pickle(self, value: object) -> bytes:
        from flyte._types.pickled import pickled  # noqa: PLC0415 - rarely needed

        if inspect.iscoroutine(value):
            value.close()  # else Python would warn of it, too, and in other words
            raise UnencodableError("a coroutine: the call that made it isn't awaited")
        held = self.pickles.get(id(value))
        if held is None:
            held = self.pickles[id(value)] = pickled(value)
        return held


def _known(value: object, way: Literal["encode", "identify"]) -> tuple[str, object] | None:
    """The stand-in of an exception, or of a value whose type somebody registered."""
    extension = extension_of(type(value))
    if extension is not None:
        identify = extension.identify if way == "identify" else None
        stand_in = (identify or extension.encode)(value)
        return None if stand_in is None else (extension.kind, stand_in)
    if isinstance(value, BaseException):
        from flyte._engine.failure import encode_error  # noqa: PLC0415 - it needs this module

        record = encode_error(value)
        return _EXCEPTION, record if way == "encode" else _told_apart(record)
    return None


def _told_apart(record: bytes) -> object:
    """What makes an error this one: not where it was raised, nor how often it has crossed."""
    described = cast(dict[str, object], decode_value(record))
    return [described[part] for part in ("module", "name", "message", "arguments")]


def _is_built_in(cls: type) -> bool:
    if shape_of(cls) is None:
        return False
    if extension_of(cls) is None and not issubclass(cls, BaseException):
        BUILT_IN.add(cls)
    return True


_EXCEPTION = "exception"


def _restored(kind: str, stand_in: object) -> object:
    if kind == "pickle":
        from flyte._types.pickled import opened  # noqa: PLC0415 - rarely needed

        return opened(stand_in)
    if kind == _EXCEPTION:
        from flyte._engine.failure import decode_error  # noqa: PLC0415 - it needs this module

        return decode_error(cast(bytes, stand_in))
    return restore(kind, stand_in)


def decode_arguments(stored: bytes) -> dict[str, object]:
    """Arguments from their stored form."""
    arguments = decode(stored, find_class, restore=_restored)
    assert isinstance(arguments, dict)
    return arguments


def encode_value(value: object) -> bytes:
    """A value's stored form.

    Raises:
        UnencodableError: it has none.
    """
    if is_immutable(value):
        return encode(value)
    return encode(value, module_name=real_module, foreign=Crossing().stored)


def encode_plain(value: object) -> bytes:
    """As `encode_value`, of what every store can read: no part becomes a pickle.

    Raises:
        UnencodableError: it has no such form.
    """
    return encode(value, module_name=real_module, foreign=partial(_known, way="encode"))


def decode_value(stored: bytes) -> object:
    """A fresh value from its stored form."""
    return decode(stored, find_class, restore=_restored)


def find_class(module: str, qualname: str) -> type | None:
    """A class that the program has loaded already: decoding never imports anything."""
    found = find_global(module, qualname)
    return found if isinstance(found, type) else None


def find_global(module: str, qualname: str) -> object | None:
    """What a loaded module defines under a name; the script's own, too, by its real module."""
    found: object = sys.modules.get(module)
    if found is None and module == main_module():
        found = sys.modules.get("__main__")
    for name in qualname.split("."):
        found = getattr(found, name, None)
    return found


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
