"""`-o DIR`: one `MODULE.plan.json` for each module that the user named and that has tasks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.cli.rows import TaskRow
from flyte_compiler.pipeline import Compilation, CompiledProgram, plan_module, unbroken_tasks
from flyte_plan.plan import encode_plan


def write_plans(folder: Path, compilation: Compilation, rows: Sequence[TaskRow]) -> bool:
    """Write the plan of every task without an error; whether none was left out."""
    is_whole = True
    written: dict[str, Path] = {}
    for compiled, unbroken, module, tasks in _modules(compilation, rows):
        sound = {each.key for each in unbroken}
        for task in (each for each in tasks if each.key not in sound):
            click.echo(f"left out: {task.name}, which has an error", err=True)
            is_whole = False
        if all(each.key not in sound for each in tasks):
            continue
        file = tasks[0].function.span.path
        if module in written:
            other = written[module]
            click.echo(f"error: `{other}` and `{file}` are both module `{module}`", err=True)
            is_whole = False
            continue
        written[module] = file
        try:
            plan = plan_module(compiled, module, _only(tasks, module, unbroken))
        except LookupError:
            click.echo(f"error: `{file}` has no plan: no import could name it", err=True)
            is_whole = False
            continue
        _write(folder / f"{module}.plan.json", encode_plan(plan))
    return is_whole


def _modules(
    compilation: Compilation, rows: Sequence[TaskRow]
) -> Iterator[tuple[CompiledProgram, Sequence[Definition], str, Sequence[Definition]]]:
    """The named modules with tasks among the rows, with what is unbroken in their program."""
    wanted = {row.span for row in rows if row.is_task}
    for compiled in compilation.programs:
        unbroken = unbroken_tasks(compilation, compiled)
        definitions = [each for each in compiled.call_graph.definitions if each.is_task]
        definitions.sort(key=lambda each: each.function.span)
        for module in compiled.program.entries:
            tasks = [
                each
                for each in definitions
                if each.module == module and each.function.span in wanted
            ]
            if tasks:
                yield compiled, unbroken, module, tasks


def _only(
    wanted: Sequence[Definition], module: str, tasks: Sequence[Definition]
) -> Sequence[Definition]:
    """Without the module's tasks that aren't wanted; what they reach elsewhere stays."""
    keys = {each.key for each in wanted}
    return [each for each in tasks if each.module != module or each.key in keys]


def _write(file: Path, content: bytes) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    except OSError as error:
        raise click.UsageError(f"`{file}` can't be written: {error.strerror}") from None
    click.echo(f"wrote {file}", err=True)
