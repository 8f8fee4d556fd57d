"""A change, an origin, a cause: each as a clause of a report."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import assert_never

from flyte_compiler.diff.model import (
    ArgumentChanged,
    BodyChanged,
    CallMoved,
    CallsChanged,
    Cause,
    CauseKind,
    Change,
    ExecutionChanged,
    OptionChanged,
    Origin,
    OriginKind,
    Origins,
    OutcomeChanged,
    ParameterChanged,
    ParametersReordered,
    PartChanged,
    Presence,
    ResultChanged,
    Trait,
    TraitChanged,
    VersionChanged,
)

_LONGEST = 60
"""Characters of source that are shown: the report is no listing."""
_FEWEST_WORDS = {1: "one", 2: "two", 3: "three"}


def change_words(change: Change) -> Iterator[str]:
    """What changed in a task, a line a clause."""
    match change:
        case TraitChanged():
            yield _trait(change)
        case BodyChanged():
            yield "its own source changed"
        case ParameterChanged(name=name, old=old, new=new):
            yield _presence_of(f"the parameter `{name}`", old, new)
        case ParametersReordered(old=old_names, new=new_names):
            yield f"its parameters are in the order {_listed(new_names)}, not {_listed(old_names)}"
        case ResultChanged(old=old, new=new):
            yield _presence_of("the annotation of its result", old, new)
        case OptionChanged(name=name, old=old, new=new):
            yield _presence_of(f"the option `{name}`", old, new)
        case PartChanged(part=part, presence=presence):
            yield _PRESENCE[presence].format(part_words(part))
        case VersionChanged():
            yield "its version changed, for a reason that the plans don't hold"
        case ExecutionChanged():
            yield from _execution(change)
        case CallsChanged():
            yield _calls(change)
        case CallMoved(callee=callee, old=was, new=now):
            yield f"a call of `{callee}` now stands in {_within(now)} instead of {_within(was)}"
        case ArgumentChanged():
            yield _argument(change)
        case OutcomeChanged(old=was_from, new=now_from):
            yield _source("what it returns", was_from, now_from)
        case _:
            assert_never(change)


def cause_words(cause: Cause) -> str:
    """Why a recorded result isn't reused."""
    name = cause.name or ""
    match cause.kind:
        case CauseKind.NAME:
            return f"it is recorded under its old name `{name}`"
        case CauseKind.MODULE:
            return f"it was in the module `{name}`"
        case CauseKind.BODY:
            return "its own source changed"
        case CauseKind.PART:
            return f"{part_words(name)}, which it reaches, changed"
        case CauseKind.CACHE:
            return f"its option `{name}` changed"
        case CauseKind.VERSION:
            return "its version changed"
        case CauseKind.CALLEE:
            return f"`{name}`, which it {_reaches('calls', cause)}, changed"
        case CauseKind.CALLEE_ADDED:
            return f"`{name}`, which it {_reaches('calls', cause)}, is new"
        case CauseKind.CALLEE_REMOVED:
            return f"`{name}`, which it {_reaches('called', cause)}, is not reached any more"
        case _:
            assert_never(cause.kind)


def part_words(part: str) -> str:
    """A definition by its name."""
    module, _, name = part.partition(":")
    return f"the module `{module}`" if name == "*" else f"`{part}`"


def counted(count: int, word: str) -> str:
    """`1 task`, `2 tasks`."""
    return f"{count} {word}" if count == 1 else f"{count} {word}s"


def origin_words(origins: Origins) -> str:
    """Where a value may come from."""
    return _either([_origin(each) for each in origins]) if origins else "the driver's own Python"


def short(text: str) -> str:
    """Source on one line, cut where it is long."""
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1]}…"


_PRESENCE: Mapping[Presence, str] = {
    Presence.ADDED: "it reaches {} now",
    Presence.REMOVED: "it does not reach {} any more",
    Presence.CHANGED: "{}, which it reaches, changed",
}
_TRAITS: Mapping[Trait, str] = {
    Trait.NAME: "it is the task that was called `{old}`",
    Trait.MODULE: (
        "it was in the module `{old}`, and is in `{new}`: "
        "whether its source changed can't be told, since its version covers the module's name"
    ),
    Trait.DECLARED: "it is declared `{new}`, not `{old}`",
    Trait.KIND: "it is a {new} now, and was a {old}",
    Trait.CALLING: "it is {new} now, and was {old}",
}


def _trait(change: TraitChanged) -> str:
    return _TRAITS[change.trait].format(old=change.old, new=change.new)


def _presence_of(what: str, old: str | None, new: str | None) -> str:
    if old is None:
        return f"{what} is new: `{short(new or '')}`"
    if new is None:
        return f"{what} is gone: `{short(old)}`"
    return f"{what} is `{short(new)}`, and was `{short(old)}`"


def _execution(change: ExecutionChanged) -> Iterator[str]:
    if change.old != change.new:
        yield f"it is {change.new} now, and was {change.old}"
    else:
        yield f"it stays {change.new}, for other reasons"
    yield from (f"  {each.code}: {short(each.message)}" for each in change.reasons)


def _calls(change: CallsChanged) -> str:
    where = f", in {_joined(change.within)}" if change.within else ""
    callee, old, new = change.callee, change.old, change.new
    if not old:
        times = "" if new == 1 else f", at {new} places"
        return f"it calls `{callee}` now{times}{where}"
    if not new:
        return f"it does not call `{callee}` any more"
    count = abs(new - old)
    number = _FEWEST_WORDS.get(count, str(count))
    times = "time" if count == 1 else "times"
    said = f"more {times}" if new > old else f"{times} fewer"
    return f"it calls `{callee}` {number} {said}{where}"


def _argument(change: ArgumentChanged) -> str:
    what = f"{_argument_name(change.argument)} of `{change.callee}`"
    if change.old is None:
        return f"{what} is given now: {origin_words(change.new or ())}"
    if change.new is None:
        return f"{what} is not given any more"
    return _source(what, change.old, change.new)


def _argument_name(name: str) -> str:
    option = name.removeprefix("override ")
    if option != name:
        return f"the override `{option}`"
    return f"the argument {int(name) + 1}" if name.isdecimal() else f"the argument `{name}`"


def _source(what: str, old: Origins, new: Origins) -> str:
    """Only what differs is named where one side has all of the other and more."""
    more = [each for each in new if each not in old]
    fewer = [each for each in old if each not in new]
    if old and not fewer:
        return f"{what} may now come from {origin_words(tuple(more))}, too"
    if new and not more:
        return f"{what} does not come from {_either([_origin(each) for each in fewer])} any more"
    if all(each.kind is OriginKind.LITERAL for each in (*old, *new)) and old and new:
        return f"{what} is now {origin_words(new)} instead of {origin_words(old)}"
    return f"{what} now comes from {origin_words(new)} instead of {origin_words(old)}"


def _origin(origin: Origin) -> str:
    name = f"`{short(origin.name)}`"
    return f"the parameter {name}" if origin.kind is OriginKind.PARAMETER else name


def _within(places: Sequence[str]) -> str:
    return " in ".join(reversed(places)) if places else "its body"


def _reaches(calls: str, cause: Cause) -> str:
    if not cause.through:
        return calls
    path = ", ".join(f"`{each}`" for each in cause.through)
    return f"{'reaches' if calls == 'calls' else 'reached'} through {path}"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _joined(words: Sequence[str]) -> str:
    return " and ".join(words)


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, (", ".join(words[:-1]), words[-1])))
