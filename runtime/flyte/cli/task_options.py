"""A task's parameters as command-line options: `--learning-rate 0.1`, `--dry-run/--no-dry-run`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from flyte._annotation import value_text
from flyte._interface import Parameter
from flyte._parameters import is_flag, label, read_text
from flyte._task import Task
from flyte.cli.exits import CommandError
from flyte.cli.output import output_parameter


def read_arguments(
    task: Task[..., Any], file: Path, words: Sequence[str], parent: click.Context
) -> dict[str, object]:
    """The arguments that the words of a command line give, defaults filled in.

    Raises:
        CommandError: a parameter is missing, or a value is not of its type.
        click.UsageError: an option that the task doesn't have.
    """
    given = read_given(task, f"flyte run {file} {task.name}", words, parent)
    _check_complete(task, given)
    return _bind(task, given)


def read_given(
    task: Task[..., Any], called: str, words: Sequence[str], parent: click.Context
) -> dict[str, object]:
    """The arguments that the words of a command line give, and no others.

    Raises:
        CommandError: a value is not of its type.
        click.UsageError: an option that the task doesn't have.
    """
    command = _command(task)
    with command.make_context(called, list(words), parent=parent) as context:
        texts = {name: value for name, value in context.params.items() if value is not None}
    return {
        _parameter_name(task, key): _read(task, _parameter_name(task, key), value)
        for key, value in texts.items()
    }


def option_name(name: str) -> str:
    """`learning_rate` is `--learning-rate`."""
    return f"--{name.strip('_').replace('_', '-') or name}"


def _command(task: Task[..., Any]) -> click.Command:
    options: list[click.Parameter] = [
        _option(task, index, parameter) for index, parameter in enumerate(task.interface.parameters)
    ]
    has_help = any(parameter.name == "help" for parameter in task.interface.parameters)
    return _TaskCommand(
        task.name,
        params=[*options, output_parameter()],
        help=task.function.__doc__,
        add_help_option=not has_help,
    )


def _option(task: Task[..., Any], index: int, parameter: Parameter) -> click.Option:
    annotation = task.interface.annotations.get(parameter.name, Any)
    name = option_name(parameter.name)
    flag = is_flag(annotation)
    declared = f"{name}/--no-{name.removeprefix('--')}" if flag else name
    # Required ones are checked by us, all at once; click would name the first only.
    return click.Option(
        [_key(index), declared],
        default=None,
        metavar=None if flag else label(annotation),
        help="required" if parameter.is_required else f"default: {value_text(parameter.default)}",
    )


def _key(index: int) -> str:
    # click lower-cases names, and a parameter may be called like one of its own.
    return f"parameter_{index}"


def _parameter_name(task: Task[..., Any], key: str) -> str:
    return task.interface.names[int(key.removeprefix("parameter_"))]


def _read(task: Task[..., Any], name: str, given: object) -> object:
    if isinstance(given, bool):
        return given
    annotation = task.interface.annotations.get(name, Any)
    try:
        return read_text(annotation, str(given))
    except ValueError as error:
        raise CommandError(f"parameter `{option_name(name)}`: {error}") from None


def _check_complete(task: Task[..., Any], given: dict[str, object]) -> None:
    missing = [p for p in task.interface.parameters if p.is_required and p.name not in given]
    if not missing:
        return
    lines = [
        f"  {option_name(p.name)}  `{label(task.interface.annotations.get(p.name, Any))}`"
        for p in missing
    ]
    word = "parameter" if len(missing) == 1 else "parameters"
    raise CommandError(f"task `{task.name}` lacks {word}:\n" + "\n".join(lines))


def _bind(task: Task[..., Any], given: dict[str, object]) -> dict[str, object]:
    positional = [p for p in task.interface.parameters if p.kind is p.kind.POSITIONAL_ONLY]
    args = [given.pop(p.name, p.default) for p in positional]
    return task.interface.bind(args, given)


class _TaskContext(click.Context):
    @property
    def command_path(self) -> str:
        """`flyte run FILE TASK`, as it was typed."""
        return self.info_name or ""


class _TaskCommand(click.Command):
    context_class = _TaskContext
