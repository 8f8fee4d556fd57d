"""What becomes of a call's value, as far as the text of its own function shows.

Rules that say "nobody awaits this" rest on the answers: in doubt a value escapes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

import libcst as cst

from flyte_compiler.callgraph.bodies import Body, HeldCall
from flyte_compiler.callgraph.model import Form, Surroundings, Use
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
_WITHOUT_AWAIT = frozenset({cst.Lambda, cst.GeneratorExp, cst.ClassDef, cst.FunctionDef})
"""What `await` can't stand in, or would change: a generator would become an async one."""
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
        case cst.Return():
            return Fate(Use.RETURNED)
        case _ if _is_dropped(call.node, body):
            return Fate(Use.DISCARDED)
        case _ if bound := _names_bound_to(call.node, body):
            return _kept(call, bound, body, targets)
        case _:
            return Fate(_handed_on(call, body, names, targets))


def surroundings_of(node: cst.Call, body: Body) -> Surroundings:
    """What the text around a call says."""
    parent = body.parents.get(id(node))
    result = parent if isinstance(parent, cst.Await) else node
    around = set(_kinds_around(node, body))
    is_async = body.function is not None and body.function.signature.is_async
    return Surroundings(
        is_dropped=_is_dropped(result, body),
        is_deferred=cst.Lambda in around,
        can_await=is_async and not around & _WITHOUT_AWAIT,
    )


def _kinds_around(node: cst.CSTNode, body: Body) -> Iterator[type[cst.CSTNode]]:
    """The kinds of the nodes around a node, up to its body; below a definition, its header."""
    parent = body.parents.get(id(node))
    while parent is not None:
        yield type(parent)
        parent = body.parents.get(id(parent))


def _is_dropped(node: cst.CSTNode, body: Body) -> bool:
    """Whether a value ends with its statement: alone, or as a part of what stands alone, as in
    `ready and t(x)` and `[t(x) for x in xs]`."""
    while (parent := body.parents.get(id(node))) is not None:
        match parent:
            case cst.Expr():
                return True
            case cst.BooleanOperation():
                pass
            case cst.IfExp(test=test) if node is not test:
                pass
            case cst.ListComp(elt=elt) | cst.SetComp(elt=elt) if node is elt:
                pass
            case cst.Element() | cst.Tuple() | cst.List() | cst.Set():
                pass
            case _:
                return False
        node = parent
    return False


def _names_bound_to(node: cst.CSTNode, body: Body) -> tuple[str, ...]:
    """The names that an assignment gives to a value as it is; empty where it is stored in
    anything else, or changed on the way."""
    parent = body.parents.get(id(node))
    match parent:
        case cst.Assign(targets=targets):
            bound = [target.target for target in targets]
        case cst.AnnAssign(target=target):
            bound = [target]
        case cst.Element():
            bound = _beside(parent, body)
        case _:
            return ()
    names = tuple(target.value for target in bound if isinstance(target, cst.Name))
    return names if len(names) == len(bound) else ()


def _beside(element: cst.Element, body: Body) -> list[cst.BaseAssignTargetExpression]:
    """The place of an element in the targets of `a, b = t(x), t(y)`."""
    display = body.parents.get(id(element))
    assignment = None if display is None else body.parents.get(id(display))
    match display, assignment:
        case (
            (cst.Tuple() | cst.List()),
            cst.Assign(targets=[cst.AssignTarget(target=cst.Tuple() | cst.List() as targets)]),
        ):
            stars = [
                isinstance(e, cst.StarredElement) for e in (*display.elements, *targets.elements)
            ]
            if any(stars) or len(display.elements) != len(targets.elements):
                return []
            place = next(n for n, each in enumerate(display.elements) if each is element)
            target = targets.elements[place].value
            return [target] if isinstance(target, cst.Name) else []
        case _:
            return []


def _kept(call: HeldCall, bound: tuple[str, ...], body: Body, targets: Targets) -> Fate:
    hidden = call.hidden != frozenset()
    escapes = hidden or any(_escapes(name, body, targets) for name in bound)
    return Fate(Use.KEPT, bound[0], escapes)


def _escapes(name: str, body: Body, targets: Targets) -> bool:
    """Whether anything might consume what a local name holds."""
    if body.function is None:
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
