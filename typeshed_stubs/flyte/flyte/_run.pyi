"""`flyte.run`: start a task as a run; `with_runcontext(...).run` is the same with options."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, ParamSpec, TypeAlias, TypeVar

from flyte._config import LogFormat
from flyte._deploy import CopyStyle
from flyte._ended_run import ActionOutputs as ActionOutputs
from flyte._ended_run import Run as Run
from flyte._task import Task
from flyte.notify import Notification
from flyte.remote import LazyEntity
from flyte.syncify import syncify, syncify_method

_P = ParamSpec("_P")
_R = TypeVar("_R")

Mode: TypeAlias = Literal["local", "remote", "hybrid"]

class _Runner:
    def __call__(
        self, task: Task[_P, _R] | LazyEntity[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Run[_R]: ...
    async def aio(
        self, task: Task[_P, _R] | LazyEntity[_P, _R], /, *args: _P.args, **kwargs: _P.kwargs
    ) -> Run[_R]: ...

class RunContext:
    """How runs are made; `run` makes one."""

    @property
    def run(self) -> _Runner: ...
    @syncify_method
    async def rerun(
        self,
        /,
        run_name: str,
        action_name: str = "a0",
        recover: bool = False,
        force_rerun_actions: Sequence[str] | None = None,
        allow_missing_source_outputs: bool = False,
        **inputs: Any,
    ) -> Run[Any]: ...

run: _Runner

def with_runcontext(
    mode: Mode | None = None,
    *,
    name: str | None = None,
    service_account: str | None = None,
    version: str | None = None,
    copy_style: CopyStyle = "loaded_modules",
    dry_run: bool = False,
    copy_bundle_to: Path | None = None,
    interactive_mode: bool | None = None,
    raw_data_path: str | None = None,
    run_base_dir: str | None = None,
    run_start_time: datetime | None = None,
    overwrite_cache: bool = False,
    project: str | None = None,
    domain: str | None = None,
    env_vars: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    annotations: Mapping[str, str] | None = None,
    interruptible: bool | None = None,
    log_level: int | str | None = None,
    log_format: LogFormat = "console",
    user_log_level: int | str | None = None,
    reset_root_logger: bool = False,
    disable_run_cache: bool = False,
    queue: str | None = None,
    max_action_concurrency: int | None = None,
    notifications: Notification | tuple[Notification, ...] | None = None,
    custom_context: Mapping[str, str] | None = None,
    cache_lookup_scope: Literal["global", "project-domain"] = "global",
    preserve_original_types: bool = False,
    debug: bool = False,
    tracked: bool = False,
    tracked_strict: bool = False,
    executor: Literal["auto", "inline", "thread", "process", "ray"] = "auto",
    durability: Literal["fast", "safe", "memory"] = "fast",
    workers: int | None = None,
) -> RunContext: ...
@syncify
async def rerun(
    run_name: str,
    action_name: str = "a0",
    recover: bool = False,
    force_rerun_actions: Sequence[str] | None = None,
    allow_missing_source_outputs: bool = False,
    **inputs: Any,
) -> Run[Any]: ...
