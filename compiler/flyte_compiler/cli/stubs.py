"""`flyte-compile stubs`: types of deployed tasks, and where the typed surface lies.

`--path` prints the folder that programs are checked against. With files, `remote.Task.get` gets the
type of each of their tasks: in a stub for every checker, and in a manifest for the mypy plugin.

Exit codes: 0 written; 1 files with errors, nothing written; 2 bad usage, a file that isn't there.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from flyte_compiler.pipeline import Compilation
    from flyte_compiler.remote_stubs.model import DeployedTask

OUTPUT = Path(".flyte/stubs")
MANIFEST = Path(".flyte/tasks.json")
_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.argument("files", nargs=-1, type=_FILE, metavar="FILE...")
@click.option("--path", is_flag=True, help="Print the folder: put it on `mypy_path`.")
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help=f"Folder for the stubs; {OUTPUT} of the project by default.",
)
@click.option(
    "--manifest",
    type=click.Path(dir_okay=False, path_type=Path),
    help=f"File for the mypy plugin; {MANIFEST} of the project by default.",
)
def stubs(
    *, files: tuple[Path, ...], path: bool, output: Path | None, manifest: Path | None
) -> None:
    """Write typed stubs of the tasks in FILEs, for programs that look them up by
    `remote.Task.get`; or say where our stubs of `flyte` lie."""
    if path == bool(files):
        raise click.UsageError("say FILE... or `--path`, which prints where our stubs lie")
    if path:
        from flyte_compiler.typecheck.stubs import stubs_folder  # noqa: PLC0415 - a phase

        click.echo(_for_search_paths(stubs_folder()))
        return
    from flyte_plan.modules import project_root  # noqa: PLC0415 - as above

    root = project_root(Path())
    _write(files, output or root / OUTPUT, manifest or root / MANIFEST)


def _for_search_paths(folder: Path) -> str:
    """The folder, by a way that mypy takes: it ends where a search path starts with the folder of
    installed packages, and compares texts."""
    parts = folder.parts
    if "site-packages" not in parts:
        return str(folder)
    place = parts.index("site-packages")
    return str(Path(*parts[:place], "..", *parts[place - 1 :]))


def _write(files: tuple[Path, ...], output: Path, manifest: Path) -> None:
    from flyte_compiler.phase import Phase  # noqa: PLC0415 - phases are slow to load
    from flyte_compiler.pipeline import compile_paths  # noqa: PLC0415 - as above
    from flyte_compiler.remote_stubs.write import write_manifest, write_stubs  # noqa: PLC0415
    from flyte_compiler.typecheck.oracle import TypeSource  # noqa: PLC0415 - as above

    compilation = compile_paths(files, until=Phase.TYPES, types=TypeSource.MYPY)
    if _has_unreadable(compilation):
        sys.exit(1)
    tasks = _tasks(compilation)
    if not tasks:
        click.echo("note: no task in these files can be looked up by its name", err=True)
        return
    modules = {name for each in compilation.programs for name in each.call_graph.modules}
    write_stubs(output, tasks, modules)
    write_manifest(manifest, tasks)
    click.echo(f"wrote {output / 'flyte'}: put {output} on your checker's search path", err=True)
    click.echo(f"wrote {manifest}", err=True)


def _has_unreadable(compilation: Compilation) -> bool:
    """What can't be read has tasks that nobody sees; what is wrong inside them is for the check."""
    from flyte_compiler.diagnostics.render_concise import render_concise  # noqa: PLC0415 - rare

    faults = [each for each in compilation.diagnostics if each.rule.code in ("FC001", "FC004")]
    for fault in faults:
        click.echo(render_concise(fault), err=True)
    return bool(faults)


def _tasks(compilation: Compilation) -> list[DeployedTask]:
    from flyte_compiler.remote_stubs.collect import collect_tasks  # noqa: PLC0415 - a phase

    found: dict[str, DeployedTask] = {}
    for compiled in compilation.programs:
        if compiled.types is None:
            continue
        modules = frozenset(compiled.program.entries)
        for task in collect_tasks(compiled.call_graph, modules, compiled.types):
            if task.name in found:
                click.echo(f"note: two tasks are named `{task.name}`; the first counts", err=True)
            found.setdefault(task.name, task)
    return list(found.values())
