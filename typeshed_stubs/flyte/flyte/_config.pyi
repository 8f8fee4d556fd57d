from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, TypeAlias

from flyte.syncify import syncify

LogFormat: TypeAlias = Literal["console", "json"]
ImageBuilder: TypeAlias = Literal["local", "local-podman", "remote"]

@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    file: Path | None = None
    settings: Mapping[str, object] = ...

@syncify
async def init(
    *,
    org: str | None = None,
    project: str | None = None,
    domain: str | None = None,
    root_dir: str | Path | None = None,
    log_level: int | str | None = None,
    log_format: LogFormat | None = None,
    user_log_level: int | str | None = None,
    reset_root_logger: bool = False,
    endpoint: str | None = None,
    headless: bool = False,
    insecure: bool = False,
    insecure_skip_verify: bool = False,
    ca_cert_file_path: str | None = None,
    auth_type: str | None = None,
    command: list[str] | None = None,
    proxy_command: list[str] | None = None,
    api_key: str | None = None,
    client_id: str | None = None,
    client_credentials_secret: str | None = None,
    auth_client_config: object | None = None,
    rpc_retries: int = ...,
    http_proxy_url: str | None = None,
    storage: object | None = None,
    batch_size: int = ...,
    image_builder: ImageBuilder | None = None,
    images: Mapping[str, str] | None = None,
    image_registry: str | None = None,
    source_config_path: str | Path | None = None,
    sync_local_sys_paths: bool = True,
    load_plugin_type_transformers: bool = True,
    local_persistence: bool = False,
    local_tracked: bool = False,
    local_tracked_strict: bool = False,
    disable_keyring: bool = False,
) -> None: ...
@syncify
async def init_from_config(
    path_or_config: str | Path | Config | None = None,
    root_dir: str | Path | None = None,
    log_level: int | str | None = None,
    log_format: LogFormat | None = None,
    user_log_level: int | str | None = None,
    *,
    org: str | None = None,
    project: str | None = None,
    domain: str | None = None,
    storage: object | None = None,
    batch_size: int = ...,
    image_builder: ImageBuilder | None = None,
    images: Mapping[str, str] | tuple[str, ...] | None = None,
    sync_local_sys_paths: bool = True,
) -> None: ...
@syncify
async def init_from_api_key(
    api_key: str | None = None,
    project: str | None = None,
    domain: str | None = None,
    root_dir: Path | None = None,
    log_level: int | str | None = None,
    log_format: LogFormat | None = None,
    storage: object | None = None,
    batch_size: int = ...,
    image_builder: ImageBuilder = "local",
    images: Mapping[str, str] | None = None,
    sync_local_sys_paths: bool = True,
    insecure_skip_verify: bool = False,
    ca_cert_file_path: str | None = None,
) -> None: ...
@syncify
async def init_in_cluster(
    org: str | None = None,
    project: str | None = None,
    domain: str | None = None,
    api_key: str | None = None,
    endpoint: str | None = None,
    insecure: bool = False,
) -> dict[str, Any]: ...
@syncify
async def init_passthrough(
    endpoint: str | None = None,
    org: str | None = None,
    project: str | None = None,
    domain: str | None = None,
    insecure: bool = False,
) -> dict[str, Any]: ...
def is_control_plane_available() -> bool: ...
def current_domain() -> str: ...
def current_project() -> str: ...
