"""`build_call_graph`: the definitions of a program and every call of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TypeVar

from flyte_compiler.callgraph.bodies import Body, HeldCall
from flyte_compiler.callgraph.definitions import Definitions, collect_definitions
from flyte_compiler.callgraph.dependencies import dependencies_among
from flyte_compiler.callgraph.followed import Candidates, followed_target
from flyte_compiler.callgraph.library import arguments_at, library_calls
from flyte_compiler.callgraph.mentions import uses_in
from flyte_compiler.callgraph.model import (
    CallGraph,
    CallSite,
    Definition,
    Form,
    Kind,
    LibraryCall,
    Mention,
    UnresolvedCall,
    ValueCall,
    gives_coroutine,
)
from flyte_compiler.callgraph.targets import Target, target_of
from flyte_compiler.callgraph.unresolved import unresolved_calls
from flyte_compiler.callgraph.uses import fate_of, surroundings_of
from flyte_compiler.syntax.model import ModuleIndex


def build_call_graph(modules: Mapping[str, ModuleIndex]) -> CallGraph:
    """Resolve what each function is and what each call calls, across a program's modules."""
    found = collect_definitions(modules)
    calls = tuple(_resolved(body, found) for body in found.flow.codes)
    kept = _that_reach_a_task(found, calls)
    library = tuple(each for body in found.flow.codes for each in library_calls(body, found))
    return CallGraph(
        modules=modules,
        environments=found.environments,
        definitions=tuple(each for each in found.of_code.values() if id(each) in kept),
        sites=_in_order(site for each in calls for site in _sites(each, found, kept)),
        unresolved=tuple(fault for each in calls for fault in _unresolved(each, found)),
        value_calls=_in_order(call for each in calls for call in _value_calls(each, found, kept)),
        mentions=_in_order(
            each for some in calls for each in some.mentions if id(each.definition) in kept
        ),
        library_calls=_in_order(library),
        dependencies=dependencies_among(found, library),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calls:
    """What one body calls and hands on."""

    body: Body
    owner: Definition | None
    targets: Mapping[int, Target]
    """By the identity of the call."""
    candidates: Mapping[int, Candidates]
    mentions: tuple[Mention, ...] = field(repr=False)


def _resolved(body: Body, found: Definitions) -> _Calls:
    targets: dict[int, Target] = {}
    candidates: dict[int, Candidates] = {}
    for call in body.calls:
        match _called(call, body, found):
            case Target() as target:
                targets[id(call.node)] = target
            case Candidates() as some:
                candidates[id(call.node)] = some
            case None:
                pass
    return _Calls(
        body=body,
        owner=found.owner_of(body),
        targets=targets,
        candidates=candidates,
        mentions=tuple(_mentions(body, found, targets.keys() | candidates.keys())),
    )


def _called(call: HeldCall, body: Body, found: Definitions) -> Target | Candidates | None:
    """By name where that is certain, else by the values that reach the callee."""
    target = target_of(call, body, found.names)
    if target is not None and not found.is_kept_plain(target.callee):
        return target
    return followed_target(call, body, found)


def _mentions(body: Body, found: Definitions, calls: Iterable[int]) -> Iterator[Mention]:
    owner = found.owner_of(body)
    if owner is None:
        return
    for used in uses_in(body, found.flow, frozenset(calls)):
        span = body.index.positions.span(used.tree)
        named = {found.of_code[each.code] for each in used.functions}
        for definition in sorted(named, key=lambda each: (each.module, each.function.span)):
            yield Mention(
                definition=definition,
                caller=owner,
                tree=used.tree,
                span=span,
                escapes=used.escapes,
            )


def _sites(calls: _Calls, found: Definitions, kept: frozenset[int]) -> Iterator[CallSite]:
    for call in calls.body.calls:
        target = calls.targets.get(id(call.node))
        if target is not None and id(target.callee) in kept:
            yield _site(call, target, calls, found)


def _site(call: HeldCall, target: Target, calls: _Calls, found: Definitions) -> CallSite:
    body = calls.body
    positions = body.index.positions
    fate = fate_of(call, body, found.names, lambda node: calls.targets.get(id(node)))
    return CallSite(
        caller=calls.owner,
        module=body.index.module,
        callee=target.callee,
        form=target.form,
        overridden=target.overridden,
        arguments=arguments_at(target.arguments, positions),
        use=fate.use,
        kept_as=fate.kept_as,
        escapes=fate.escapes,
        span=positions.span(call.node),
        callee_span=positions.span(target.expression),
        surroundings=surroundings_of(call.node, body),
        tree=call.node,
        is_bound=target.is_bound,
    )


def _value_calls(calls: _Calls, found: Definitions, kept: frozenset[int]) -> Iterator[ValueCall]:
    for call in calls.body.calls:
        some = calls.candidates.get(id(call.node))
        if some is None:
            continue
        callees = [each for each in some.callees if id(each[0]) in kept]
        if callees or some.is_remote:
            yield _value_call(call, some, callees, calls)


def _value_call(
    call: HeldCall,
    some: Candidates,
    callees: list[tuple[Definition, Form]],
    calls: _Calls,
) -> ValueCall:
    positions = calls.body.index.positions
    forms = {form for _, form in callees}
    return ValueCall(
        caller=calls.owner,
        module=calls.body.index.module,
        candidates=tuple(callee for callee, _ in callees),
        is_remote=some.is_remote,
        form=forms.pop() if len(forms) == 1 else some.form,
        gives_coroutine=some.is_remote or any(gives_coroutine(*each) for each in callees),
        arguments=arguments_at(some.arguments, positions),
        span=positions.span(call.node),
        tree=call.node,
    )


def _unresolved(calls: _Calls, found: Definitions) -> Iterator[UnresolvedCall]:
    known = calls.targets.keys() | calls.candidates.keys()
    unknown = (call for call in calls.body.calls if id(call.node) not in known)
    yield from unresolved_calls(calls.owner, calls.body, unknown, found.names)


def _that_reach_a_task(found: Definitions, calls: Iterable[_Calls]) -> frozenset[int]:
    """Tasks, traces, and the helpers that call or hand on one, however many helpers are between."""
    callers: dict[int, list[Definition]] = {}
    waiting = [each for each in found.of_code.values() if each.kind is not Kind.HELPER]
    for each in calls:
        if each.owner is None:
            continue
        for callee in _reached(each):
            callers.setdefault(id(callee), []).append(each.owner)
        if any(some.is_remote for some in each.candidates.values()):
            waiting.append(each.owner)
    reached = {id(each) for each in waiting}
    while waiting:
        for caller in callers.get(id(waiting.pop()), ()):
            if id(caller) not in reached:
                reached.add(id(caller))
                waiting.append(caller)
    return frozenset(reached)


def _reached(calls: _Calls) -> Iterator[Definition]:
    for target in calls.targets.values():
        yield target.callee
    for some in calls.candidates.values():
        for callee, _ in some.callees:
            yield callee
    for mention in calls.mentions:
        if mention.escapes:
            yield mention.definition


Placed = TypeVar("Placed", CallSite, ValueCall, Mention, LibraryCall)


def _in_order(found: Iterable[Placed]) -> tuple[Placed, ...]:
    return tuple(sorted(found, key=lambda each: (_module(each), each.span)))


def _module(each: CallSite | ValueCall | Mention | LibraryCall) -> str:
    return each.caller.module if isinstance(each, Mention) else each.module
