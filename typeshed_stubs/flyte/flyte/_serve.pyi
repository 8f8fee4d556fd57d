from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import Literal, Protocol, runtime_checkable

from flyte._config import LogFormat
from flyte._deploy import CopyStyle
from flyte._environment import Environment
from flyte.io import Dir, File
from flyte.syncify import syncify, syncify_method

@runtime_checkable
class AppHandle(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def url(self) -> str: ...
    @property
    def endpoint(self) -> str: ...
    def is_active(self) -> bool: ...
    def is_deactivated(self) -> bool: ...
    def activate(self, wait: bool = False) -> AppHandle: ...
    def deactivate(self, wait: bool = False) -> AppHandle: ...
    def ephemeral_ctx(self) -> AbstractAsyncContextManager[None]: ...
    def ephemeral_ctx_sync(self) -> AbstractContextManager[None]: ...

class ServeContext:
    @syncify_method
    async def serve(self, app_env: Environment) -> AppHandle: ...

@syncify
async def serve(app_env: Environment) -> AppHandle: ...
def with_servecontext(
    mode: Literal["local", "remote"] | None = None,
    *,
    version: str | None = None,
    copy_style: CopyStyle = "loaded_modules",
    dry_run: bool = False,
    project: str | None = None,
    domain: str | None = None,
    env_vars: Mapping[str, str] | None = None,
    parameter_values: Mapping[str, Mapping[str, str | File | Dir]] | None = None,
    cluster_pool: str | None = None,
    cluster: str | None = None,
    log_level: int | str | None = None,
    log_format: LogFormat = "console",
    user_log_level: int | str | None = None,
    interactive_mode: bool | None = None,
    copy_bundle_to: Path | None = None,
    deactivate_timeout: float | None = None,
    activate_timeout: float | None = None,
    health_check_timeout: float | None = None,
    health_check_interval: float | None = None,
    health_check_path: str | None = None,
    raw_data_path: str | None = None,
) -> ServeContext: ...
