"""`build_call_graph`: the definitions of a program and every call of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import libcst as cst

from flyte_compiler.callgraph.bodies import Body, HeldCall, body_of
from flyte_compiler.callgraph.definitions import Definitions, collect_definitions
from flyte_compiler.callgraph.model import (
    CallArgument,
    CallGraph,
    CallSite,
    Definition,
    Kind,
)
from flyte_compiler.callgraph.targets import Target, target_of
from flyte_compiler.callgraph.unresolved import unresolved_calls
from flyte_compiler.callgraph.uses import fate_of
from flyte_compiler.syntax.model import ModuleIndex
from flyte_compiler.syntax.positions import Positions


def build_call_graph(modules: Mapping[str, ModuleIndex]) -> CallGraph:
    """Resolve what each function is and what each call calls, across a program's modules."""
    found = collect_definitions(modules)
    bodies = tuple(_bodies(modules, found))
    resolved = [_resolved(body, found) for body in bodies]
    sites = [
        site
        for body, targets in zip(bodies, resolved, strict=True)
        for site in _sites(body, targets, found)
    ]
    definitions = [each for entries in found.functions.values() for each, _ in entries]
    kept = _that_reach_a_task(definitions, sites)
    return CallGraph(
        modules=modules,
        environments=found.environments,
        definitions=tuple(each for each in definitions if id(each) in kept),
        sites=_in_order(site for site in sites if id(site.callee) in kept),
        unresolved=tuple(
            fault
            for body, targets in zip(bodies, resolved, strict=True)
            for fault in unresolved_calls(body, _without(body.calls, targets), found.names)
        ),
    )


def _bodies(modules: Mapping[str, ModuleIndex], found: Definitions) -> Iterator[Body]:
    for module, entries in found.functions.items():
        yield body_of(modules[module], None, ())
        for definition, frames in entries:
            yield body_of(modules[module], definition, frames)


def _resolved(body: Body, found: Definitions) -> dict[int, Target]:
    """What the calls of a body call, by the identity of the call."""
    targets = ((call.node, target_of(call, body, found.names)) for call in body.calls)
    return {id(node): target for node, target in targets if target is not None}


def _sites(body: Body, targets: Mapping[int, Target], found: Definitions) -> Iterator[CallSite]:
    for call in body.calls:
        target = targets.get(id(call.node))
        if target is not None:
            yield _site(call, target, body, targets, found)


def _site(
    call: HeldCall,
    target: Target,
    body: Body,
    targets: Mapping[int, Target],
    found: Definitions,
) -> CallSite:
    positions = body.index.positions
    fate = fate_of(call, body, found.names, lambda node: targets.get(id(node)))
    return CallSite(
        caller=body.owner,
        module=body.index.module,
        callee=target.callee,
        form=target.form,
        overridden=target.overridden,
        arguments=tuple(_argument(argument, positions) for argument in target.arguments),
        use=fate.use,
        kept_as=fate.kept_as,
        escapes=fate.escapes,
        span=positions.span(call.node),
        callee_span=positions.span(target.expression),
        tree=call.node,
    )


def _argument(argument: cst.Arg, positions: Positions) -> CallArgument:
    return CallArgument(
        keyword=None if argument.keyword is None else argument.keyword.value,
        star=argument.star,
        text=positions.text(argument.value),
        span=positions.span(argument.value),
    )


def _that_reach_a_task(
    definitions: Sequence[Definition], sites: Sequence[CallSite]
) -> frozenset[int]:
    """Tasks, traces, and the helpers that call one, however many helpers are between."""
    callers: dict[int, list[Definition]] = {}
    for site in sites:
        if site.caller is not None:
            callers.setdefault(id(site.callee), []).append(site.caller)
    waiting = [each for each in definitions if each.kind is not Kind.HELPER]
    reached = {id(each) for each in waiting}
    while waiting:
        for caller in callers.get(id(waiting.pop()), ()):
            if id(caller) not in reached:
                reached.add(id(caller))
                waiting.append(caller)
    return frozenset(reached)


def _without(calls: Iterable[HeldCall], targets: Mapping[int, Target]) -> Iterator[HeldCall]:
    return (call for call in calls if id(call.node) not in targets)


def _in_order(sites: Iterable[CallSite]) -> tuple[CallSite, ...]:
    return tuple(sorted(sites, key=lambda site: (site.module, site.span)))
