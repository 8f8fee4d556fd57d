"""Configuration: what `init` is told, what a file says, and where this machine's store lies.

With no configuration everything runs on this machine, silently. A remote's coordinates are kept
for engines that use them. A value said in code wins over the environment, that over the file.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from flyte import _config_files as files
from flyte._checks import check_choice, check_keywords, check_type
from flyte.errors import InitializationError
from flyte.syncify import at_once

LogFormat = Literal["console", "json"]
ImageBuilder = Literal["local", "local-podman", "remote"]

_TEXT = (str, type(None))
_FLAG = (bool, type(None))
_LEVEL = (int, str, type(None))
_KEYWORDS: Mapping[str, tuple[type, ...]] = {
    **dict.fromkeys(("org", "project", "domain", "endpoint", "api_key", "client_id"), _TEXT),
    **dict.fromkeys(("client_credentials_secret", "http_proxy_url", "auth_type"), _TEXT),
    **dict.fromkeys(("ca_cert_file_path", "image_registry"), _TEXT),
    **dict.fromkeys(("root_dir", "source_config_path"), (str, Path, type(None))),
    **dict.fromkeys(("log_level", "user_log_level"), _LEVEL),
    **dict.fromkeys(("log_format", "image_builder"), _TEXT),
    **dict.fromkeys(("reset_root_logger", "headless", "insecure", "insecure_skip_verify"), _FLAG),
    **dict.fromkeys(("sync_local_sys_paths", "load_plugin_type_transformers"), _FLAG),
    **dict.fromkeys(("local_persistence", "local_tracked", "local_tracked_strict"), _FLAG),
    "disable_keyring": _FLAG,
    **dict.fromkeys(("command", "proxy_command"), (list, tuple, str, type(None))),
    **dict.fromkeys(("rpc_retries", "batch_size"), (int, type(None))),
    **dict.fromkeys(("auth_client_config", "storage"), (object,)),
    "images": (Mapping, tuple, list, type(None)),
}
"""What `init` takes, and of which types."""

_CHOICES = {
    "log_format": ("console", "json"),
    "image_builder": ("local", "local-podman", "remote"),
}
_LEVELS = ("DEBUG", "INFO", "WARNING", "WARN", "ERROR", "CRITICAL", "FATAL", "NOTSET")


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What the process was initialised with."""

    file: Path | None = None
    settings: Mapping[str, object] = field(default_factory=lambda: MappingProxyType({}))
    """By the keyword of `init`; what the file says besides, by its dotted name."""


_current = Config()


def current_config() -> Config:
    """What `init` or `init_from_config` was told last; nothing before."""
    return _current


@at_once
def init(**options: Any) -> None:
    """Set this process up; every option is optional, and local runs need none.

    Raises:
        TypeError, ValueError: an unknown option, or one that it can't be.
    """
    _use(Config(settings=_said("`flyte.init`", options)))


@at_once
def init_from_config(
    path_or_config: str | Path | Config | None = None,
    root_dir: str | Path | None = None,
    log_level: int | str | None = None,
    log_format: LogFormat | None = None,
    user_log_level: int | str | None = None,
    **options: Any,
) -> None:
    """Set this process up from a file, with the options over it.

    Without a path the usual places are looked at: `config.yaml` and `.flyte/config.yaml` here,
    `.flyte/config.yaml` in the git repository, `$UCTL_CONFIG`, `$FLYTECTL_CONFIG`,
    `~/.union/config.yaml`, `~/.flyte/config.yaml`. Where there is none, runs are local.

    Raises:
        InitializationError: the given file isn't there or can't be read.
        TypeError, ValueError: an unknown option, or one that it can't be.
    """
    check_type("path_or_config", path_or_config, str, Path, Config, type(None))
    named = {
        "root_dir": root_dir,
        "log_level": log_level,
        "log_format": log_format,
        "user_log_level": user_log_level,
    }
    said = _said("`flyte.init_from_config`", {**named, **options})
    config = path_or_config if isinstance(path_or_config, Config) else find_config(path_or_config)
    _use(Config(file=config.file, settings=MappingProxyType({**config.settings, **said})))


@at_once
def init_from_api_key(  # noqa: PLR0917 - as upstream has it
    api_key: str | None = None,
    project: str | None = None,
    domain: str | None = None,
    root_dir: Path | None = None,
    log_level: int | str | None = None,
    log_format: LogFormat | None = None,
    storage: object | None = None,
    batch_size: int = 1000,
    image_builder: ImageBuilder = "local",
    images: Mapping[str, str] | None = None,
    sync_local_sys_paths: bool = True,
    insecure_skip_verify: bool = False,
    ca_cert_file_path: str | None = None,
) -> None:
    """Keep the coordinates that an API key (or `$FLYTE_API_KEY`) holds, for engines that use them.

    Raises:
        InitializationError: there is no key, or it is none.
    """
    options = {name: value for name, value in locals().items() if name != "api_key"}
    said = _said("`flyte.init_from_api_key`", options)
    key = api_key or os.environ.get("FLYTE_API_KEY")
    if not key:
        raise InitializationError(
            "MissingApiKeyError", "user", "no API key: say `api_key=`, or set `$FLYTE_API_KEY`"
        )
    coordinates = _coordinates(key)
    _use(Config(settings=MappingProxyType({**coordinates, **said, "api_key": key})))


@at_once
def init_in_cluster(  # noqa: PLR0917 - as upstream has it
    org: str | None = None,
    project: str | None = None,
    domain: str | None = None,
    api_key: str | None = None,
    endpoint: str | None = None,
    insecure: bool = False,
) -> dict[str, Any]:
    """Keep the coordinates of the cluster around this process; what there is of them.

    What isn't said is read from `$FLYTE_INTERNAL_EXECUTION_PROJECT`, `..._DOMAIN`, `$_U_ORG_NAME`
    and `$_U_EP_OVERRIDE`.
    """
    around = {
        "org": org or os.environ.get("_U_ORG_NAME"),
        "project": project or os.environ.get("FLYTE_INTERNAL_EXECUTION_PROJECT"),
        "domain": domain or os.environ.get("FLYTE_INTERNAL_EXECUTION_DOMAIN"),
        "endpoint": endpoint or os.environ.get("_U_EP_OVERRIDE"),
        "api_key": api_key,
        "insecure": insecure,
    }
    said = _said("`flyte.init_in_cluster`", around)
    _use(Config(settings=said))
    return dict(said)


@at_once
def init_passthrough(
    endpoint: str | None = None,
    org: str | None = None,
    project: str | None = None,
    domain: str | None = None,
    insecure: bool = False,
) -> dict[str, Any]:
    """Keep a remote's coordinates; its credentials come with each call there."""
    around = {"endpoint": endpoint, "org": org, "project": project, "domain": domain}
    said = _said("`flyte.init_passthrough`", {**around, "insecure": insecure})
    _use(Config(settings=said))
    return dict(said)


def is_control_plane_available() -> bool:
    """Whether runs can go to a cluster: not in this version, whatever is configured."""
    return False


def current_project() -> str:
    """The configured project.

    Raises:
        InitializationError: none is.
    """
    return _configured("project")


def current_domain() -> str:
    """The configured domain.

    Raises:
        InitializationError: none is.
    """
    return _configured("domain")


def find_config(path: str | Path | None) -> Config:
    """What a file says, or the usual places, with `[tool.flyte]` below and the environment above.

    Raises:
        InitializationError: what was named can't be read; a setting that is none.
    """
    file, settings = files.read_usual() if path is None else files.read_named(path)
    project = _said("`[tool.flyte]`", files.read_project(Path.cwd(), _KEYWORDS))
    merged = {**project, **settings, **files.from_environment()}
    return Config(file=file, settings=MappingProxyType(merged))


def store_folder() -> Path:
    """Where runs are recorded: `$FLYTE_STORE`, else `.flyte/store` in the project's root."""
    if said := os.environ.get("FLYTE_STORE"):
        return Path(said).expanduser().absolute()
    from flyte_plan.modules import project_root  # noqa: PLC0415 - keeps start-up light

    root = _current.settings.get("root_dir")
    start = Path(str(root)) if root is not None else Path.cwd()
    return project_root(start) / ".flyte" / "store"


def _use(config: Config) -> None:
    global _current  # noqa: PLW0603 - one configuration a process is what `init` means
    _current = config
    for option, logger in (("log_level", "flyte"), ("user_log_level", "flyte.user")):
        level = config.settings.get(option)
        if level is not None:
            import logging  # noqa: PLC0415 - keeps start-up light

            logging.getLogger(logger).setLevel(level if isinstance(level, int) else str(level))


def _said(where: str, options: Mapping[str, object]) -> Mapping[str, object]:
    check_keywords(where, options, sorted(_KEYWORDS))
    said = {name: value for name, value in options.items() if value is not None}
    for name, value in said.items():
        check_type(name, value, *_KEYWORDS[name])
        if name in _CHOICES:
            check_choice(name, value, _CHOICES[name])
        if name in ("log_level", "user_log_level") and isinstance(value, str):
            said[name] = value.upper()
            check_choice(name, value.upper(), _LEVELS)
    return MappingProxyType(said)


def _configured(name: str) -> str:
    found = _current.settings.get(name)
    if found is None:
        raise InitializationError(
            f"no {name} is set: say `flyte.init({name}=...)`, or set "
            f"`$FLYTE_TASK_{name.upper()}` and call `flyte.init_from_config()`"
        )
    return str(found)


def _coordinates(key: str) -> dict[str, object]:
    import base64  # noqa: PLC0415 - only here
    import binascii  # noqa: PLC0415 - only here

    try:
        decoded = base64.b64decode(key.encode("ascii"), validate=True).decode("utf-8")
        endpoint, client, _secret, org = decoded.split(":")
    except (ValueError, binascii.Error):
        # Never shown: it is a secret.
        raise InitializationError(
            "InvalidApiKeyError", "user", "the API key is none: it can't be read"
        ) from None
    found = {"endpoint": endpoint, "client_id": client, "org": org}
    return {name: value for name, value in found.items() if value and value != "None"}
