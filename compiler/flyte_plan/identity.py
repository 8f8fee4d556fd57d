"""Identities: the only implementation of every id that a run records.

Each is 32 bytes, made of what the thing *is*: never of time, host, path or resource request.
The slot keeps two equal calls apart by their place in the program's order, not by arrival.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, assert_never

from flyte_plan.digest import digest

if TYPE_CHECKING:
    from flyte_plan.encoding import Foreign, ModuleName


@dataclass(frozen=True, slots=True)
class DynamicSlot:
    """The `index`-th call with this call key in the branch `branch` of a driver.

    A branch path is, from the driver's root strand down, (qualified name of the spawned
    coroutine, which spawn of that name it was). `retry` is the driver's attempt, counted from
    0, and above 0 only for a call that is made again because its record is an error.
    """

    branch: tuple[tuple[str, int], ...]
    index: int
    retry: int = 0


@dataclass(frozen=True, slots=True)
class CompiledSlot:
    """The node at `node` (regions outermost first) in the iterations `iteration` of its loops;
    `retry` as in `DynamicSlot`."""

    node: tuple[str, ...]
    iteration: tuple[int, ...]
    retry: int = 0


Slot = DynamicSlot | CompiledSlot


def root_action_id(run: str) -> bytes:
    """The id of a run's top-level action."""
    return digest("root", run.encode())


def inputs_digest(
    arguments: Mapping[str, object],
    *,
    module_name: ModuleName | None = None,
    foreign: Foreign | None = None,
) -> bytes:
    """The digest of bound arguments, after defaults and coercion.

    Raises:
        UnencodableError: an argument has no encoding; says which, and where in it.
    """
    # cbor2 is loaded by who has arguments to encode, not by who compares ids.
    from flyte_plan.encoding import canonical  # noqa: PLC0415

    return inputs_digest_of(canonical(dict(arguments), module_name=module_name, foreign=foreign))


def inputs_digest_of(encoded: bytes) -> bytes:
    """The digest of arguments that are already in canonical form (a dict by parameter name)."""
    return digest("inputs", encoded)


def call_key(*, parent: bytes, kind: str, task: str, inputs: bytes, group: str | None) -> bytes:
    """What makes two calls of one driver "the same call"."""
    return digest("call", parent, kind.encode(), task.encode(), inputs, _optional(group))


def action_id(key: bytes, slot: Slot) -> bytes:
    """The id of the action that the call `key` is at `slot`.

    Raises:
        OverflowError: a negative number in the slot.
    """
    if isinstance(slot, DynamicSlot):  # Not `match`, which takes as long as a digest.
        numbers = _number(slot.index), _number(slot.retry)
        return digest("dynamic", key, _branch(slot.branch), *numbers)
    if isinstance(slot, CompiledSlot):
        place = _texts(slot.node), b"".join(map(_number, slot.iteration))
        if not slot.retry:
            return digest("compiled", key, *place)
        return digest("compiled", key, *place, _number(slot.retry))
    assert_never(slot)


def attempt_id(action: bytes, number: int) -> bytes:
    """What the deliveries of one attempt of a driver are recorded under; the first one's is the
    action's own id."""
    return digest("attempt", action, _number(number)) if number else action


def item_id(generator: bytes, index: int) -> bytes:
    """The id of the `index`-th item, from 0, that a traced generator's call gives."""
    return digest("item", generator, _number(index))


def task_version(*, task: str, interface: str, closure: bytes, declared: str) -> bytes:
    """What a task's code is: its name, interface, source closure and declared version or salt."""
    return digest("version", task.encode(), interface.encode(), closure, declared.encode())


def cache_key(*, task: str, version: bytes, inputs: bytes) -> bytes:
    """What a result may be reused under, in any run; `inputs` are without the ignored ones."""
    return digest("cache", task.encode(), version, inputs)


def _optional(text: str | None) -> bytes:
    return b"" if text is None else b"+" + text.encode()


def _number(number: int) -> bytes:
    return number.to_bytes(8, "big")


def _texts(texts: tuple[str, ...]) -> bytes:
    encoded = [text.encode() for text in texts]
    return b"".join([_number(len(text)) + text for text in encoded])


@lru_cache(maxsize=1024)  # A branch makes many calls, and its path only grows with depth.
def _branch(branch: tuple[tuple[str, int], ...]) -> bytes:
    return b"".join([_texts((name,)) + _number(index) for name, index in branch])
