"""`flyte.serve`: services are declared here, and served by engines that have a network."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractAsyncContextManager, AbstractContextManager
from pathlib import Path
from typing import Any, Literal, Protocol, runtime_checkable

from flyte._absent import not_available
from flyte._checks import check_choice, check_type
from flyte._config import LogFormat
from flyte._deploy import CopyStyle
from flyte._environment import Environment
from flyte.syncify import at_once, method_with_aio


@runtime_checkable
class AppHandle(Protocol):
    """A service that is being served."""

    @property
    def name(self) -> str:
        """Its name."""

    @property
    def url(self) -> str:
        """Where it is described."""

    @property
    def endpoint(self) -> str:
        """Where it answers."""

    def is_active(self) -> bool:
        """Whether it answers."""

    def is_deactivated(self) -> bool:
        """Whether it was stopped."""

    def activate(self, wait: bool = False) -> AppHandle:
        """Start it."""

    def deactivate(self, wait: bool = False) -> AppHandle:
        """Stop it."""

    def ephemeral_ctx(self) -> AbstractAsyncContextManager[None]:
        """Active inside the block."""

    def ephemeral_ctx_sync(self) -> AbstractContextManager[None]:
        """Active inside the block."""


class ServeContext:
    """How services are served."""

    @method_with_aio
    def serve(self, app_env: Environment) -> AppHandle:
        """Raises:
        NotAvailableError: always, in this version.
        """
        return _refuse(app_env)


@at_once
def serve(app_env: Environment) -> AppHandle:
    """Raises:
    NotAvailableError: always, in this version.
    """
    return _refuse(app_env)


def with_servecontext(
    mode: Literal["local", "remote"] | None = None,
    *,
    version: str | None = None,
    copy_style: CopyStyle = "loaded_modules",
    dry_run: bool = False,
    project: str | None = None,
    domain: str | None = None,
    env_vars: Mapping[str, str] | None = None,
    parameter_values: Mapping[str, Mapping[str, Any]] | None = None,
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
) -> ServeContext:
    """Options for services; `serve` says that there is nobody to serve them.

    Raises:
        ValueError: an option that it can't be.
    """
    if mode is not None:
        check_choice("mode", mode, ("local", "remote"))
    check_choice("copy_style", copy_style, ("loaded_modules", "all", "none"))
    return ServeContext()


def _refuse(app_env: Environment) -> AppHandle:
    check_type("app_env", app_env, Environment)
    raise not_available("flyte.serve", f"start `{app_env.name}`'s own server")
