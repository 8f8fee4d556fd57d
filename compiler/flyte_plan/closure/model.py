"""What a source closure is."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ClosurePart:
    """One definition that a closure reaches."""

    name: str
    """`module:qualname`; `module:*` is a whole module."""
    digest: bytes
    """Of its own code and of what its names mean, not of the code of those."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Closure:
    """A function's code and all first-party code that it can reach.

    Names are `module:qualname`, sorted; `module:*` is a whole module.
    """

    digest: bytes
    parts: tuple[ClosurePart, ...]
    """What is in the digest by its source, sorted by name: two closures of one function differ in
    the parts that were edited."""
    tasks: tuple[str, ...]
    """Tasks that are reached: in the digest by name alone, since each has a closure of its own."""
    packages: tuple[str, ...]
    """Modules of others that are reached, by top-level name; with their distribution's version
    (`numpy: numpy==2.1`) where that is in the digest."""
    widened: tuple[str, ...]
    """For each whole module, why it had to be the whole, and where."""

    @property
    def reaches(self) -> tuple[str, ...]:
        """The names of the parts."""
        return tuple(part.name for part in self.parts)
