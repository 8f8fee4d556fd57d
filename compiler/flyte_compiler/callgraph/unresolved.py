"""Calls of names that nothing in sight defines, in the bodies of tasks and traces.

Silent wherever a name may come from somewhere that can't be seen: a star import of a foreign
module, `exec`, a package's submodules, a variable.
"""

from __future__ import annotations

import builtins
from collections.abc import Iterable

import libcst as cst

from flyte_compiler.callgraph.bodies import Body, HeldCall, name_parts
from flyte_compiler.callgraph.model import Definition, Kind, UnresolvedCall
from flyte_compiler.callgraph.names import Missing, Names, Unbound
from flyte_compiler.callgraph.targets import called_name
from flyte_compiler.source.span import Span
from flyte_compiler.syntax.scope import Access

_BUILTINS = frozenset(dir(builtins)) | {
    *("copyright", "credits", "exit", "license", "quit"),  # where `site` ran
    *("PythonFinalizationError", "BaseExceptionGroup", "ExceptionGroup"),  # of other versions
    *("__annotations__", "__builtins__", "__cached__", "__class__", "__file__", "__path__"),
}


def unresolved_calls(
    owner: Definition | None, body: Body, calls: Iterable[HeldCall], names: Names
) -> list[UnresolvedCall]:
    """The calls of a task's or trace's body whose name provably means nothing, each name once a
    place: `lost` of `lost.override(...).aio(x)`."""
    if owner is None or owner.kind is Kind.HELPER:
        return []
    found: dict[Span, UnresolvedCall] = {}
    for call in calls:
        expression = called_name(call.node)
        parts = name_parts(expression)
        lost = None if parts is None else _lost(parts, call, body, names)
        if parts is None or lost is None:
            continue
        length, candidates = lost
        for _ in range(len(parts) - length):
            expression = cst.ensure_type(expression, cst.Attribute).value
        span = body.index.positions.span(expression)
        name = ".".join(parts[:length])
        found[span] = UnresolvedCall(caller=owner, name=name, candidates=candidates, span=span)
    return list(found.values())


def _lost(
    parts: tuple[str, ...], call: HeldCall, body: Body, names: Names
) -> tuple[int, tuple[str, ...]] | None:
    """How many parts of the name it takes to mean nothing, and what they could have meant; None
    where the name means something, or might."""
    match body.meaning(names, parts, call.hidden):
        case Unbound(name=name):
            if name in _BUILTINS or body.index.is_open or _runs_text(body):
                return None
            local = sorted({name for frame in body.frames for name in frame.local})
            return 1, (*names.visible(body.index.module), *local)
        case Missing(module=module, name=name):
            # `from tasks import lost` fails as an import, and is said there.
            if name not in parts[1:]:
                return None
            length = parts.index(name, 1) + 1
            before = ".".join(parts[: length - 1])
            return length, tuple(f"{before}.{seen}" for seen in names.visible(module))
        case _:
            return None


def _runs_text(body: Body) -> bool:
    return any("exec" in frame.contents.names(Access.READ) for frame in body.frames)
