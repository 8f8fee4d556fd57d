"""What changed in a driver's graph: calls that came and went, and where arguments come from.

Calls are matched by what they call and what they take, never by their nodes' ids: a statement
put in before them renumbers those. Of one callee, the calls that are most alike are matched
first, then the others in the order of source; what is left over came or went.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flyte_compiler.diff.model import (
    ArgumentChanged,
    CallMoved,
    CallsChanged,
    Change,
    Origins,
    OutcomeChanged,
)
from flyte_compiler.diff.origins import Flow
from flyte_compiler.diff.walk import placed_regions
from flyte_plan.plan import NamedOperand, PlannedTask, TaskNode, TraceNode


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One place in source that calls a task or a trace."""

    callee: str
    arguments: tuple[tuple[str, Origins], ...]
    """Options of an `override` among them. Sorted by name; of several of one name, together."""
    within: tuple[str, ...]


def call_changes(old: PlannedTask, new: PlannedTask, names: Mapping[str, str]) -> Iterator[Change]:
    """The changes between two graphs; none where one is a leaf's.

    `names` says what tasks are called now that were called otherwise.
    """
    if old.graph is None or new.graph is None:
        return
    old_flow, new_flow = Flow(old, names), Flow(new)
    before = _by_callee(_calls(old, old_flow, names))
    after = _by_callee(_calls(new, new_flow, {}))
    for callee in dict.fromkeys((*after, *before)):
        changes = _of_callee(callee, before.get(callee, []), after.get(callee, []))
        yield from dict.fromkeys(changes)
    if old_flow.returned() != new_flow.returned():
        yield OutcomeChanged(old=old_flow.returned(), new=new_flow.returned())


def _calls(task: PlannedTask, flow: Flow, names: Mapping[str, str]) -> Iterator[Call]:
    """The calls of a driver in program order, its helpers' after its own."""
    if task.graph is None:
        return
    for placed in placed_regions(task.graph):
        for node in placed.region.nodes:
            match node:
                case TaskNode(task=name, overrides=overrides):
                    options = _arguments(overrides, flow, "override ")
                    arguments = (*_arguments(node.inputs, flow), *options)
                case TraceNode(trace=name):
                    arguments = tuple(_arguments(node.inputs, flow))
                case _:
                    continue
            yield Call(
                callee=names.get(name, name),
                arguments=tuple(sorted(arguments, key=lambda argument: argument[0])),
                within=placed.within,
            )


def _arguments(
    operands: Iterable[NamedOperand], flow: Flow, prefix: str = ""
) -> Iterator[tuple[str, Origins]]:
    together = defaultdict(list)
    for each in operands:
        together[each.name].append(each.value)
    for name, values in together.items():
        yield f"{prefix}{name}", flow.of_all(values)


def _by_callee(calls: Iterable[Call]) -> dict[str, list[Call]]:
    found: dict[str, list[Call]] = defaultdict(list)
    for call in calls:
        found[call.callee].append(call)
    return found


def _of_callee(callee: str, old: Sequence[Call], new: Sequence[Call]) -> Iterator[Change]:
    pairs, gone, came = _matched(old, new)
    if gone or came:
        places = dict.fromkeys(call.within[-1] for call in (*gone, *came) if call.within)
        yield CallsChanged(callee=callee, old=len(old), new=len(new), within=tuple(places))
    for before, after in pairs:
        yield from _of_call(before, after)


def _matched(
    old: Sequence[Call], new: Sequence[Call]
) -> tuple[list[tuple[Call, Call]], Sequence[Call], Sequence[Call]]:
    """The calls that are the same but for a change, and what is left over of one side."""
    pairs: list[tuple[Call, Call]] = []
    for key in _LIKENESS:
        waiting: dict[Hashable, deque[Call]] = defaultdict(deque)
        for call in old:
            waiting[key(call)].append(call)
        left = []
        for call in new:
            if alike := waiting[key(call)]:
                pairs.append((alike.popleft(), call))
            else:
                left.append(call)
        old, new = [call for calls in waiting.values() for call in calls], left
    return pairs, old, new


_LIKENESS: tuple[Callable[[Call], Hashable], ...] = (
    lambda call: call,
    lambda call: call.arguments,
    lambda call: (call.within, tuple(name for name, _ in call.arguments)),
    lambda call: call.within,
    lambda call: None,
)
"""What calls of one callee have in common that are matched, the most first."""


def _of_call(old: Call, new: Call) -> Iterator[Change]:
    if old.within != new.within:
        yield CallMoved(callee=new.callee, old=old.within, new=new.within)
    before, after = dict(old.arguments), dict(new.arguments)
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) != after.get(name):
            yield ArgumentChanged(
                callee=new.callee, argument=name, old=before.get(name), new=after.get(name)
            )
