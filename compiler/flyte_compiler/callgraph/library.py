"""Calls of what the SDK offers: `flyte.Resources(...)`, `flyte.map.aio(...)`, `env.task(...)`.

Rules check their arguments and what becomes of their values; none of them is a call site.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import libcst as cst

from flyte_compiler.callgraph.bodies import Body, HeldCall
from flyte_compiler.callgraph.definitions import Definitions
from flyte_compiler.callgraph.model import (
    CallArgument,
    Definition,
    Environment,
    LibraryCall,
)
from flyte_compiler.callgraph.names import External, Member
from flyte_compiler.callgraph.targets import meaning_of, without_overrides
from flyte_compiler.callgraph.uses import fate_of, surroundings_of
from flyte_compiler.syntax.positions import Positions
from flyte_compiler.syntax.tree import head

_SDK = "flyte."
_ENVIRONMENT_METHODS = frozenset({"task", "compiled_task", "clone_with", "add_dependency"})
_TASK_METHODS = frozenset({"override"})
_METHODS = _ENVIRONMENT_METHODS | _TASK_METHODS


def library_calls(body: Body, found: Definitions) -> Iterator[LibraryCall]:
    """Those in one body, in source order."""
    imported = {each.local for each in body.index.imports} | body.index.aliases.keys()
    stars = "*" in imported
    for call in body.calls:
        func = call.node.func
        first = head(func)
        is_method = isinstance(func, cst.Attribute) and func.attr.value in _METHODS
        if not is_method and not stars and (first is None or first.value not in imported):
            continue
        if (called := _called(call, body, found)) is not None:
            name, owner = called
            yield _library_call(call, name, owner, body, found)


def arguments_at(arguments: Iterable[cst.Arg], positions: Positions) -> tuple[CallArgument, ...]:
    """The arguments of a call as they stand in it."""
    return tuple(
        CallArgument(
            keyword=None if argument.keyword is None else argument.keyword.value,
            star=argument.star,
            text=positions.text(argument.value),
            span=positions.span(argument.value),
        )
        for argument in arguments
    )


def _called(
    call: HeldCall, body: Body, found: Definitions
) -> tuple[str, Definition | Environment | None] | None:
    """What a call calls by its documented name, and the object that it is asked of."""
    func = call.node.func
    if isinstance(func, cst.Attribute) and func.attr.value in _TASK_METHODS:
        inner = without_overrides(func.value)
        meaning = meaning_of(inner.expression, call.hidden, body, found.names)
        match meaning:
            case Member(target=Definition(is_task=True) as task, rest=()) if not inner.suffix:
                return f"Task.{func.attr.value}", task
            case _:
                return None
    match meaning_of(func, call.hidden, body, found.names):
        case External(name=name) if name.startswith(_SDK):
            return name.removeprefix(_SDK), None
        case Member(target=Environment() as environment, rest=(method,)) if (
            method in _ENVIRONMENT_METHODS
        ):
            return f"TaskEnvironment.{method}", environment
        case _:
            return None


def _library_call(
    call: HeldCall,
    name: str,
    owner: Definition | Environment | None,
    body: Body,
    found: Definitions,
) -> LibraryCall:
    positions = body.index.positions
    fate = fate_of(call, body, found.names, lambda _: None)
    return LibraryCall(
        caller=found.owner_of(body),
        module=body.index.module,
        name=name,
        owner=owner,
        arguments=arguments_at(call.node.args, positions),
        use=fate.use,
        kept_as=fate.kept_as,
        escapes=fate.escapes,
        surroundings=surroundings_of(call.node, body),
        span=positions.span(call.node),
        callee_span=positions.span(call.node.func),
        tree=call.node,
    )
