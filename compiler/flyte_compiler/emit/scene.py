"""`Scene`: what a picture shows, before any drawing language is chosen.

Boxes and clusters inside clusters, and arrows between boxes. A driver is a cluster; so is each
loop, map, `try`, `with`, helper, and each arm of a branch that has something to show. Every text
is final and unescaped; every id is made of letters, digits and `_`, and unique in its scene. So
an emitter is a table of shapes and a short walk.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias

from flyte_compiler.source.span import Span


class Role(Enum):
    """What a box stands for."""

    PARAMETER = "parameter"
    RESULT = "result"
    LEAVE = "leave"
    """`break` or `continue`."""
    RAISE = "raise"
    TASK = "task"
    DRIVER = "driver"
    """A call of a driver that has a cluster of its own in the scene."""
    TRACE = "trace"
    HELPER = "helper"
    """A call of a helper that has a cluster of its own."""
    FUNCTION = "function"
    PYTHON = "python"
    PACK = "pack"
    GATHER = "gather"
    DECISION = "decision"
    HANDLER = "handler"
    """An `except` with nothing in it to show."""
    DYNAMIC = "dynamic"
    COLLAPSED = "collapsed"
    """A cluster, or several boxes, drawn as one."""


class Frame(Enum):
    """What a cluster stands for."""

    DRIVER = "driver"
    HELPER = "helper"
    ARM = "arm"
    LOOP = "loop"
    MAP = "map"
    TRY = "try"
    HANDLER = "handler"
    CLEANUP = "cleanup"
    """`else` or `finally`."""
    WITH = "with"
    PART = "part"
    """A stretch of a long body."""


class Bond(Enum):
    """What an arrow means."""

    VALUE = "value"
    """The target takes the source's value."""
    DEFERRED = "deferred"
    """The target takes, or awaits, what the source began and did not wait for."""
    AGAIN = "again"
    """The target takes the source's value of the turn before."""
    ORDER = "order"
    """Nothing but their order in the program ties them."""
    CHOICE = "choice"
    """Where a decision goes."""
    CAUGHT = "caught"
    """Where an exception goes."""
    OPENS = "opens"
    """The target's cluster is what the source calls."""


class Mark(Enum):
    """How a cluster's mark is to be taken."""

    GOOD = "good"
    WARM = "warm"
    QUIET = "quiet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Port:
    """A value that enters or leaves a box, for who asks about it."""

    name: str
    type: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """One node, or one end of a driver or a helper."""

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
    is_stack: bool = False
    """Many of it at once."""
    callee: str | None = None
    """`module:function` of what it calls."""
    inputs: tuple[Port, ...] = ()
    type: str | None = None
    """Of its value."""
    span: Span | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """A region, or a whole driver."""

    id: str
    frame: Frame
    title: str
    lines: tuple[str, ...] = ()
    """Code, in small type: a signature."""
    mark: str = ""
    """Said beside the title: `compiled`, `parallel`, `in order`."""
    mood: Mark = Mark.QUIET
    environment: str | None = None
    span: Span | None = None
    figures: tuple[Figure, ...]
    """At least one box, at some depth of each."""


Figure: TypeAlias = Box | Cluster


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrow:
    """From one box to another."""

    source: str
    target: str
    bond: Bond
    lines: tuple[str, ...] = ()
    """The types that flow, each once; or the label of a choice."""
    tail: str | None = None
    """Where the arrow leaves a whole cluster: its id; `source` is then a box in it."""
    head: str | None = None
    """Where the arrow points at a whole cluster: its id; `target` is then a box in it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A whole picture."""

    clusters: tuple[Cluster, ...]
    arrows: tuple[Arrow, ...]
    environments: tuple[str, ...]
    """In order of appearance: an environment's place is its colour."""


def boxes_in(figures: Sequence[Figure]) -> Iterator[Box]:
    """Every box, in order, at any depth."""
    for figure in figures:
        match figure:
            case Box():
                yield figure
            case Cluster(figures=inner):
                yield from boxes_in(inner)


def clusters_in(figures: Sequence[Figure]) -> Iterator[Cluster]:
    """Every cluster, each before those inside it."""
    for figure in figures:
        if isinstance(figure, Cluster):
            yield figure
            yield from clusters_in(figure.figures)
