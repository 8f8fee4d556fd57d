"""A call: what a driver asked for, and its identity, fixed when it was asked."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal, Protocol

from flyte._context import CURRENT_GROUP
from flyte._custom_context import CUSTOM_CONTEXT
from flyte._engine.values import Snapshot, snapshot
from flyte._journal.records import Outcome
from flyte_plan.identity import CompiledSlot, DynamicSlot, action_id, call_key, item_id

CallKind = Literal["task", "trace", "item"]
"""An item is what a traced generator gives at one time: a record in the driver's order, but no
call of its own to a user."""


class Target(Protocol):
    """What is called: a task or a trace."""

    @property
    def name(self) -> str:
        """`environment.function`, or `module.function` for a trace."""

    @property
    def function(self) -> Callable[..., Any]:
        """The user's own function."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call of one driver."""

    id: bytes
    kind: CallKind
    target: Any
    """A `Target`; `Any` because its parameters are the user's."""
    inputs: Snapshot
    group: str | None
    slot: str
    file: str
    line: int
    attempt: int = 0
    """Which of its driver's attempts makes it, from 0."""
    generator: bytes | None = None
    """Of an item: the traced generator's call."""
    words: Mapping[str, str] | None = None
    """`flyte.custom_context` where it is made; no part of its identity. None: as the run has it."""

    @property
    def name(self) -> str:
        """The called task's or trace's name."""
        return str(self.target.name)

    @property
    def place(self) -> str:
        """Where it stands in the user's source."""
        return f"{self.file}:{self.line}"


class Maker(Protocol):
    """The attempt of a driver that makes a call."""

    @property
    def number(self) -> int:
        """Which attempt it is, from 0."""

    def must_repeat(self, identity: bytes) -> bool:
        """Whether an earlier attempt made the call and got an error, or nothing."""


NextIndex = Callable[[bytes], int]
"""How many calls of a call key the branch has made before this one."""


def identify_dynamic(
    *,
    driver: bytes,
    branch: tuple[tuple[str, int], ...],
    next_index: NextIndex,
    kind: CallKind,
    target: Target,
    arguments: Mapping[str, object],
    maker: Maker,
) -> Call:
    """Identify a call by its branch and its number there.

    Raises:
        UnencodableError: an argument has no encoding.
    """
    inputs = snapshot(arguments)
    group = CURRENT_GROUP.get()
    key = call_key(parent=driver, kind=kind, task=target.name, inputs=inputs.digest, group=group)
    slot = DynamicSlot(branch, next_index(key))
    file, line = user_place()
    readable = "/".join([*(f"{name}.{n}" for name, n in branch), f"#{slot.index}"])
    identity, readable = _settled(key, slot, readable, maker)
    return Call(
        id=identity, kind=kind, target=target, inputs=inputs, group=group,
        slot=readable, file=file, line=line, attempt=maker.number,
        words=CUSTOM_CONTEXT.get(),
    )  # fmt: skip


def identify_compiled(
    *,
    driver: bytes,
    slot: CompiledSlot,
    kind: CallKind,
    target: Target,
    arguments: Mapping[str, object],
    place: tuple[str, int],
    maker: Maker,
) -> Call:
    """Identify a call by its node in the plan.

    Raises:
        UnencodableError: an argument has no encoding.
    """
    inputs = snapshot(arguments)
    group = CURRENT_GROUP.get()
    key = call_key(parent=driver, kind=kind, task=target.name, inputs=inputs.digest, group=group)
    readable = "/".join(slot.node) + "".join(f"[{index}]" for index in slot.iteration)
    identity, readable = _settled(key, slot, readable, maker)
    return Call(
        id=identity, kind=kind, target=target, inputs=inputs, group=group,
        slot=readable, file=place[0], line=place[1], attempt=maker.number,
        words=CUSTOM_CONTEXT.get(),
    )  # fmt: skip


def _settled(
    key: bytes, slot: DynamicSlot | CompiledSlot, readable: str, maker: Maker
) -> tuple[bytes, str]:
    """A call's id, and its slot as shown."""
    identity = action_id(key, slot)
    if not maker.number or not maker.must_repeat(identity):
        return identity, readable
    again = action_id(key, replace(slot, retry=maker.number))
    return again, f"{readable} (attempt {maker.number + 1})"


def identify_item(call: Call, index: int) -> Call:
    """Identify the `index`-th item, from 0, of a traced generator's call."""
    return replace(
        call, id=item_id(call.id, index), kind="item", inputs=snapshot({}),
        slot=f"{call.slot}/item.{index}", generator=call.id,
    )  # fmt: skip


def user_place() -> tuple[str, int]:
    """File and line of the innermost frame that is not ours."""
    frame = sys._getframe(1)
    while frame.f_globals.get("__name__", "").partition(".")[0] == "flyte":
        if frame.f_back is None:
            return "", 0
        frame = frame.f_back
    return frame.f_code.co_filename, frame.f_lineno


Settle = Callable[[Outcome | None], None]
"""Hand the driver an outcome; None tells it to run the call itself."""


class Request:
    """A call that its driver waits for."""

    __slots__ = ("begin", "call", "cancel", "ordered", "settle")

    def __init__(
        self,
        call: Call,
        settle: Settle,
        begin: Callable[[Request], None],
        *,
        ordered: bool = False,
    ) -> None:
        self.call = call
        self.ordered = ordered
        """Whether a coroutine waits, so that its turn among others is recorded."""
        self.settle = settle
        self.begin = begin
        """Start it: it has no record, and the recorded past has been retraced."""
        self.cancel: Callable[[], None] | None = None
        """Stop its attempt, where one is running and can be stopped."""
