"""Configuration: what `init` is told, what a file says, and where this machine's store lies.

With no configuration everything runs on this machine, silently. A remote's coordinates are kept
for engines that use them. A value said in code wins over `FLYTE_<SECTION>_<OPTION>`, and that
over the file.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import update_wrapper
from pathlib import Path
from types import MappingProxyType
from typing import Any, Generic, ParamSpec, TypeVar

from flyte._checks import check_keywords, check_type
from flyte.errors import InitializationError

P = ParamSpec("P")
R = TypeVar("R")

_KEYWORDS = frozenset(
    [
        "org",
        "project",
        "domain",
        "root_dir",
        "log_level",
        "log_format",
        "user_log_level",
        "reset_root_logger",
        "endpoint",
        "headless",
        "insecure",
        "insecure_skip_verify",
        "ca_cert_file_path",
        "auth_type",
        "command",
        "proxy_command",
        "api_key",
        "client_id",
        "client_credentials_secret",
        "auth_client_config",
        "rpc_retries",
        "http_proxy_url",
        "storage",
        "batch_size",
        "image_builder",
        "images",
        "image_registry",
        "source_config_path",
        "sync_local_sys_paths",
        "load_plugin_type_transformers",
        "local_persistence",
        "local_tracked",
        "local_tracked_strict",
        "disable_keyring",
    ]
)

_FILE_KEYS = {
    "admin.endpoint": "endpoint",
    "admin.insecure": "insecure",
    "admin.insecureSkipVerify": "insecure_skip_verify",
    "admin.caCertFilePath": "ca_cert_file_path",
    "admin.httpProxyURL": "http_proxy_url",
    "admin.disableKeyring": "disable_keyring",
    "admin.command": "command",
    "admin.proxyCommand": "proxy_command",
    "admin.clientId": "client_id",
    "admin.authType": "auth_type",
    "task.org": "org",
    "task.project": "project",
    "task.domain": "domain",
    "local.persistence": "local_persistence",
    "local.tracked": "local_tracked",
    "local.tracked_strict": "local_tracked_strict",
    "image.builder": "image_builder",
    "image.image_refs": "images",
    "image.registry": "image_registry",
}


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


class WithAio(Generic[P, R]):
    """A function, and the same one for asynchronous code as `.aio`."""

    def __init__(self, function: Callable[P, R]) -> None:
        self._function = function
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call it."""
        return self._function(*args, **kwargs)

    async def aio(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call it; it never waits, so that it may be called on an event loop."""
        return self._function(*args, **kwargs)


def _init(**options: Any) -> None:
    """Set this process up; every option is optional, and local runs need none.

    Raises:
        TypeError: an unknown option.
    """
    check_keywords("`flyte.init`", options, sorted(_KEYWORDS))
    check_type("root_dir", options.get("root_dir"), str, Path, type(None))
    _use(Config(settings=MappingProxyType(_said(options))))


def _init_from_config(path_or_config: str | Path | Config | None = None, **options: Any) -> None:
    """Set this process up from a file, with `options` over it.

    Without a path the usual places are looked at: `config.yaml` and `.flyte/config.yaml` here,
    `.flyte/config.yaml` in the git repository, `$UCTL_CONFIG`, `$FLYTECTL_CONFIG`,
    `~/.union/config.yaml`, `~/.flyte/config.yaml`. Where there is none, runs are local.

    Raises:
        InitializationError: the given file isn't there or can't be read.
        TypeError: an unknown option.
    """
    check_keywords("`flyte.init_from_config`", options, sorted(_KEYWORDS))
    check_type("path_or_config", path_or_config, str, Path, Config, type(None))
    config = path_or_config if isinstance(path_or_config, Config) else _found(path_or_config)
    _use(
        Config(
            file=config.file,
            settings=MappingProxyType({**config.settings, **_said(options)}),
        )
    )


init = WithAio(_init)
init_from_config = WithAio(_init_from_config)


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


def _said(options: Mapping[str, object]) -> dict[str, object]:
    return {name: value for name, value in options.items() if value is not None}


def _found(path: str | Path | None) -> Config:
    if path is not None:
        file = Path(path).expanduser()
        if not file.is_file():
            raise InitializationError(
                "ConfigFileNotFoundError", "user", f"no configuration file at `{path}`"
            )
        return _read(file)
    found = next((place for place in _usual_places() if place.is_file()), None)
    if found is None:
        return Config(settings=_from_environment({}))
    try:
        return _read(found)
    except InitializationError as error:
        # Nobody named it: a `config.yaml` may be another program's.
        import logging  # noqa: PLC0415 - keeps start-up light

        logging.getLogger("flyte").warning("ignored: %s", error)
        return Config(settings=_from_environment({}))


def _usual_places() -> list[Path]:
    here = Path.cwd()
    places = [here / "config.yaml", here / ".flyte" / "config.yaml"]
    repository = next((f for f in (here, *here.parents) if (f / ".git").exists()), None)
    if repository is not None:
        places.append(repository / ".flyte" / "config.yaml")
    named = (os.environ.get("UCTL_CONFIG"), os.environ.get("FLYTECTL_CONFIG"))
    places += [Path(name).expanduser() for name in named if name]
    home = Path.home()
    return [*places, home / ".union" / "config.yaml", home / ".flyte" / "config.yaml"]


def _read(file: Path) -> Config:
    try:
        yaml = importlib.import_module("yaml")
    except ImportError as error:
        raise InitializationError(
            "MissingPackage", "user", f"reading `{file}` needs the package `pyyaml`"
        ) from error
    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise InitializationError(
            "ConfigFileUnreadable", "user", f"`{file}` is no configuration file: {error}"
        ) from error
    if not (tree is None or isinstance(tree, dict)):
        raise InitializationError(
            "ConfigFileUnreadable", "user", f"`{file}` is no configuration file: no sections"
        )
    return Config(file=file, settings=_from_environment(_flat(tree or {})))


def _flat(tree: Mapping[object, object]) -> dict[str, object]:
    settings: dict[str, object] = {}
    for section, entries in tree.items():
        for name, value in entries.items() if isinstance(entries, dict) else ():
            key = f"{section}.{name}"
            settings[_FILE_KEYS.get(key, key)] = value
    return settings


def _from_environment(settings: Mapping[str, object]) -> Mapping[str, object]:
    said = {}
    for key, name in _FILE_KEYS.items():
        variable = f"FLYTE_{key.replace('.', '_').upper()}"
        if variable in os.environ:
            said[name] = os.environ[variable]
    return MappingProxyType({**settings, **said})
