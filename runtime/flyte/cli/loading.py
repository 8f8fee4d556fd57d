"""The user's file, loaded; and the task in it that is meant.

Whatever goes wrong is told as the user's mistake: with the lines of their own traceback, none of
ours.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flyte._environment import forget_environments
from flyte._load import load_module, tasks_of
from flyte._near import did_you_mean, nearest_first
from flyte._task import Task
from flyte.cli.exits import CommandError

_OWN_FOLDER = str(Path(__file__).parents[1])
_LISTED = 20

Tasks = Mapping[str, Task[..., Any]]


def load_tasks(file: Path) -> Tasks:
    """The tasks of a Python file, by `environment.function`.

    Raises:
        CommandError: no such file, or its code can't be loaded.
    """
    if not file.exists():
        raise CommandError(f"file `{file}` does not exist")
    if not file.is_file() or file.suffix != ".py":
        raise CommandError(f"`{file}` is not a Python source file")
    forget_environments()  # a process loads one program; ours may have been asked for several
    try:
        return tasks_of(load_module(file))
    except SyntaxError as error:
        raise CommandError(f"`{file}` can't be loaded:\n{_syntax_fault(error)}") from None
    except Exception as error:  # whatever the user's own code raises while it loads
        raise CommandError(f"`{file}` can't be loaded:\n{user_lines(error)}") from None
    except SystemExit as error:
        raise CommandError(f"`{file}` ended the program while it was loaded: {error}") from None


def find_task(tasks: Tasks, name: str, file: Path) -> Task[..., Any]:
    """The task called `function` or `environment.function`.

    Raises:
        CommandError: there is none, or several; lists what there is, nearest first.
    """
    if name in tasks:
        return tasks[name]
    found = [task for task in tasks.values() if task.function.__name__ == name]
    if len(found) == 1:
        return found[0]
    if found:
        names = "\n".join(f"  {task.name}" for task in found)
        raise CommandError(f"`{name}` is the name of several tasks of `{file}`:\n{names}")
    raise CommandError(
        f"`{file}` has no task `{name}`{_hint(name, tasks)}\n{listed_tasks(tasks, name)}"
    )


def listed_tasks(tasks: Tasks, near: str = "") -> str:
    """What there is, a line each; those called like `near` first."""
    if not tasks:
        return "it has no tasks: a task is a function under `@env.task`"
    names = nearest_first(near, tasks) if near else tuple(tasks)
    lines = [f"  {name}{tasks[name].interface.describe()}" for name in names[:_LISTED]]
    if len(names) > _LISTED:
        lines.append(f"  … and {len(names) - _LISTED} more")
    return "its tasks:\n" + "\n".join(lines)


def user_lines(error: BaseException) -> str:
    """The traceback without the frames of this package and of the import system."""
    frames = [
        frame
        for frame in traceback.extract_tb(error.__traceback__)
        if not frame.filename.startswith((_OWN_FOLDER, "<frozen importlib"))
    ]
    lines = ["Traceback (most recent call last):\n", *traceback.format_list(frames)]
    lines = lines if frames else []
    return "".join([*lines, *traceback.format_exception_only(error)]).rstrip()


def _syntax_fault(error: SyntaxError) -> str:
    return "".join(traceback.format_exception_only(error)).rstrip()


def _hint(name: str, tasks: Tasks) -> str:
    known = {*tasks, *(task.function.__name__ for task in tasks.values())}
    return did_you_mean(name, sorted(known))
