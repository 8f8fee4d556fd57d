"""Writing `depends_on=[...]` into the call that makes an environment."""

from __future__ import annotations

from flyte_compiler.callgraph.model import CallGraph, Environment
from flyte_compiler.diagnostics.model import Edit
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.model import Argument, EnvironmentDef, Import

_OPTION = "depends_on"
_BRACKETS = {"[": "]", "(": ")"}


def name_in(
    graph: CallGraph, module: str, other: Environment, before: EnvironmentDef
) -> str | None:
    """What another environment is called where one is made; None where it isn't known there yet."""
    definition = other.definition
    if "." in before.variable or "." in definition.variable:
        return None
    if other.module == module:
        is_there = definition.span.end <= before.span.start and not definition.exclusive
        return definition.variable if is_there else None
    for found in graph.modules[module].imports:
        is_there = found.top_level and found.span.end <= before.span.start
        if is_there and (name := _through(found, other)) is not None:
            return name
    return None


def declared(graph: CallGraph, environment: Environment, name: str) -> tuple[Edit, ...]:
    """The edits that add a name to the environment's `depends_on`; none where its call can't take
    it, or has comments that may belong to what is changed."""
    definition = environment.definition
    source = graph.modules[environment.module].source
    text = source.slice(definition.span)
    starred = any(argument.text.startswith("*") for argument in definition.arguments)
    if starred or not definition.arguments or not text.partition("(")[0].endswith("Environment"):
        return ()
    given = next((each for each in definition.arguments if each.keyword == _OPTION), None)
    if given is not None:
        return _extended(given, name, source)
    if len(definition.arguments) > 1 and definition.arguments[1].keyword is None:
        return ()
    return (_added(definition.arguments[-1], name, source),)


def _through(found: Import, other: Environment) -> str | None:
    """The name that an import gives to an environment of another module."""
    variable = other.definition.variable
    if found.module == other.module and found.attribute == variable:
        return found.local
    whole = found.module if found.attribute is None else f"{found.module}.{found.attribute}"
    if whole == other.module:
        return f"{found.local}.{variable}"
    if found.attribute is None and found.loads == other.module:
        return f"{found.loads}.{variable}"
    return None


def _added(last: Argument, name: str, source: SourceFile) -> Edit:
    """Behind the last argument, on a line of its own where that one has its own."""
    line = source.line(last.span.start.line)
    indent = line[: len(line) - len(line.lstrip())]
    is_first = last.span.start.column == len(indent) + 1
    between = f",\n{indent}" if is_first else ", "
    end = source.offset(last.span.end)
    return Edit(source.span(end, end), f"{between}{_OPTION}=[{name}]")


def _extended(given: Argument, name: str, source: SourceFile) -> tuple[Edit, ...]:
    opening, closing = given.text[:1], given.text[-1:]
    if "#" in given.text or _BRACKETS.get(opening) != closing:
        return ()
    inside = given.text[1:-1].rstrip().removesuffix(",").rstrip()
    comma = ", " if inside.strip() else ""
    tail = "," if opening == "(" and not inside.strip() else ""
    end = source.offset(given.span.end) - len(given.text) + 1 + len(inside)
    return (Edit(source.span(end, end), f"{comma}{name}{tail}"),)
