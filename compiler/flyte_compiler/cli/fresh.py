"""Compiling for a report: the one module of the report's that loads the phases."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from flyte_compiler.cache.unit import Unit, group, inputs_of, owners
from flyte_compiler.callgraph.program import are_separable
from flyte_compiler.cli.options import Options
from flyte_compiler.cli.outcome import Outcome
from flyte_compiler.cli.survey import task_rows
from flyte_compiler.phase import Phase
from flyte_compiler.pipeline import Compilation, compile_paths
from flyte_compiler.typecheck.oracle import TypeSource

__all__ = ["are_separable", "compile_afresh", "compile_units"]


def compile_afresh(
    files: Sequence[Path], options: Options, *, until: Phase = Phase.PLAN, typed: bool = True
) -> tuple[Compilation, Outcome]:
    """What came of all files, and what there is to report."""
    compilation = compile_paths(
        files,
        until=until,
        roots=options.roots,
        types=TypeSource(options.types) if typed else None,
        keeps=options.request.with_cache,
    )
    rows = task_rows(compilation.programs)
    return compilation, Outcome(rows=rows, diagnostics=compilation.diagnostics)


def compile_units(
    files: Sequence[Path], options: Options, project: Path
) -> tuple[Unit[Outcome], ...]:
    """The same, apart for files that share no module; one unit where they can't be taken apart."""
    compilation, outcome = compile_afresh(files, options)
    groups = group(compilation.reads)
    if not are_separable(files, roots=options.roots):
        groups = (compilation.reads,)
    owner = owners(groups)
    return tuple(
        Unit(
            entries=tuple(str(file) for file in files if owner.get(file, 0) == place),
            inputs=inputs_of(reads, project),
            outcome=Outcome(
                rows=tuple(row for row in outcome.rows if owner[row.file] == place),
                diagnostics=tuple(
                    each for each in outcome.diagnostics if owner[each.primary.span.path] == place
                ),
            ),
        )
        for place, reads in enumerate(groups)
    )
