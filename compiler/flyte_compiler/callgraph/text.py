"""The text form of a `CallGraph`: definitions and their call sites, for people and for tests."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import (
    CallArgument,
    CallGraph,
    CallSite,
    Definition,
    Mention,
    ValueCall,
)
from flyte_compiler.source.span import Span


def print_call_graph(graph: CallGraph) -> str:
    """Every definition with its calls, then the calls of modules, ending in a line break."""
    return "\n".join(_lines(graph)) + "\n"


def _lines(graph: CallGraph) -> Iterator[str]:
    for environment in graph.environments:
        name = "<computed>" if environment.name is None else repr(environment.name)
        variable = f"{environment.module}.{environment.definition.variable}"
        yield f"environment {variable} = {name}  {_at(environment.definition.span)}"
    for definition in graph.definitions:
        yield _definition(definition)
        yield from (_site(site) for site in graph.calls_of(definition))
        yield from (_value_call(call) for call in graph.value_calls_of(definition))
        yield from (_mention(each) for each in graph.mentions if each.caller is definition)
    for module in graph.modules:
        sites = [site for site in graph.sites if site.caller is None and site.module == module]
        calls = [
            call for call in graph.value_calls if call.caller is None and call.module == module
        ]
        if sites or calls:
            yield f"module {module}"
            yield from map(_site, sites)
            yield from map(_value_call, calls)
    for fault in graph.unresolved:
        yield f"unresolved {fault.name} in {fault.caller.name}  {_at(fault.span)}"


def _definition(definition: Definition) -> str:
    place = _at(definition.function.name_span)
    return f"{definition.kind.value} {definition.name} [{definition.key}]  {place}"


def _site(site: CallSite) -> str:
    overridden = ", overridden" if site.overridden else ""
    use = site.use.value
    if site.kept_as is not None:
        use += f" as {site.kept_as}" + (", escapes" if site.escapes else "")
    arguments = ", ".join(map(_argument, site.arguments))
    call = f"{site.callee.name}({arguments})"
    return f"  {call} as {site.form.value}{overridden}; {use}  {_at(site.span)}"


def _value_call(call: ValueCall) -> str:
    names = [each.name for each in call.candidates] + ["a remote task"] * call.is_remote
    arguments = ", ".join(map(_argument, call.arguments))
    coroutine = ", coroutine" if call.gives_coroutine else ""
    return f"  ({' | '.join(names)})({arguments}) as {call.form.value}{coroutine}  {_at(call.span)}"


def _mention(mention: Mention) -> str:
    escapes = ", escapes" if mention.escapes else ""
    return f"  mentions {mention.definition.name}{escapes}  {_at(mention.span)}"


def _argument(argument: CallArgument) -> str:
    keyword = "" if argument.keyword is None else f"{argument.keyword}="
    return f"{keyword}{argument.star}{argument.text}"


def _at(span: Span) -> str:
    return f"@{span.start.line}:{span.start.column}"
