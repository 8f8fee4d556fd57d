"""One side of a comparison: a plan as it is, a file or a folder compiled in memory."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from flyte_compiler.cli.asked import as_asked
from flyte_compiler.cli.configuration import configured
from flyte_compiler.cli.files import files_of, python_files
from flyte_compiler.cli.fresh import compile_afresh
from flyte_compiler.cli.options import Request, settle
from flyte_compiler.diagnostics.model import Diagnostic, Severity
from flyte_compiler.diff.program import PlacedPlan
from flyte_compiler.pipeline import CompiledProgram, plan_module
from flyte_compiler.source.text import SourceFile
from flyte_plan.plan import decode_plan

_PLAN = ".plan.json"
_HERE = "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """The old program, or the new one."""

    path: Path
    plans: tuple[PlacedPlan, ...]
    errors: tuple[Diagnostic, ...]
    """What keeps its sources from having plans."""
    texts: Mapping[Path, SourceFile]
    """By the path that diagnostics show."""
    notes: tuple[str, ...] = ()
    """What there is beside, and isn't compared."""


def read_side(path: Path) -> Side:
    """The plans of a path: a plan's own, those of a folder that holds nothing but plans, else
    those of its sources.

    Raises:
        click.UsageError: a plan can't be read, or isn't one; a file can't be named by an import.
    """
    plans = _plan_files(path)
    if plans:
        read = tuple(_read(file) for file in plans)
        return Side(path=path, plans=read, errors=(), texts={})
    return _compiled(path)


def _plan_files(path: Path) -> tuple[Path, ...]:
    if not path.is_dir():
        return (path,) if path.name.endswith(".json") else ()
    found = tuple(sorted(path.glob(f"*{_PLAN}")))
    return found if found and not python_files((path,)) else ()


def _read(file: Path) -> PlacedPlan:
    try:
        return PlacedPlan(place=_HERE, plan=decode_plan(file.read_bytes()))
    except OSError as error:
        raise click.UsageError(f"`{file}` can't be read: {error.strerror}") from None
    except ValueError as error:
        raise click.UsageError(f"`{file}` is {error}") from None


def _compiled(path: Path) -> Side:
    options = settle(Request(paths=(path,)), configured((path,)))
    compilation, found = compile_afresh(files_of(options), options, typed=False)
    asked = as_asked(found, options)
    errors = tuple(each for each in asked.diagnostics if each.severity is Severity.ERROR)
    return Side(
        path=path,
        plans=()
        if errors
        else tuple(plan for each in compilation.programs for plan in _plans(path, each)),
        errors=errors,
        texts=compilation.sources,
        notes=tuple(_notes(path, compilation.programs)),
    )


def _notes(path: Path, programs: Sequence[CompiledProgram]) -> Iterator[str]:
    tasks = [
        each
        for compiled in programs
        for each in compiled.call_graph.definitions
        if each.is_task and each.module in compiled.program.entries
    ]
    if not tasks:
        yield f"no task found in `{path}`"
    for task in tasks:
        if "<locals>" in task.function.name:
            yield f"`{task.name}` in `{path}` stands in a function, and so in no plan"


def _plans(path: Path, compiled: CompiledProgram) -> Iterator[PlacedPlan]:
    """The plans of a program's modules that have tasks."""
    tasks = [each for each in compiled.call_graph.definitions if each.is_task]
    top = path if path.is_dir() else path.parent
    place = Path(
        os.path.relpath(os.path.realpath(compiled.program.root), os.path.realpath(top))
    ).as_posix()
    for module in compiled.program.entries:
        own = next((each for each in tasks if each.module == module), None)
        if own is None:
            continue
        try:
            yield PlacedPlan(place=place, plan=plan_module(compiled, module, tasks))
        except LookupError:
            file = own.function.span.path
            raise click.UsageError(f"`{file}` has no plan: no import could name it") from None


def _place(root: Path, top: Path) -> str:
    return Path(os.path.relpath(os.path.realpath(root), os.path.realpath(top))).as_posix()
