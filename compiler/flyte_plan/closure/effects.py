"""What importing a module does to its names by calling its own functions.

`register(f)`, `@register` and a subclass of what has `__init_subclass__` bind no name, and yet
give a value: to each name that the function rebinds or changes in place.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator

from flyte_plan.closure.bindings import (
    Assigned,
    Bindings,
    Rebound,
    changed_names,
    function_block,
    is_ours,
)
from flyte_plan.closure.own import Function, dotted

_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


def bind_effects(bindings: Bindings, body: Iterable[ast.stmt], *, has_globals: bool) -> None:
    """Add to a module's bindings what its functions and classes do to its names.

    Without `has_globals` nothing in the module is declared `global`.
    """
    definitions = [*_definitions(body)]
    for definition in definitions:
        calls = bindings.calls.get(definition.name, [])
        if not has_globals and not calls:
            continue
        for name in dict.fromkeys(_bound_by(definition, bindings, is_called=bool(calls))):
            bindings.bind(name, Rebound(definition.name))
            for call in calls:
                bindings.bind(name, call)
    for definition in definitions:
        if isinstance(definition, ast.ClassDef) and _sees_subclasses(definition):
            for subclass in _subclasses(definition.name, definitions):
                bindings.bind(definition.name, Assigned(subclass, (), bindings.order))


def _definitions(body: Iterable[ast.stmt]) -> Iterator[Function | ast.ClassDef]:
    """The functions and classes of the module itself, under `if` and its like too."""
    pending: list[ast.AST] = [*body]
    pending.reverse()
    while pending:
        part = pending.pop()
        if isinstance(part, Function | ast.ClassDef):
            yield part
            continue
        for name in _BLOCKS:
            pending.extend(getattr(part, name, ()))


def _bound_by(
    definition: Function | ast.ClassDef, bindings: Bindings, *, is_called: bool
) -> Iterator[str]:
    """The module's names that a function declares `global`, or changes when it is called."""
    local = function_block(definition, "") if is_called and isinstance(definition, Function) else {}
    for part in _statements_in(definition.body):
        if isinstance(part, ast.Global):
            yield from part.names
        elif is_called:
            for name in changed_names(part):
                if name in bindings.names and not local.get(name) and not is_ours(bindings, name):
                    yield name


def _sees_subclasses(definition: ast.ClassDef) -> bool:
    return any(
        isinstance(part, Function) and part.name == "__init_subclass__" for part in definition.body
    )


def _subclasses(
    name: str, definitions: Iterable[Function | ast.ClassDef]
) -> Iterator[ast.ClassDef]:
    for each in definitions:
        if isinstance(each, ast.ClassDef) and any(dotted(base) == (name,) for base in each.bases):
            yield each


def _statements_in(body: Iterable[ast.stmt]) -> Iterator[ast.AST]:
    """All statements, those in blocks and definitions too."""
    pending: list[ast.AST] = [*body]
    while pending:
        part = pending.pop()
        yield part
        for name in _BLOCKS:
            pending.extend(getattr(part, name, ()))
