"""What was read of a module: all that a closure needs of it, without its syntax tree.

Facts depend on the file's bytes and its package alone, so that they can be kept by file digest.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Use:
    """A name that a piece of code uses and doesn't bind itself, or something that it imports."""

    name: tuple[str, ...]
    """As the code has it: `a.b.c` in parts."""
    module: str | None
    """Of what the code itself imports; None for a name that is free in it."""
    attributes: tuple[str, ...]
    """What is used of the module."""
    is_optional: bool
    """Whether it may have no binding outside: a name that a class binds too, or one in an
    annotation that is text."""
    line: int
    """Of the first such use."""


@dataclass(frozen=True, slots=True)
class Import:
    """`attribute` of `module`, or the module itself."""

    module: str
    attribute: str | None

    @property
    def attributes(self) -> tuple[str, ...]:
        """What is imported of the module."""
        return () if self.attribute is None else (self.attribute,)


@dataclass(frozen=True, slots=True)
class Name:
    """What a block says of one name."""

    imports: tuple[Import, ...]
    is_unit: bool
    """Whether code of this module has a part in its value."""
    is_task: bool
    is_known_by_name: bool
    """A task or an environment: its code is in no other closure."""
    rebound_by: tuple[str, ...]
    """Functions and classes that declare it `global`."""
    orders: tuple[int, ...]
    """The places of its bindings among the module's statements."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The code behind one name."""

    form: bytes
    """A digest of its normal form."""
    uses: tuple[Use, ...]
    orders: tuple[int, ...]
    """The places of its assignments, which are executed in the module's order."""
    is_function: bool
    owner: str | None
    """The class that it stands in, where it sees anything of that."""


@dataclass(frozen=True, slots=True)
class Outline:
    """What a module binds."""

    names: dict[str, Name]
    stars: tuple[str, ...]
    """The modules that it imports everything from."""
    exports: frozenset[str] | None
    """The texts of `__all__`; None where there is none, or only a run could tell."""


@dataclass(slots=True)
class Facts:
    """All that was read of a module so far."""

    outline: Outline | None = None
    fault: str | None = None
    """Why it can't be read as Python; None where it can."""
    units: dict[str, Unit] = field(default_factory=dict)
