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
from flyte._cache import Cache, CachePolicy, CacheRequest, VersionParameters
from flyte._config import init, init_from_config
from flyte._environment import TaskEnvironment
from flyte._group import group
from flyte._image import Image
from flyte._options import Documentation, Link
from flyte._resources import AMD_GPU, GPU, HABANA_GAUDI, TPU, Device, Neuron, Resources
from flyte._retry import Backoff, RetryStrategy, Timeout, TimeoutType
from flyte._reuse import ReusePolicy
from flyte._secret import Secret, SecretRequest
from flyte._task import AsyncTask, Task

if TYPE_CHECKING:
    from flyte._ctx import ctx
    from flyte._map import map  # noqa: A004 - the name that users know
    from flyte._run import Run, run
    from flyte._trace import trace

_LAZY = {
    "Run": "flyte._run",
    "ctx": "flyte._ctx",
    "map": "flyte._map",
    "run": "flyte._run",
    "trace": "flyte._trace",
}

__all__ = [
    "AMD_GPU",
    "GPU",
    "HABANA_GAUDI",
    "TPU",
    "AsyncTask",
    "Backoff",
    "Cache",
    "CachePolicy",
    "CacheRequest",
    "Device",
    "Documentation",
    "Image",
    "Link",
    "Neuron",
    "Resources",
    "RetryStrategy",
    "ReusePolicy",
    "Run",
    "Secret",
    "SecretRequest",
    "Task",
    "TaskEnvironment",
    "Timeout",
    "TimeoutType",
    "VersionParameters",
    "__version__",
    "ctx",
    "errors",
    "group",
    "init",
    "init_from_config",
    "map",
    "run",
    "trace",
]

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module `flyte` has no attribute `{name}`")
    value = getattr(importlib.import_module(_LAZY[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *_LAZY})
