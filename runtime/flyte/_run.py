"""`flyte.run`, and `with_runcontext`: how runs are made, said once.

What only a cluster needs is checked and kept.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from flyte._absent import not_available
from flyte._checks import check_choice, check_string_map, check_type
from flyte._config import LogFormat
from flyte._ended_run import ActionOutputs, Run
from flyte._journal import Durability
from flyte._rerun import ROOT, start_again
from flyte._run_options import RunOptions
from flyte._start import Runner, check_run_name, new_run_name, resume, start
from flyte.syncify import method_with_aio, with_aio

run = Runner(RunOptions())

Mode = Literal["local", "remote", "hybrid"]
CopyStyle = Literal["loaded_modules", "all", "none"]

_EXECUTORS = ("auto", "inline", "thread", "process", "ray")
_MAPS = ("env_vars", "labels", "annotations", "custom_context")
_TEXTS = (
    "service_account",
    "version",
    "raw_data_path",
    "run_base_dir",
    "project",
    "domain",
    "queue",
)
_FLAGS = (
    *("overwrite_cache", "reset_root_logger", "disable_run_cache", "preserve_original_types"),
    *("debug", "tracked", "tracked_strict"),
)


@dataclass(frozen=True, slots=True)
class RunContext:
    """How runs are made; `run` makes one."""

    options: RunOptions

    @property
    def run(self) -> Runner:
        """As `flyte.run`, with these options."""
        return Runner(self.options)

    @method_with_aio
    def rerun(
        self,
        /,
        run_name: str,
        action_name: str = ROOT,
        recover: bool = False,
        force_rerun_actions: Sequence[str] | None = None,
        allow_missing_source_outputs: bool = False,
        **inputs: Any,
    ) -> Run[Any]:
        """As `flyte.rerun`, with these options."""
        del allow_missing_source_outputs  # a missing result runs again, always
        return start_again(
            run_name,
            self.options,
            inputs,
            action_name=action_name,
            recover=recover,
            force_rerun_actions=force_rerun_actions,
        )


@with_aio
def rerun(
    run_name: str,
    action_name: str = ROOT,
    recover: bool = False,
    force_rerun_actions: Sequence[str] | None = None,
    allow_missing_source_outputs: bool = False,
    **inputs: Any,
) -> Run[Any]:
    """Run a recorded run's task again as a new run, with `inputs` over the recorded ones.

    With `recover`, calls of the same code with the same inputs give what they gave. An
    `action_name` is the id of one task's call, which then is the new run's root.

    Raises:
        InitializationError: no such run, or its source is gone.
        ActionNotFoundError: no action of that id.
        ValueError, TypeError: options, or inputs, that don't fit.
        BaseException: as `flyte.run`.
    """
    del allow_missing_source_outputs  # a missing result runs again, always
    return start_again(
        run_name,
        RunOptions(),
        inputs,
        action_name=action_name,
        recover=recover,
        force_rerun_actions=force_rerun_actions,
    )


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
    notifications: Any = None,
    custom_context: Mapping[str, str] | None = None,
    cache_lookup_scope: Literal["global", "project-domain"] = "global",
    preserve_original_types: bool = False,
    debug: bool = False,
    tracked: bool = False,
    tracked_strict: bool = False,
    executor: Literal["auto", "inline", "thread", "process", "ray"] = "auto",
    durability: Literal["fast", "safe", "memory"] = "fast",
    workers: int | None = None,
) -> RunContext:
    """Options for the runs that `.run(...)` makes.

    A `name` makes its run the one of that name: run again, it gives what it gave, or goes on
    where it was interrupted.

    Raises:
        TypeError, ValueError: an option that it can't be, with what is allowed.
        NotAvailableError: a mode, or an executor, that this version doesn't have.
    """
    said = dict(locals())
    options = _local(said)
    _check(said)
    told = {option: said[option] for option in _TOLD if said[option]}
    return RunContext(replace(options, told=told))


_TOLD = (*_MAPS, *_TEXTS, *_FLAGS, "interruptible", "max_action_concurrency")
"""What is kept with a run."""


def _local(said: Mapping[str, Any]) -> RunOptions:
    if said["mode"] is not None:
        check_choice("mode", said["mode"], ("local", "remote", "hybrid"))
        if said["mode"] != "local":
            raise not_available(f"with_runcontext(mode={said['mode']!r})", "say `mode='local'`")
    if said["dry_run"]:
        raise not_available(
            "with_runcontext(dry_run=True)", "`flyte-compile plan FILE TASK` says what would run"
        )
    check_choice("executor", said["executor"], _EXECUTORS)
    if said["executor"] == "ray":
        raise not_available("with_runcontext(executor='ray')", "say `executor='process'`")
    check_choice("durability", said["durability"], [each.value for each in Durability])
    for option, least in (("workers", 1), ("max_action_concurrency", 2)):
        check_type(option, said[option], int, type(None))
        if said[option] is not None and said[option] < least:
            raise ValueError(f"`{option}` is at least {least}, not {said[option]}")
    check_type("name", said["name"], str, type(None))
    if said["name"] is not None:
        check_run_name(said["name"])
    return RunOptions(
        name=said["name"],
        durability=Durability(said["durability"]),
        executor=said["executor"],
        workers=said["workers"],
    )


def _check(said: Mapping[str, Any]) -> None:
    for option in _MAPS:
        if said[option] is not None:
            check_string_map(option, dict(said[option]))
    for option in _TEXTS:
        check_type(option, said[option], str, type(None))
    for option in _FLAGS:
        check_type(option, said[option], bool)
    for option in ("interruptible", "interactive_mode"):
        check_type(option, said[option], bool, type(None))
    check_type("run_start_time", said["run_start_time"], datetime, type(None))
    check_choice("copy_style", said["copy_style"], ("loaded_modules", "all", "none"))
    check_choice("log_format", said["log_format"], ("console", "json"))
    check_choice("cache_lookup_scope", said["cache_lookup_scope"], ("global", "project-domain"))


__all__ = [
    "ActionOutputs",
    "Run",
    "RunContext",
    "RunOptions",
    "new_run_name",
    "rerun",
    "resume",
    "run",
    "start",
    "with_runcontext",
]
