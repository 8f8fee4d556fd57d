"""Calls of names that nothing in sight defines, in the bodies of tasks and traces.

Silent wherever a name may come from somewhere that can't be seen: a star import of a foreign
module, `exec`, a package's submodules, a variable.
"""

from __future__ import annotations

import builtins

from flyte_compiler.callgraph.bodies import Body, HeldCall, name_parts
from flyte_compiler.callgraph.model import Definition, UnresolvedCall
from flyte_compiler.callgraph.names import Missing, Names, Unbound
from flyte_compiler.callgraph.targets import called_name
from flyte_compiler.syntax.scope import Access

_BUILTINS = frozenset(dir(builtins)) | {
    *("copyright", "credits", "exit", "license", "quit"),  # where `site` ran
    *("PythonFinalizationError", "BaseExceptionGroup", "ExceptionGroup"),  # of other versions
    *("__annotations__", "__builtins__", "__cached__", "__class__", "__file__", "__path__"),
}


def unresolved_call(
    call: HeldCall, owner: Definition, body: Body, names: Names
) -> UnresolvedCall | None:
    """The call as a fault, where its name provably means nothing."""
    expression = called_name(call.node)
    parts = name_parts(expression)
    if parts is None:
        return None
    candidates = _candidates(parts, call, body, names)
    if candidates is None:
        return None
    return UnresolvedCall(
        caller=owner,
        name=".".join(parts),
        candidates=candidates,
        span=body.index.positions.span(expression),
    )


def _candidates(
    parts: tuple[str, ...], call: HeldCall, body: Body, names: Names
) -> tuple[str, ...] | None:
    """What the name could have meant; None where it means something, or might."""
    match body.meaning(names, parts, call.hidden):
        case Unbound(name=name):
            if name in _BUILTINS or body.index.is_open or _runs_text(body):
                return None
            local = sorted({name for frame in body.frames for name in frame.local})
            return (*names.visible(body.index.module), *local)
        case Missing(module=module, name=name):
            # `from tasks import lost` fails as an import, and is said there.
            if name not in parts[1:]:
                return None
            before = ".".join(parts[: parts.index(name, 1)])
            return tuple(f"{before}.{seen}" for seen in names.visible(module))
        case _:
            return None


def _runs_text(body: Body) -> bool:
    return any("exec" in frame.contents.names(Access.READ) for frame in body.frames)
