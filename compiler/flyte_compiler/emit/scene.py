"""`Scene`: what a picture shows, before any drawing language is chosen.

Boxes, arrows between them, and a cluster for each driver. Every text is final and unescaped;
every id is made of letters, digits and `_`, and unique in its scene. So an emitter is a table
of shapes and a short walk.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Role(Enum):
    """What a box stands for."""

    PARAMETER = "parameter"
    RESULT = "result"
    TASK = "task"
    DRIVER = "driver"
    """A call of a driver that has a cluster of its own in the scene."""
    TRACE = "trace"
    PYTHON = "python"
    PACK = "pack"
    GATHER = "gather"
    DYNAMIC = "dynamic"


class Bond(Enum):
    """What an arrow means."""

    VALUE = "value"
    """The target takes the source's value."""
    ORDER = "order"
    """Nothing but their order in the program ties them."""
    OPENS = "opens"
    """The target's cluster is what the source calls."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One node, or one end of a driver."""

    id: str
    role: Role
    title: str = ""
    lines: tuple[str, ...] = ()
    """Code, in small type."""
    notes: tuple[str, ...] = ()
    """Words, in small type."""
    hint: str
    """Shown on hovering, where the format can."""
    environment: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """From one box to another."""

    source: str
    target: str
    bond: Bond
    lines: tuple[str, ...] = ()
    """The types that flow, each once."""
    cluster: str | None = None
    """Where the arrow points at a whole cluster: its id; `target` is then a box in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One driver."""

    id: str
    title: str
    lines: tuple[str, ...]
    """Its signature."""
    mark: str
    """`compiled`, or `dynamic` and how many of its nodes are."""
    is_compiled: bool
    environment: str | None
    boxes: tuple[Box, ...]
    """At least one."""
    arrows: tuple[Arrow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A whole picture."""

    clusters: tuple[Cluster, ...]
    links: tuple[Arrow, ...]
    """Between clusters."""
    environments: tuple[str, ...]
    """In order of appearance: an environment's place is its colour."""
