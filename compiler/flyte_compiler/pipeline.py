"""The whole compiler on one page: files in; call graphs, graphs, diagnostics and plans out.

Every phase goes on past a user's fault, so one run reports them all. Nothing of the user's is
imported or run. Only `CompilerBug` is raised.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from flyte_compiler.callgraph.build import build_call_graph
from flyte_compiler.callgraph.model import CallGraph, Definition, Kind
from flyte_compiler.callgraph.program import Loaded, Program, Read, load_program
from flyte_compiler.diagnostics.model import Diagnostic, Severity
from flyte_compiler.diagnostics.render_concise import render_concise
from flyte_compiler.diagnostics.reporter import report
from flyte_compiler.diagnostics.select import Selection
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.lower.task import is_driver, lower_task
from flyte_compiler.phase import Phase
from flyte_compiler.plan.build import build_plan
from flyte_compiler.rules.facts import Facts, holds
from flyte_compiler.rules.fc003_unused_suppression import judge
from flyte_compiler.rules.registry import check_rules, rules
from flyte_compiler.source.read import read_source
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.deep import with_deep_stack
from flyte_compiler.syntax.model import ModuleIndex
from flyte_compiler.syntax.parse import SyntaxFault, TooDeep
from flyte_compiler.typecheck.oracle import TypeSource
from flyte_compiler.typecheck.program import TypedProgram, type_program
from flyte_plan.closure import Sources
from flyte_plan.modules import cache_folder, project_root
from flyte_plan.plan import Plan, encode_plan


@dataclass(frozen=True, slots=True, kw_only=True)
class CompiledProgram:
    """One program as far as it was compiled."""

    program: Program
    call_graph: CallGraph
    """Without definitions and calls where the compiler stopped before it."""
    graphs: tuple[TaskGraph, ...]
    """Of every driver and every compiled task, in the order of their definitions."""
    types: TypedProgram | None = None
    """None where nobody asked for types."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typing:
    """Whether and how types are computed."""

    source: TypeSource | None = None
    keeps: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Compilation:
    """What came of some files."""

    programs: tuple[CompiledProgram, ...]
    diagnostics: tuple[Diagnostic, ...]
    """Sorted, each fault once; notes included."""
    sources: Mapping[Path, SourceFile]
    """By the path that diagnostics show."""
    reads: tuple[Read, ...]
    """Every file that it came from."""


def compile_paths(
    entries: Sequence[Path],
    *,
    selection: Selection = Selection(),  # noqa: B008 - frozen, and empty
    until: Phase = Phase.PLAN,
    roots: Sequence[Path] = (),
    types: TypeSource | None = None,
    keeps: bool = True,
) -> Compilation:
    """Compile files and the first-party modules that they import.

    `roots` are folders that modules are named from, before those that files' own folders give.
    Without `types`, no rule that needs them says anything. `keeps` says whether the type checker
    may keep what it knows of libraries in the project's cache.
    """
    typing = Typing(source=types, keeps=keeps)
    return with_deep_stack(lambda: _compile(entries, selection, until, roots, typing))


def _compile(
    entries: Sequence[Path],
    selection: Selection,
    until: Phase,
    roots: Sequence[Path],
    typing: Typing,
) -> Compilation:
    loaded, programs = _compile_programs(entries, until, roots, typing)
    sources = {source.path: source for source in _sources(loaded)}
    found = chain(_check_files(loaded), *map(_check, programs))
    every_rule_runs = typing.source is not None and until.includes(Phase.PLAN)
    return Compilation(
        programs=programs,
        diagnostics=report(found, sources, selection, judge=judge if every_rule_runs else None),
        sources=sources,
        reads=loaded.reads,
    )


def _compile_programs(
    entries: Sequence[Path],
    until: Phase = Phase.PLAN,
    roots: Sequence[Path] = (),
    typing: Typing = Typing(),
) -> tuple[Loaded, tuple[CompiledProgram, ...]]:
    loaded = load_program(entries, roots=roots)
    return loaded, tuple(_compile_program(program, until, typing) for program in loaded.programs)


def _sources(loaded: Loaded) -> Iterator[SourceFile]:
    """What there is to show; a file that isn't Python is text all the same."""
    for program in loaded.programs:
        yield from (index.source for index in program.modules.values())
    for fault in loaded.faults:
        if isinstance(fault, SyntaxFault | TooDeep):
            path = fault.span.path
            source = read_source(path, module="", shown=path)
            if isinstance(source, SourceFile):
                yield source


def _compile_program(program: Program, until: Phase, typing: Typing) -> CompiledProgram:
    if not until.includes(Phase.CALL_GRAPH):
        call_graph = _no_calls(program.modules)
        return CompiledProgram(program=program, call_graph=call_graph, graphs=())
    call_graph = build_call_graph(program.modules)
    graphs = _lower(call_graph) if until.includes(Phase.GRAPH) else ()
    typed = None
    if typing.source is not None and until.includes(Phase.TYPES):
        cache = _cache_of(program) if typing.keeps else None
        typed = type_program(program, call_graph, typing.source, cache=cache)
    return CompiledProgram(program=program, call_graph=call_graph, graphs=graphs, types=typed)


def _cache_of(program: Program) -> Path | None:
    """Where to keep what the type checker knows; a link is somebody else's place."""
    folder = cache_folder(project_root(program.root), os.environ.get("FLYTE_STORE"))
    return None if folder.is_symlink() else folder


def _lower(call_graph: CallGraph) -> tuple[TaskGraph, ...]:
    return tuple(
        lower_task(definition, call_graph)
        for definition in call_graph.definitions
        if _has_graph(definition, call_graph)
    )


def _has_graph(definition: Definition, call_graph: CallGraph) -> bool:
    """A compiled task promises to be a graph, a leaf too."""
    return definition.kind is Kind.COMPILED_TASK or is_driver(definition, call_graph)


def _check_files(loaded: Loaded) -> Iterator[Diagnostic]:
    return check_rules(Facts(call_graph=_no_calls({}), graphs=(), faults=loaded.faults), rules())


def _check(program: CompiledProgram) -> Iterator[Diagnostic]:
    facts = Facts(
        call_graph=program.call_graph, graphs=program.graphs, faults=(), types=program.types
    )
    return check_rules(facts, rules())


def _no_calls(modules: Mapping[str, ModuleIndex]) -> CallGraph:
    return CallGraph(modules=modules, environments=(), definitions=(), sites=(), unresolved=())


def unbroken_tasks(compilation: Compilation, compiled: CompiledProgram) -> Sequence[Definition]:
    """The tasks of a program without an error: in their own text, in what they call, or in their
    module around them. A script's own call of a task breaks no task."""
    graph = compiled.call_graph
    errors = [each for each in compilation.diagnostics if each.severity is Severity.ERROR]
    inside = {
        each.key: [error for error in errors if holds(each.function.span, error.primary.span)]
        for each in graph.definitions
    }
    placed = {id(error) for found in inside.values() for error in found}
    calls_of_scripts = [site.span for site in graph.sites if site.caller is None]
    around = {
        error.primary.span.path
        for error in errors
        if id(error) not in placed
        and not any(holds(call, error.primary.span) for call in calls_of_scripts)
    }
    broken = {
        each.key
        for each in graph.definitions
        if inside[each.key] or each.function.span.path in around
    }
    calls = tuple(graph.calls())
    while callers := {
        caller.key for caller, callee in calls if callee.key in broken and caller.key not in broken
    }:
        broken |= callers
    return tuple(each for each in graph.definitions if each.is_task and each.key not in broken)


def plan_module(compiled: CompiledProgram, module: str, tasks: Sequence[Definition]) -> Plan:
    """The plan of one module of a program, with those of its tasks that are given.

    Raises:
        LookupError: the file has no name by which it could be imported.
    """
    sources = Sources(roots=(compiled.program.root,))
    return with_deep_stack(lambda: build_plan(module, compiled.graphs, tasks, sources))


def compile_task(path: str, task: str) -> bytes:
    """The plan of the module in a file, to run one of its tasks; for the runtime's entry point.

    `task` is `function` or `environment.function`. Only what keeps it from being compiled counts:
    files that can't be read, and FC6xx in a compiled task, which no comment silences here.

    Raises:
        ValueError: it can't be compiled, or there is no such task; says why, a line a fault.
    """
    loaded, programs = with_deep_stack(lambda: _compile_programs([Path(path)]))
    faults = report(_check_files(loaded), {}, Selection())
    compiled = next((each for each in programs if each.program.entries), None)
    if compiled is None or faults:
        raise ValueError("\n".join(map(render_concise, faults)))
    module = compiled.program.entries[0]
    tasks = [each for each in compiled.call_graph.definitions if each.is_task]
    named = [each for each in tasks if each.module == module and task in _names(each)]
    if not named:
        raise ValueError(f"`{path}` has no task `{task}`")
    broken = report(_not_compilable(compiled, named), {}, Selection())
    if broken:
        raise ValueError("\n".join(map(render_concise, broken)))
    try:
        return encode_plan(plan_module(compiled, module, tasks))
    except LookupError as error:
        raise ValueError(f"`{path}` can't be imported by a name: {error}") from error


def _not_compilable(compiled: CompiledProgram, named: Sequence[Definition]) -> Iterator[Diagnostic]:
    """What keeps tasks from their promise to be compiled."""
    spans = [each.function.span for each in named]
    for each in _check(compiled):
        is_broken = each.severity is Severity.ERROR and each.rule.code.startswith("FC6")
        if is_broken and any(holds(span, each.primary.span) for span in spans):
            yield each


def _names(definition: Definition) -> tuple[str, str]:
    return definition.name, definition.function.name
