"""Environments and definitions: what decorators make of functions, across modules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flyte_compiler.callgraph.bodies import Frame, frame_of
from flyte_compiler.callgraph.model import Definition, Environment, Kind
from flyte_compiler.callgraph.names import External, Meaning, Member, Names
from flyte_compiler.syntax.model import Decorator, FunctionDef, ModuleIndex

_KINDS: dict[tuple[str, ...], Kind] = {
    ("task",): Kind.TASK,
    ("compiled_task",): Kind.COMPILED_TASK,
}
"""What an environment's attributes make of a function."""
_TRACE = External("flyte.trace")


@dataclass(frozen=True, slots=True, kw_only=True)
class Definitions:
    """Every function of a program, helpers that reach no task among them."""

    names: Names
    environments: tuple[Environment, ...]
    functions: Mapping[str, tuple[tuple[Definition, tuple[Frame, ...]], ...]]
    """By module: each definition with its frames, innermost first."""


def collect_definitions(modules: Mapping[str, ModuleIndex]) -> Definitions:
    """Find what each function is, environments first: decorators may come from any module."""
    names = Names(modules)
    environments = tuple(
        Environment(module=module, definition=found)
        for module, index in sorted(modules.items())
        for found in index.environments
    )
    for environment in environments:
        names.add(environment)
    functions = {
        module: tuple(_definitions_in(index, names)) for module, index in sorted(modules.items())
    }
    for definitions in functions.values():
        for definition, _ in definitions:
            names.add(definition)
    return Definitions(names=names, environments=environments, functions=functions)


def _definitions_in(
    index: ModuleIndex, names: Names
) -> Iterator[tuple[Definition, tuple[Frame, ...]]]:
    open_frames: list[Frame] = []
    for function in index.functions:  # in source order: outer ones come before inner ones
        while open_frames and not _holds(open_frames[-1], function):
            open_frames.pop()
        around = tuple(reversed(open_frames))
        kind, environment = _declared(function, index, around, names)
        definition = Definition(
            module=index.module, function=function, kind=kind, environment=environment
        )
        open_frames.append(frame_of(index, function))
        yield definition, tuple(reversed(open_frames))


def _holds(frame: Frame, function: FunctionDef) -> bool:
    outer = frame.function.span
    return outer.start <= function.span.start and function.span.end <= outer.end


def _declared(
    function: FunctionDef, index: ModuleIndex, around: tuple[Frame, ...], names: Names
) -> tuple[Kind, Environment | None]:
    """What the decorator nearest to the function that says anything makes of it."""
    for decorator in reversed(function.decorators):
        meaning = _decorator_meaning(decorator, function, index, around, names)
        if meaning == _TRACE:
            return Kind.TRACE, None
        if isinstance(meaning, Member) and isinstance(meaning.target, Environment):
            kind = _KINDS.get(meaning.rest)
            if kind is not None:
                return kind, meaning.target
    return Kind.HELPER, None


def _decorator_meaning(
    decorator: Decorator,
    function: FunctionDef,
    index: ModuleIndex,
    around: tuple[Frame, ...],
    names: Names,
) -> Meaning:
    """A decorator's name is looked up in the class around the function, then in the functions
    around it, then in the module."""
    if not decorator.target:
        return None
    parts = decorator.target.split(".")
    scope = function.name.rpartition(".")[0]
    if scope and not scope.endswith("<locals>"):
        member = names.member(index.module, parts, prefix=f"{scope}.")
        if member is not None:
            return member
    for frame in around:
        if parts[0] in frame.local:
            return names.member(index.module, parts, prefix=frame.prefix)
    return names.meaning(index.module, parts)
