"""Write Python functions, run them as durable tasks.

    env = flyte.TaskEnvironment("hello")

    @env.task
    async def greet(name: str) -> str:
        return f"Hello, {name}!"

    run = flyte.run(greet, name="World")

What needs the engine is imported when it is first used, so that importing this stays light.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING

from flyte import errors
from flyte._alone import refuse_mixture
from flyte._cache import Cache, CachePolicy, CacheRequest, VersionParameters
from flyte._config import (
    current_domain,
    current_project,
    init,
    init_from_api_key,
    init_from_config,
    init_in_cluster,
    init_passthrough,
    is_control_plane_available,
)
from flyte._environment import Environment, TaskEnvironment
from flyte._group import group
from flyte._image import Image
from flyte._options import Documentation, Link
from flyte._pod import PodTemplate
from flyte._resources import (
    AMD_GPU,
    APPLE_SILICON,
    GPU,
    HABANA_GAUDI,
    TPU,
    Device,
    DeviceClass,
    Neuron,
    Resources,
)
from flyte._retry import Backoff, RetryStrategy, Timeout, TimeoutType
from flyte._reuse import ReusePolicy
from flyte._secret import Secret, SecretRequest
from flyte._task import AsyncFunctionTaskTemplate, AsyncTask, Task, TaskTemplate

refuse_mixture(__path__[0])

if TYPE_CHECKING:
    from logging import Logger

    from flyte._build import ImageBuild, build
    from flyte._checkpoint import BaseCheckpoint, Checkpoint, latest_checkpoint
    from flyte._condition import ConditionWebhook, new_condition
    from flyte._ctx import ctx
    from flyte._custom_context import custom_context, get_custom_context
    from flyte._deploy import build_images, deploy
    from flyte._ended_run import Run
    from flyte._map import map  # noqa: A004 - the name that users know
    from flyte._run import rerun, run, with_runcontext
    from flyte._serve import AppHandle, serve, with_servecontext
    from flyte._trace import trace
    from flyte._trigger import (
        Cron,
        FixedRate,
        OnArtifact,
        Trigger,
        TriggeredArtifact,
        TriggeredPartition,
        TriggerTime,
    )

    logger: Logger
    system_logger: Logger

_LAZY = {
    **dict.fromkeys(("ImageBuild", "build"), "flyte._build"),
    **dict.fromkeys(("BaseCheckpoint", "Checkpoint", "latest_checkpoint"), "flyte._checkpoint"),
    **dict.fromkeys(("ConditionWebhook", "new_condition"), "flyte._condition"),
    "ctx": "flyte._ctx",
    **dict.fromkeys(("custom_context", "get_custom_context"), "flyte._custom_context"),
    **dict.fromkeys(("Deployment", "build_images", "deploy"), "flyte._deploy"),
    "Run": "flyte._ended_run",
    "map": "flyte._map",
    **dict.fromkeys(("rerun", "run", "with_runcontext"), "flyte._run"),
    **dict.fromkeys(("AppHandle", "serve", "with_servecontext"), "flyte._serve"),
    "trace": "flyte._trace",
    **dict.fromkeys(("Cron", "FixedRate", "OnArtifact", "Trigger"), "flyte._trigger"),
    **dict.fromkeys(("TriggerTime", "TriggeredArtifact", "TriggeredPartition"), "flyte._trigger"),
    **dict.fromkeys(("logger", "system_logger"), "flyte._loggers"),
}
"""Where a name is that `import flyte` doesn't load."""

_MODULES = frozenset(
    {
        *("ai", "app", "artifacts", "clustered", "config", "connectors", "durable", "extend"),
        *("extras", "git", "io", "models", "notify", "prefetch", "remote", "report", "sandbox"),
        *("storage", "syncify", "types"),
    }
)
"""Modules that are there as `flyte.NAME` without an import of their own."""

__all__ = [
    "AMD_GPU",
    "APPLE_SILICON",
    "GPU",
    "HABANA_GAUDI",
    "TPU",
    "AppHandle",
    "AsyncFunctionTaskTemplate",
    "AsyncTask",
    "Backoff",
    "BaseCheckpoint",
    "Cache",
    "CachePolicy",
    "CacheRequest",
    "Checkpoint",
    "ConditionWebhook",
    "Cron",
    "Device",
    "DeviceClass",
    "Documentation",
    "Environment",
    "FixedRate",
    "Image",
    "ImageBuild",
    "Link",
    "Neuron",
    "OnArtifact",
    "PodTemplate",
    "Resources",
    "RetryStrategy",
    "ReusePolicy",
    "Run",
    "Secret",
    "SecretRequest",
    "Task",
    "TaskEnvironment",
    "TaskTemplate",
    "Timeout",
    "TimeoutType",
    "Trigger",
    "TriggerTime",
    "TriggeredArtifact",
    "TriggeredPartition",
    "VersionParameters",
    "__version__",
    "build",
    "build_images",
    "ctx",
    "current_domain",
    "current_project",
    "custom_context",
    "deploy",
    "errors",
    "get_custom_context",
    "group",
    "init",
    "init_from_api_key",
    "init_from_config",
    "init_in_cluster",
    "init_passthrough",
    "is_control_plane_available",
    "latest_checkpoint",
    "load_interactive_ctx",
    "logger",
    "map",
    "new_condition",
    "rerun",
    "run",
    "serve",
    "system_logger",
    "trace",
    "version",
    "with_runcontext",
    "with_servecontext",
]

__version__ = "0.1.0"


def version() -> str:
    """This package's version."""
    return __version__


def load_interactive_ctx(*args: object, **kwargs: object) -> None:
    """Nothing: a debugger's shell on this machine has the task's context already."""


def __getattr__(name: str) -> object:
    if name in _MODULES:
        return importlib.import_module(f"flyte.{name}")
    if name not in _LAZY:
        raise AttributeError(f"module `flyte` has no attribute `{name}`")
    value = getattr(importlib.import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY, *_MODULES})
