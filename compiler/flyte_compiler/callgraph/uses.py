"""What becomes of a call's value, as far as the text of its own function shows.

Rules that say "nobody awaits this" rest on the answers: in doubt a value escapes.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import libcst as cst

from flyte_compiler.callgraph.bodies import Body, HeldCall
from flyte_compiler.callgraph.model import Form, Use
from flyte_compiler.callgraph.names import External, Names
from flyte_compiler.callgraph.targets import Target, meaning_of
from flyte_compiler.syntax.scope import COMPREHENSIONS, Access, names_in

_GATHERERS = frozenset(
    f"asyncio.{name}"
    for name in (
        *("as_completed", "create_task", "ensure_future", "gather", "run"),
        *("run_coroutine_threadsafe", "shield", "wait", "wait_for"),
    )
)
_GATHERING_METHODS = frozenset({"create_task", "run_until_complete"})
"""Of task groups, loops and runners, whatever they are called."""
_SEES_LOCALS = frozenset({"eval", "exec", "locals", "vars"})


class Fate(NamedTuple):
    """Where a value goes."""

    use: Use
    kept_as: str | None = None
    escapes: bool = False


Targets: TypeAlias = Callable[[cst.Call], Target | None]


def fate_of(call: HeldCall, body: Body, names: Names, targets: Targets) -> Fate:
    """What becomes of a call's value; `targets` says what the calls of the body call."""
    parent = body.parents.get(id(call.node))
    match parent:
        case cst.Await():
            return Fate(Use.AWAITED)
        case cst.Expr():
            return Fate(Use.DISCARDED)
        case cst.Return():
            return Fate(Use.RETURNED)
        case cst.Assign() | cst.AnnAssign():
            return _kept(call, parent, body, targets)
        case _:
            return Fate(_handed_on(call, body, names, targets))


def _kept(call: HeldCall, parent: cst.CSTNode, body: Body, targets: Targets) -> Fate:
    match parent:
        case cst.Assign(targets=[cst.AssignTarget(target=cst.Name() as name)]):
            pass
        case cst.AnnAssign(target=cst.Name() as name):
            pass
        case _:
            return Fate(Use.VALUE)
    escapes = call.hidden != frozenset() or _escapes(name.value, body, targets)
    return Fate(Use.KEPT, name.value, escapes)


def _escapes(name: str, body: Body, targets: Targets) -> bool:
    """Whether anything might consume what a local name holds."""
    if body.owner is None:
        return True  # a module's name: anybody may read it
    frame = body.frames[0]
    contents = frame.contents
    reads = contents.names(Access.READ)
    if name not in frame.local or reads & _SEES_LOCALS:
        return True
    if name in names_in(contents.nested).reads:
        return True
    return any(
        _may_consume(mention.node, body, targets)
        for mention in contents.mentions
        if mention.name == name and mention.access is Access.READ
    )


def _may_consume(read: cst.CSTNode, body: Body, targets: Targets) -> bool:
    """A name on a line of its own consumes nothing; nor does handing it to a task."""
    parent = body.parents.get(id(read))
    if isinstance(parent, cst.Expr):
        return False
    if not isinstance(parent, cst.Arg) or parent.star:
        return True
    call = body.parents.get(id(parent))
    return not (isinstance(call, cst.Call) and _takes_inputs(targets(call)))


def _handed_on(call: HeldCall, body: Body, names: Names, targets: Targets) -> Use:
    """Through displays and comprehensions up to the call that takes the value, if one does."""
    node: cst.CSTNode = call.node
    direct = True
    while (parent := body.parents.get(id(node))) is not None:
        if isinstance(parent, cst.Call):
            if node is parent.func:
                return Use.VALUE
            if direct and _takes_inputs(targets(parent)):
                return Use.TASK_ARGUMENT
            gathers = _gathers(parent, call.hidden, body, names)
            return Use.GATHERED if gathers else Use.VALUE
        if isinstance(parent, cst.Arg):
            direct = direct and not parent.star
        elif isinstance(parent, COMPREHENSIONS):
            if isinstance(parent, cst.DictComp) or node is not parent.elt:
                return Use.VALUE
            direct = False
        elif isinstance(parent, cst.List | cst.Tuple | cst.Set):
            direct = False
        elif not isinstance(parent, cst.Element | cst.StarredElement):
            return Use.VALUE
        node = parent
    return Use.VALUE


def _gathers(call: cst.Call, hidden: frozenset[str], body: Body, names: Names) -> bool:
    if isinstance(call.func, cst.Attribute) and call.func.attr.value in _GATHERING_METHODS:
        return True
    meaning = meaning_of(call.func, hidden, body, names)
    return isinstance(meaning, External) and meaning.name in _GATHERERS


def _takes_inputs(target: Target | None) -> bool:
    """Whether a call's arguments become a task's inputs."""
    return target is not None and target.callee.is_task and target.form is not Form.FORWARD
