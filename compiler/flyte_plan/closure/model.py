"""What a source closure is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A function's code and all first-party code that it can reach.

    Names are `module:qualname`, sorted; `module:*` is a whole module.
    """

    digest: bytes
    reaches: tuple[str, ...]
    """What is in the digest by its source."""
    tasks: tuple[str, ...]
    """Tasks that are reached: in the digest by name alone, since each has a closure of its own."""
    widened: tuple[str, ...]
    """For each whole module, why it had to be the whole."""
