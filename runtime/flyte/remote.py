"""Deployed tasks, their runs and actions; on one machine, those of this process and its store.

`Task.get(name)` refers to a task of the environments that this process has loaded, whichever
version is asked for, or to a deployed one. What only a backend has exists by name, and says that
it is not available.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, Literal, NoReturn, ParamSpec, Self, TypeVar, cast

import flyte._task as tasks
from flyte._absent import Absent, not_available
from flyte._checks import check_choice, check_type
from flyte._deployed import all_deployed, find_deployed
from flyte._ended_run import ActionOutputs, Run
from flyte._environment import environments
from flyte._load import load_module
from flyte._near import did_you_mean
from flyte._recorded import find_run, opened_store
from flyte._run_details import ActionDetails, RunDetails, run_details
from flyte.errors import ActionNotFoundError, RemoteTaskNotFoundError
from flyte.models import ActionPhase
from flyte.syncify import at_once, class_method_with_aio, method_with_aio

P = ParamSpec("P")
R = TypeVar("R")
AutoVersioning = Literal["latest", "current"]
SecretTypes = Literal["regular", "image_pull"]


class LazyEntity(Generic[P, R]):
    """A reference to a task by name, looked up when it is first used."""

    def __init__(
        self,
        name: str,
        *,
        version: str | None,
        auto_version: AutoVersioning | None,
        options: dict[str, Any] | None = None,
    ) -> None:
        self._name = name
        self._version = version
        self._auto_version = auto_version
        self._options = options or {}

    @property
    def name(self) -> str:
        """`environment.function`."""
        return self._name

    def __repr__(self) -> str:
        return f"<remote task {self._name}: {self._version or self._auto_version}>"

    async def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call it; inside a run an action of the caller's.

        Raises:
            RemoteTaskNotFoundError: no environment of this process has it.
            TypeError: arguments that don't fit.
        """
        return cast(R, await self.local_task().aio(*args, **kwargs))

    def local_task(self) -> tasks.Task[..., Any]:
        """The task itself.

        Raises:
            RemoteTaskNotFoundError: no environment of this process has it, and it isn't deployed.
        """
        task = _known_tasks().get(self._name) or self._deployed_task()
        return task.override(**cast(Any, self._options)) if self._options else task

    def _deployed_task(self) -> tasks.Task[..., Any]:
        deployed = find_deployed(self._name)
        known = [*_known_tasks(), *(each.task for each in all_deployed())]
        if deployed is None:
            raise RemoteTaskNotFoundError(
                f"no task `{self._name}` in this process, and none is deployed"
                f"{did_you_mean(self._name, known)}; `flyte deploy FILE` makes one known"
            )
        if self._version not in {None, deployed.version}:
            raise RemoteTaskNotFoundError(
                f"task `{self._name}` is deployed in version `{deployed.version}`, not "
                f"`{self._version}`"
            )
        load_module(Path(deployed.source))
        found = _known_tasks().get(self._name)
        if found is None:
            raise RemoteTaskNotFoundError(f"{deployed.source} has no task `{self._name}` any more")
        return found

    @method_with_aio
    def fetch(self) -> TaskDetails:
        """What is known of it.

        Raises:
            RemoteTaskNotFoundError: no environment of this process has it.
        """
        return TaskDetails(self.local_task(), self._version or "local")

    @method_with_aio
    def override(self, /, **options: Any) -> LazyEntity[P, R]:
        """The same task with other options; as a task's own `override`."""
        return LazyEntity(
            self._name,
            version=self._version,
            auto_version=self._auto_version,
            options={**self._options, **options},
        )


@dataclass(frozen=True, slots=True)
class TaskDetails:
    """What is known of a task."""

    _task: tasks.Task[..., Any]
    _version: str

    @property
    def name(self) -> str:
        """`environment.function`."""
        return self._task.name

    @property
    def version(self) -> str:
        """As it was asked for; `local` for whichever is loaded."""
        return self._version

    @property
    def task_type(self) -> str:
        """How it runs: `python`."""
        return "python"

    @property
    def default_input_args(self) -> tuple[str, ...]:
        """The parameters that have a default."""
        return tuple(p.name for p in self._task.interface.parameters if not p.is_required)

    @property
    def required_args(self) -> tuple[str, ...]:
        """The parameters that have none."""
        return tuple(p.name for p in self._task.interface.parameters if p.is_required)

    @property
    def queue(self) -> str | None:
        """Its queue."""
        return self._task.options.queue

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_"):
            raise AttributeError(name)
        return getattr(self._task.options, name)


class Task:
    """A deployed task, as a list of them has it."""

    def __init__(self, task: tasks.Task[..., Any]) -> None:
        self._task = task

    @property
    def name(self) -> str:
        """`environment.function`."""
        return self._task.name

    @property
    def version(self) -> str:
        """`local`."""
        return "local"

    @property
    def entrypoint(self) -> bool:
        """Whether it is where runs begin."""
        return self._task.options.entrypoint

    @property
    def url(self) -> str:
        """The file that defines it; empty where there is none."""
        file = self._task.source_file
        return "" if file is None else file.resolve().as_uri()

    @staticmethod
    def get(
        name: str,
        project: str | None = None,
        domain: str | None = None,
        version: str | None = None,
        auto_version: AutoVersioning | None = None,
    ) -> LazyEntity[..., Any]:
        """A reference to a task; nothing is looked up yet.

        Raises:
            ValueError: neither a `version` nor an `auto_version`, or both.
        """
        del project, domain
        check_type("name", name, str)
        if (version is None) == (auto_version is None):
            raise ValueError(
                f"task `{name}`: say which version, by `version=` or by `auto_version='latest'`"
            )
        if auto_version is not None:
            check_choice("auto_version", auto_version, ("latest", "current"))
        return LazyEntity(name, version=version, auto_version=auto_version)

    @class_method_with_aio
    def listall(  # noqa: PLR0917 - as upstream has it
        cls,  # noqa: N805 - bound by the decorator
        by_task_name: str | None = None,
        by_task_env: str | None = None,
        project: str | None = None,
        domain: str | None = None,
        sort_by: tuple[str, Literal["asc", "desc"]] | None = None,
        limit: int = 100,
        entrypoint: bool | None = None,
    ) -> Iterator[Task]:
        """The tasks of this process's environments."""
        del project, domain
        found = [
            Task(task)
            for task in _known_tasks().values()
            if by_task_name in {None, task.name, task.__name__}
            and by_task_env in {None, task.environment.name}
            and entrypoint in {None, task.options.entrypoint}
        ]
        descending = sort_by is not None and sort_by[1] == "desc"
        found.sort(key=lambda task: task.name, reverse=descending)
        return iter(found[:limit])


class ActionInputs(dict[str, Any]):
    """An action's arguments by name."""


class Action:
    """An action of a run of the store."""

    def __init__(self, details: ActionDetails) -> None:
        self._details = details

    @property
    def name(self) -> str:
        """Its id."""
        return self._details.name

    @property
    def run_name(self) -> str:
        """Its run's name."""
        return self._details.run_name

    @property
    def parent_name(self) -> str | None:
        """The id of the action that called it; None for a run's first."""
        return self._details.parent_name

    @property
    def phase(self) -> ActionPhase:
        """Where it stood when it was last looked at."""
        return self._details.phase

    @property
    def task_name(self) -> str | None:
        """Its task's, or its traced function's."""
        return self._details.task_name

    @property
    def start_time(self) -> datetime:
        """When it was begun."""
        return self._details.start_time

    def done(self) -> bool:
        """Whether it has ended."""
        return self._details.done()

    async def details(self) -> ActionDetails:
        """All that is recorded."""
        return (await self.sync())._details

    async def sync(self) -> Self:
        """Look again."""
        self._details = _action(self.run_name, self.name)
        return self

    async def wait(
        self, quiet: bool = False, wait_for: Literal["terminal", "running"] = "terminal"
    ) -> None:
        """Return when it has ended, or runs."""
        import asyncio  # noqa: PLC0415 - keeps start-up light

        del quiet
        while not self.done() and wait_for == "terminal":
            await asyncio.sleep(0.1)
            await self.sync()

    @method_with_aio
    def abort(self, reason: str = "") -> None:
        """Raises:
        NotAvailableError: a run is aborted as a whole.
        """
        raise not_available("Action.abort", "`Run.abort` ends the whole run")

    @method_with_aio
    def get_report(self, attempt: int | None = None) -> str:
        """Its report, as HTML.

        Raises:
            ActionNotFoundError: it has none.
        """
        from flyte._reports import report_of  # noqa: PLC0415 - few actions have one

        del attempt
        return report_of(self.run_name, self._details.id)

    @method_with_aio
    def show_logs(
        self,
        attempt: int | None = None,
        max_lines: int = 30,
        show_ts: bool = False,
        raw: bool = False,
        filter_system: bool = False,
    ) -> None:
        """Print the last lines that it printed and logged."""
        from flyte._logs import read_logs  # noqa: PLC0415 - only here
        from flyte._run_folder import run_folder  # noqa: PLC0415 - only here

        del attempt, raw, filter_system
        for line in read_logs(run_folder(self.run_name) / "logs", self.name)[-max_lines:]:
            print(f"{line.time:.3f}  {line.text}" if show_ts else line.text)

    @class_method_with_aio
    def get(
        cls,  # noqa: N805 - bound by the decorator
        uri: str | None = None,
        /,
        run_name: str | None = None,
        name: str | None = None,
    ) -> Action:
        """An action of a run, by its id.

        Raises:
            ValueError: not both names.
            ActionNotFoundError: no such action.
        """
        if uri is not None or run_name is None or name is None:
            raise ValueError("an action is got by `run_name=` and `name=`")
        return Action(_action(run_name, name))

    @class_method_with_aio
    def listall(
        cls,  # noqa: N805 - bound by the decorator
        for_run_name: str,
        in_phase: tuple[str, ...] | None = None,
        parent_name: str | None = None,
        sort_by: tuple[str, Literal["asc", "desc"]] | None = None,
    ) -> Iterator[Action]:
        """The actions of a run, in the order in which they were recorded."""
        found = [
            Action(each)
            for each in _details(for_run_name).actions
            if (in_phase is None or each.phase in in_phase)
            and (parent_name is None or each.parent_name == parent_name)
        ]
        return iter(reversed(found) if sort_by is not None and sort_by[1] == "desc" else found)


class TimeFilter:
    """A span of time; kept for engines that can filter by one."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        self.arguments = args
        self.options = kwargs


class Secret:
    """A backend's secret: on one machine a secret is an environment variable."""

    @property
    def name(self) -> str:
        """Raises:
        NotAvailableError: always.
        """
        _no_secrets()

    @class_method_with_aio
    def create(
        cls,  # noqa: N805 - bound by the decorator
        /,
        name: str,
        value: str | bytes,
        type: SecretTypes = "regular",  # noqa: A002 - upstream's name
        **options: Any,
    ) -> Any:
        """Raises:
        NotAvailableError: always.
        """
        _no_secrets()

    @class_method_with_aio
    def get(cls, /, name: str) -> Secret:  # noqa: N805 - bound by the decorator
        """Raises:
        NotAvailableError: always.
        """
        _no_secrets()

    @class_method_with_aio
    def delete(cls, /, name: str, **options: Any) -> None:  # noqa: N805 - bound by the decorator
        """Raises:
        NotAvailableError: always.
        """
        _no_secrets()

    @class_method_with_aio
    def listall(cls, limit: int = 10) -> Iterator[Secret]:  # noqa: N805 - bound by the decorator
        """Raises:
        NotAvailableError: always.
        """
        _no_secrets()


@at_once
def upload_file(fp: Path, verify: bool = True, fname: str | None = None) -> tuple[str, str]:
    """Raises:
    NotAvailableError: always.
    """
    raise not_available("flyte.remote.upload_file", "`flyte.io.File.from_local` keeps a file")


@at_once
def upload_dir(dir_path: Path, verify: bool = True, prefix: str | None = None) -> str:
    """Raises:
    NotAvailableError: always.
    """
    raise not_available("flyte.remote.upload_dir", "`flyte.io.Dir.from_local` keeps a folder")


def auth_metadata(*kv: tuple[str, str]) -> Any:
    """A block in which calls carry these words; there are no calls to carry them."""
    from contextlib import nullcontext  # noqa: PLC0415 - only here

    return nullcontext()


App: Any = Absent("flyte.remote.App")
Artifact: Any = Absent("flyte.remote.Artifact")
Condition: Any = Absent("flyte.remote.Condition")
PartitionSchema: Any = Absent("flyte.remote.PartitionSchema")
Project: Any = Absent("flyte.remote.Project")
Settings: Any = Absent("flyte.remote.Settings")
Trigger: Any = Absent("flyte.remote.Trigger")
TriggerDetails: Any = Absent("flyte.remote.TriggerDetails")
User: Any = Absent("flyte.remote.User")


def _known_tasks() -> dict[str, tasks.Task[..., Any]]:
    return {name: task for env in environments().values() for name, task in env.tasks.items()}


def _details(run_name: str) -> RunDetails:
    with opened_store() as store:
        return run_details(store, find_run(store, run_name))


def _action(run_name: str, said: str) -> ActionDetails:
    found = [each for each in _details(run_name).actions if each.name.startswith(said)]
    if len(found) != 1:
        what = "several actions" if found else "no action"
        raise ActionNotFoundError(f"run `{run_name}` has {what} whose id starts with `{said}`")
    return found[0]


def _no_secrets() -> NoReturn:
    raise not_available("flyte.remote.Secret", "set an environment variable")


__all__ = [
    "Action",
    "ActionDetails",
    "ActionInputs",
    "ActionOutputs",
    "LazyEntity",
    "Run",
    "RunDetails",
    "Secret",
    "Task",
    "TaskDetails",
    "TimeFilter",
    "auth_metadata",
    "upload_dir",
    "upload_file",
]
