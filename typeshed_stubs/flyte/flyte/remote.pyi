"""Deployed tasks, their runs and actions, and what else a backend holds."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any, Generic, Literal, ParamSpec, TypeAlias, TypeVar

from flyte._cache import Cache
from flyte._ended_run import ActionOutputs as ActionOutputs
from flyte._ended_run import Run as Run
from flyte._resources import Resources
from flyte._retry import RetryStrategy, TimeoutType
from flyte._secret import SecretRequest
from flyte.syncify import syncify, syncify_class_method, syncify_method

_P = ParamSpec("_P")
_R_co = TypeVar("_R_co", covariant=True)

AutoVersioning: TypeAlias = Literal["latest", "current"]
SecretTypes: TypeAlias = Literal["regular", "image_pull"]
_SortBy: TypeAlias = tuple[str, Literal["asc", "desc"]]

class LazyEntity(Generic[_P, _R_co]):
    """A deployed task: always called from asynchronous code, whatever its function is."""

    @property
    def name(self) -> str: ...
    async def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _R_co: ...
    @syncify_method
    async def fetch(self) -> TaskDetails: ...
    @syncify_method
    async def override(
        self,
        *,
        short_name: str | None = ...,
        resources: Resources | None = ...,
        retries: int | RetryStrategy = ...,
        timeout: TimeoutType | None = ...,  # noqa: ASYNC109 - its name
        env_vars: dict[str, str] | None = ...,
        secrets: SecretRequest | None = ...,
        service_account: str | None = ...,
        max_inline_io_bytes: int | None = ...,
        cache: Cache | None = ...,
        queue: str | None = ...,
    ) -> LazyEntity[_P, _R_co]: ...

class Task:
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def entrypoint(self) -> bool: ...
    @property
    def url(self) -> str: ...
    @staticmethod
    def get(
        name: str,
        project: str | None = None,
        domain: str | None = None,
        version: str | None = None,
        auto_version: AutoVersioning | None = None,
    ) -> LazyEntity[..., Any]: ...
    @syncify_class_method
    async def listall(
        cls,
        by_task_name: str | None = None,
        by_task_env: str | None = None,
        project: str | None = None,
        domain: str | None = None,
        sort_by: _SortBy | None = None,
        limit: int = 100,
        entrypoint: bool | None = None,
    ) -> Iterator[Task]: ...

class TaskDetails:
    @property
    def name(self) -> str: ...
    @property
    def version(self) -> str: ...
    @property
    def task_type(self) -> str: ...
    @property
    def default_input_args(self) -> tuple[str, ...]: ...
    @property
    def required_args(self) -> tuple[str, ...]: ...
    @property
    def queue(self) -> str | None: ...
    def __getattr__(self, name: str) -> Any: ...

class ActionInputs(dict[str, Any]): ...

class Action:
    @property
    def name(self) -> str: ...
    @property
    def run_name(self) -> str: ...
    @property
    def parent_name(self) -> str | None: ...
    @property
    def phase(self) -> str: ...
    @property
    def task_name(self) -> str | None: ...
    @property
    def start_time(self) -> datetime: ...
    def done(self) -> bool: ...
    async def details(self) -> ActionDetails: ...
    async def sync(self) -> Action: ...
    async def wait(
        self, quiet: bool = False, wait_for: Literal["terminal", "running"] = "terminal"
    ) -> None: ...
    @syncify_method
    async def abort(self, reason: str = ...) -> None: ...
    @syncify_method
    async def get_report(self, attempt: int | None = None) -> str: ...
    @syncify_method
    async def show_logs(
        self,
        attempt: int | None = None,
        max_lines: int = 30,
        show_ts: bool = False,
        raw: bool = False,
        filter_system: bool = False,
    ) -> None: ...
    @syncify_class_method
    async def get(
        cls, uri: str | None = None, /, run_name: str | None = None, name: str | None = None
    ) -> Action: ...
    @syncify_class_method
    async def listall(
        cls,
        for_run_name: str,
        in_phase: tuple[str, ...] | None = None,
        parent_name: str | None = None,
        sort_by: _SortBy | None = None,
    ) -> Iterator[Action]: ...

# What follows is a backend's own; its parts are open.

class _Open:
    def __getattr__(self, name: str) -> Any: ...

class ActionDetails(_Open): ...
class RunDetails(_Open): ...

class TimeFilter(_Open):
    def __init__(self, *args: Any, **kwargs: Any) -> None: ...

App: Any
Artifact: Any
Condition: Any
PartitionSchema: Any
Project: Any
Settings: Any
Trigger: Any
TriggerDetails: Any
User: Any

class Secret:
    @property
    def name(self) -> str: ...
    @syncify_class_method
    async def create(
        cls, /, name: str, value: str | bytes, type: SecretTypes = "regular", **options: Any
    ) -> Any: ...
    @syncify_class_method
    async def get(cls, /, name: str) -> Secret: ...
    @syncify_class_method
    async def delete(cls, /, name: str, **options: Any) -> None: ...
    @syncify_class_method
    async def listall(cls, limit: int = 10) -> Iterator[Secret]: ...

@syncify
async def upload_file(
    fp: Path, verify: bool = True, fname: str | None = None
) -> tuple[str, str]: ...
@syncify
async def upload_dir(dir_path: Path, verify: bool = True, prefix: str | None = None) -> str: ...
def auth_metadata(*kv: tuple[str, str]) -> Any: ...
