"""What there is to report about some files: kept from an earlier run, or compiled now."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flyte_compiler.cli.options import Options
from flyte_compiler.cli.outcome import Outcome, merged
from flyte_compiler.cli.texts import TextsOnDisk
from flyte_compiler.source.text import SourceFile
from flyte_plan.modules import cache_folder, project_root

if TYPE_CHECKING:
    from flyte_compiler.cache.unit import Unit
    from flyte_compiler.pipeline import Compilation


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """What came of some files."""

    outcome: Outcome
    texts: Mapping[Path, SourceFile]
    """By the path that diagnostics show."""
    inputs: Mapping[Path, str]
    """Fingerprints of every place that the outcome depends on."""
    compilation: Compilation | None
    """Where more than a report is asked for."""


def find(files: Sequence[Path], options: Options) -> Findings:
    """The same with and without what was kept."""
    if options.needs_graphs or not options.request.with_cache:
        return _compiled(files, options)
    return _kept_or_compiled(files, options)


def common_folder(paths: Sequence[Path]) -> Path:
    """The innermost folder that all paths lie in, or are."""
    common = Path(os.path.commonpath([path.absolute() for path in paths]))
    return common if common.is_dir() else common.parent


def _compiled(files: Sequence[Path], options: Options) -> Findings:
    from flyte_compiler.cache.unit import inputs_of  # noqa: PLC0415 - as below
    from flyte_compiler.cli.fresh import compile_afresh  # noqa: PLC0415 - loads every phase

    until = options.request.last_phase
    compilation, outcome = compile_afresh(files, options, until=until)
    here = Path.cwd()
    inputs = {here / path: mark for path, mark in inputs_of(compilation.reads, here).items()}
    return Findings(
        outcome=outcome, texts=compilation.sources, inputs=inputs, compilation=compilation
    )


def _kept_or_compiled(files: Sequence[Path], options: Options) -> Findings:
    from flyte_compiler.cache.key import key_of  # noqa: PLC0415 - keeps `--help` light
    from flyte_compiler.cache.reuse import reuse  # noqa: PLC0415
    from flyte_compiler.cache.store import Store  # noqa: PLC0415
    from flyte_compiler.cache.types import types_state  # noqa: PLC0415

    project = project_root(common_folder(options.request.paths))
    units = reuse(
        files,
        lambda some: _units(some, options, project),
        store=Store(cache_folder(project, os.environ.get("FLYTE_STORE")), Outcome),
        key=key_of(
            options.types,
            types_state(project),
            os.path.relpath(Path.cwd(), project),
            [os.path.relpath(root, project) for root in options.roots],
            list(map(str, files)),
        ),
        root=project,
        are_separable=lambda: _are_separable(files, options),
    )
    outcome = merged(unit.outcome for unit in units)
    inputs = {project / path: mark for unit in units for path, mark in unit.inputs.items()}
    texts = TextsOnDisk(outcome.diagnostics, inputs.values())
    return Findings(outcome=outcome, texts=texts, inputs=inputs, compilation=None)


def _units(files: Sequence[Path], options: Options, project: Path) -> tuple[Unit[Outcome], ...]:
    from flyte_compiler.cli.fresh import compile_units  # noqa: PLC0415 - loads every phase

    return compile_units(files, options, project)


def _are_separable(files: Sequence[Path], options: Options) -> bool:
    from flyte_compiler.cli.fresh import are_separable  # noqa: PLC0415 - loads every phase

    return are_separable(files, roots=options.roots)
