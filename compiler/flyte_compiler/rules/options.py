"""The options of the SDK's objects and decorators: which there are, and what each may be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from flyte_compiler.rules import option_checks as may_be
from flyte_compiler.rules.option_checks import Check


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an option of something else isn't one here."""

    fact: str
    helps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What one callee takes."""

    checks: Mapping[str, Check]
    positions: tuple[str, ...] = ()
    """The options that may be given by position, in order."""
    needed: frozenset[str] = frozenset()
    """Those for which `None` is no value."""
    refused: Mapping[str, Refusal] = field(default_factory=dict)


_BYTES = r"\d+(\.\d+)?(m|k|[KMGTPE]i?)?"
_CPU = may_be.amount(r"\d+(\.\d+)?m?", "500m", takes_number=True, pair=True)
_RETRIES = may_be.number(least=0)
_TIMEOUT = may_be.time(least=0, takes_float=True)

_INHERITED: Mapping[str, Check] = {
    "cache": may_be.cached,
    "interruptible": may_be.flag,
    "queue": may_be.text,
    "service_account": may_be.text,
    "pod_template": may_be.anything,
}
_OF_ACTIONS: Mapping[str, Check] = {
    **_INHERITED,
    "short_name": may_be.text,
    "retries": _RETRIES,
    "timeout": _TIMEOUT,
    "report": may_be.flag,
    "max_inline_io_bytes": may_be.number(least=0),
    "links": may_be.anything,
    "entrypoint": may_be.flag,
    "produces_artifacts": may_be.flag,
    "early": may_be.flag,
}
_OF_WORKERS: Mapping[str, Check] = {
    "resources": may_be.an_object("Resources"),
    "env_vars": may_be.string_map,
    "secrets": may_be.anything,
}
_TASK: Mapping[str, Check] = {
    **_OF_ACTIONS,
    "docs": may_be.an_object("Documentation"),
    "triggers": may_be.anything,
    "task_resolver": may_be.anything,
}
_ENVIRONMENT: Mapping[str, Check] = {
    "name": may_be.text,
    "depends_on": may_be.not_text,
    "pod_template": may_be.anything,
    "description": may_be.text,
    **{name: _OF_WORKERS[name] for name in ("secrets", "env_vars", "resources")},
    "interruptible": may_be.flag,
    "image": may_be.text,
    "include": may_be.not_text,
    "service_account": may_be.text,
    "cache": may_be.cached,
    "reusable": may_be.an_object("ReusePolicy"),
    "plugin_config": may_be.anything,
    "queue": may_be.text,
}
_OF_ENVIRONMENTS = dict.fromkeys(
    ("resources", "env_vars", "secrets", "image", "reusable"),
    Refusal("is an option of the environment, not of a task", ("give it to the environment",)),
)
_NEEDED = frozenset({"report", "max_inline_io_bytes", "entrypoint", "produces_artifacts", "early"})

OPTIONS: Mapping[str, Options] = {
    "TaskEnvironment": Options(
        checks=_ENVIRONMENT, positions=tuple(_ENVIRONMENT), needed=frozenset({"name"})
    ),
    "TaskEnvironment.clone_with": Options(checks=_ENVIRONMENT, positions=("name",)),
    "TaskEnvironment.task": Options(checks=_TASK, needed=_NEEDED, refused=_OF_ENVIRONMENTS),
    "TaskEnvironment.compiled_task": Options(
        checks={**_TASK, "order": may_be.one_of("dataflow", "program")},
        needed=_NEEDED | {"order"},
        refused=_OF_ENVIRONMENTS,
    ),
    "Task.override": Options(
        checks={
            **_OF_ACTIONS,
            **_OF_WORKERS,
            "reusable": may_be.one_of("off"),
            "plugin_config": may_be.anything,
        },
        needed=_NEEDED,
        refused=dict.fromkeys(
            ("name", "image", "docs", "interface"), Refusal("can't be overridden")
        ),
    ),
    "Cache": Options(
        checks={
            "behavior": may_be.cached,
            "version_override": may_be.text,
            "serialize": may_be.flag,
            "ignored_inputs": may_be.anything,
            "salt": may_be.text,
            "policies": may_be.anything,
            "max_age": may_be.time(least=0, excludes_least=True),
        },
        positions=("behavior", "version_override", "serialize", "ignored_inputs", "salt"),
        needed=frozenset({"behavior", "serialize", "salt"}),
    ),
    "Resources": Options(
        checks={
            "cpu": _CPU,
            "memory": may_be.amount(_BYTES, "1Gi", pair=True),
            "gpu": may_be.gpu,
            "disk": may_be.amount(_BYTES, "10Gi"),
            "shm": may_be.amount(rf"auto|{_BYTES}", "1Gi"),
        },
        positions=("cpu", "memory", "gpu", "disk", "shm"),
    ),
    "RetryStrategy": Options(
        checks={"count": _RETRIES, "backoff": may_be.an_object("Backoff")},
        positions=("count", "backoff"),
        needed=frozenset({"count"}),
    ),
    "Backoff": Options(
        checks={
            "base": may_be.time(least=0),
            "factor": may_be.factor,
            "cap": may_be.time(least=0),
        },
        positions=("base", "factor", "cap"),
        needed=frozenset({"base", "factor"}),
    ),
    "Timeout": Options(
        checks=dict.fromkeys(("max_runtime", "max_queued_time", "deadline"), _TIMEOUT),
        positions=("max_runtime", "max_queued_time", "deadline"),
    ),
    "ReusePolicy": Options(
        checks={
            "replicas": may_be.replicas,
            "idle_ttl": may_be.time(least=30),
            "concurrency": may_be.number(least=1),
            "scaledown_ttl": may_be.time(least=30),
            "scope": may_be.one_of("global", "run"),
        },
        positions=("replicas", "idle_ttl", "concurrency", "scaledown_ttl", "scope"),
        needed=frozenset({"replicas", "idle_ttl", "concurrency", "scaledown_ttl", "scope"}),
    ),
    "Cron": Options(
        checks={"expression": may_be.cron, "expr": may_be.cron, "timezone": may_be.text},
        positions=("expression", "timezone"),
    ),
    "FixedRate": Options(
        checks={"interval_minutes": may_be.number(least=1), "start_time": may_be.anything},
        positions=("interval_minutes", "start_time"),
        needed=frozenset({"interval_minutes"}),
    ),
    "Trigger": Options(
        checks={
            **dict.fromkeys(("name", "description", "queue"), may_be.text),
            **dict.fromkeys(("auto_activate", "interruptible", "overwrite_cache"), may_be.flag),
            **dict.fromkeys(("env_vars", "labels", "annotations"), may_be.string_map),
            "automation": may_be.an_object("Cron"),
            "inputs": may_be.anything,
            "max_action_concurrency": may_be.anything,
            "notifications": may_be.anything,
            "custom_context": may_be.anything,
        },
        positions=("name", "automation", "description"),
    ),
}
"""By the documented name of the callee."""
