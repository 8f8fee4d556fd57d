"""What changed in one task, apart from its calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import chain

from flyte_compiler.diff.calls import call_changes
from flyte_compiler.diff.model import (
    BodyChanged,
    Change,
    ExecutionChanged,
    OptionChanged,
    ParameterChanged,
    ParametersReordered,
    PartChanged,
    Presence,
    Reason,
    ResultChanged,
    Trait,
    TraitChanged,
    VersionChanged,
)
from flyte_compiler.diff.source_text import normalised
from flyte_compiler.diff.walk import all_nodes
from flyte_plan.plan import DynamicNode, PlannedParameter, PlannedTask

_MARKED = frozenset({"*", "**"})
_UNUSUAL = frozenset({"positional-only", "keyword-only"})


def task_changes(
    old: PlannedTask, new: PlannedTask, names: Mapping[str, str]
) -> tuple[Change, ...]:
    """Every change of a task, in the order of a report; none where nothing that matters differs.

    `names` says what tasks are called now that were called otherwise.
    """
    versions = tuple(_version_changes(old, new))
    return tuple(
        chain(
            _trait_changes(old, new),
            _interface_changes(old, new),
            _option_changes(old, new),
            versions,
            _execution_changes(old, new),
            call_changes(old, new, names),
        )
    )


def own_part(task: PlannedTask) -> str:
    """The name of the task's own definition among its parts."""
    return f"{task.module}:{task.function}"


def is_other_version(old: PlannedTask, new: PlannedTask) -> bool:
    """Whether the source closures differ."""
    return old.digest != new.digest


def _trait_changes(old: PlannedTask, new: PlannedTask) -> Iterator[Change]:
    before, after = _traits(old), _traits(new)
    for trait in Trait:
        if before[trait] != after[trait]:
            yield TraitChanged(trait=trait, old=before[trait], new=after[trait])


def _traits(task: PlannedTask) -> dict[Trait, str]:
    return {
        Trait.NAME: task.name,
        Trait.MODULE: task.module,
        Trait.DECLARED: task.declared,
        Trait.KIND: "leaf" if task.graph is None else "driver",
        Trait.CALLING: "async" if task.is_async else "sync",
    }


def _interface_changes(old: PlannedTask, new: PlannedTask) -> Iterator[Change]:
    before = {each.name: _parameter(each) for each in old.parameters}
    after = {each.name: _parameter(each) for each in new.parameters}
    for name in dict.fromkeys((*after, *before)):
        if before.get(name) != after.get(name):
            yield ParameterChanged(name=name, old=before.get(name), new=after.get(name))
    if set(before) == set(after) and tuple(before) != tuple(after):
        yield ParametersReordered(old=tuple(before), new=tuple(after))
    if _written(old.result) != _written(new.result):
        yield ResultChanged(old=_written(old.result), new=_written(new.result))


def _parameter(parameter: PlannedParameter) -> str:
    """As in source, and with its kind where that isn't the usual one."""
    declared, given = _written(parameter.type), _written(parameter.default)
    annotation = "" if declared is None else f": {declared}"
    equals = "=" if declared is None else " = "
    default = "" if given is None else f"{equals}{given}"
    mark = parameter.kind if parameter.kind in _MARKED else ""
    text = f"{mark}{parameter.name}{annotation}{default}"
    return f"{text} ({parameter.kind})" if parameter.kind in _UNUSUAL else text


def _written(text: str | None) -> str | None:
    return None if text is None else normalised(text)


def _option_changes(old: PlannedTask, new: PlannedTask) -> Iterator[Change]:
    before, after = _options(old), _options(new)
    for name in sorted({*before, *after}):
        if before.get(name) != after.get(name):
            yield OptionChanged(name=name, old=before.get(name), new=after.get(name))


def _options(task: PlannedTask) -> dict[str, str]:
    """By name; several unpacked mappings as one text."""
    found: dict[str, str] = {}
    for option in task.options:
        text, said = normalised(option.text), found.get(option.name)
        found[option.name] = text if said is None else f"{said}, {text}"
    return found


def _version_changes(old: PlannedTask, new: PlannedTask) -> Iterator[Change]:
    """What of the source closure differs: the task's own definition, and what that reaches."""
    before = {part.name: part.digest for part in old.parts}
    after = {part.name: part.digest for part in new.parts}
    own = before.pop(own_part(old), None), after.pop(own_part(new), None)
    if old.module != new.module:
        before = _moved_along(before, after, old.module, new.module)
    parts = [
        PartChanged(part=name, presence=_presence(name, before, after))
        for name in sorted({*before, *after})
        if before.get(name) != after.get(name)
    ]
    is_moved = own_part(old) != own_part(new)
    if own[0] != own[1] and not is_moved:
        yield BodyChanged()
    yield from parts
    if is_other_version(old, new) and own[0] == own[1] and not parts:
        yield VersionChanged()


def _moved_along(
    before: Mapping[str, str], after: Mapping[str, str], old: str, new: str
) -> dict[str, str]:
    """The parts as they would be called, and have as digests, had they moved as the task did."""
    moved: dict[str, str] = {}
    for name, digest in before.items():
        module, _, definition = name.partition(":")
        renamed = f"{new}:{definition}"
        if module == old and name not in after and renamed in after:
            moved[renamed] = after[renamed]
        else:
            moved[name] = digest
    return moved


def _presence(name: str, before: Mapping[str, str], after: Mapping[str, str]) -> Presence:
    if name not in before:
        return Presence.ADDED
    return Presence.CHANGED if name in after else Presence.REMOVED


def _execution_changes(old: PlannedTask, new: PlannedTask) -> Iterator[Change]:
    if old.graph is None or new.graph is None:
        return
    before, after = _reasons(old), _reasons(new)
    if before != after:
        yield ExecutionChanged(
            old="dynamic" if before else "compiled",
            new="dynamic" if after else "compiled",
            reasons=after,
        )


def _reasons(task: PlannedTask) -> tuple[Reason, ...]:
    """Why a driver is dynamic, each reason once; none where it is compiled."""
    nodes = () if task.graph is None else all_nodes(task.graph)
    found = {
        Reason(code=node.code, message=node.message)
        for node in nodes
        if isinstance(node, DynamicNode)
    }
    return tuple(sorted(found))
