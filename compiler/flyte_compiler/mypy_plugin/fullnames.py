"""The names that mypy asks hooks by: those of the class that defines a method, or of the static
type that it is called on.

Each stands with where it comes from: our stubs and our runtime have the same names; upstream's are
those of its 2.12. A test checks ours against stubs and runtime, and that each is asked.
"""

from __future__ import annotations

OUR_TASK = "flyte._task.Task"
OUR_ASYNC_TASK = "flyte._task.AsyncTask"
OUR_REMOTE_TASK = "flyte.remote.LazyEntity"
OUR_ENVIRONMENT = "flyte._environment.TaskEnvironment"
OUR_DECORATOR = "flyte._environment.TaskDecorator"
OUR_MAP = "flyte._map._Map"
OUR_RUNNER = "flyte._run._Runner"
OUR_RUNTIME_RUNNER = "flyte._start.Runner"
OUR_RUN = "flyte._ended_run.Run"
OUR_OUTPUTS = "flyte._ended_run._Outputs"
OUR_RUNTIME_OUTPUTS = "flyte.syncify.WithAio"
OUR_TASK_GET = "flyte.remote.Task.get"

UPSTREAM_TASK = "flyte._task.TaskTemplate"
UPSTREAM_FUNCTION_TASK = "flyte._task.AsyncFunctionTaskTemplate"
UPSTREAM_REMOTE_TASK = "flyte.remote._task.LazyEntity"
UPSTREAM_ENVIRONMENT = "flyte._task_environment.TaskEnvironment"
UPSTREAM_MAP = "flyte._map._Mapper"
UPSTREAM_RUN = "flyte.remote._run.Run"
UPSTREAM_RUN_CONTEXT = "flyte._run._Runner"
UPSTREAM_SYNCIFIED = "flyte.syncify._api.SyncFunction"
UPSTREAM_TASK_GET = "flyte.remote._task.Task.get"

RUN_FUNCTION = "flyte._run.run"
"""Ours is an instance of the runner, upstream's a function made synchronous."""
MAP_FUNCTION = "flyte._map.map"

LOCAL_TASKS = frozenset({OUR_TASK, OUR_ASYNC_TASK, UPSTREAM_TASK, UPSTREAM_FUNCTION_TASK})
REMOTE_TASKS = frozenset({OUR_REMOTE_TASK, UPSTREAM_REMOTE_TASK})
TASKS = LOCAL_TASKS | REMOTE_TASKS
ENVIRONMENTS = frozenset({OUR_ENVIRONMENT, UPSTREAM_ENVIRONMENT})

TASK_CALLS = frozenset(f"{owner}.{method}" for owner in TASKS for method in ("__call__", "aio"))
OVERRIDES = frozenset(f"{owner}.override" for owner in TASKS)
DECORATIONS = frozenset(
    {f"{OUR_DECORATOR}.__call__"}
    | {f"{owner}.{method}" for owner in ENVIRONMENTS for method in ("task", "compiled_task")}
)
MAP_CALLS = frozenset(
    f"{owner}.{method}" for owner in (OUR_MAP, UPSTREAM_MAP) for method in ("__call__", "aio")
)
RUN_CALLS = frozenset(
    f"{owner}.{method}"
    for owner in (OUR_RUNNER, OUR_RUNTIME_RUNNER)
    for method in ("__call__", "aio")
)
SYNCIFIED_CALLS = frozenset({f"{UPSTREAM_SYNCIFIED}.__call__", f"{UPSTREAM_SYNCIFIED}.aio"})
OUTPUTS_CALLS = SYNCIFIED_CALLS | {
    f"{owner}.{method}"
    for owner in (OUR_OUTPUTS, OUR_RUNTIME_OUTPUTS)
    for method in ("__call__", "aio")
}
RUNS = frozenset({OUR_RUN, UPSTREAM_RUN})
REMOTE_GETS = frozenset({OUR_TASK_GET, UPSTREAM_TASK_GET})
