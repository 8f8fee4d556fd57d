"""Where a configuration is looked for, and how it is read: YAML as upstream's, `[tool.flyte]` ours.

From the weakest: `[tool.flyte]` in the project's pyproject.toml (its keys are the keywords of
`flyte.init`), a YAML file, `FLYTE_<SECTION>_<OPTION>` in the environment.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

from flyte.errors import InitializationError

FILE_KEYS = {
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
"""The keyword of `flyte.init` for a key of the file; other keys are kept by their dotted name."""

_FLAGS = frozenset(
    {
        *("insecure", "insecure_skip_verify", "disable_keyring"),
        *("local_persistence", "local_tracked", "local_tracked_strict"),
    }
)
_WORDS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}

Settings = Mapping[str, object]


def usual_places() -> tuple[Path, ...]:
    """Where a file is looked for, in this order."""
    here = Path.cwd()
    places = [here / "config.yaml", here / ".flyte" / "config.yaml"]
    repository = next((f for f in (here, *here.parents) if (f / ".git").exists()), None)
    if repository is not None:
        places.append(repository / ".flyte" / "config.yaml")
    named = (os.environ.get("UCTL_CONFIG"), os.environ.get("FLYTECTL_CONFIG"))
    places += [Path(name).expanduser() for name in named if name]
    home = Path.home()
    return (*places, home / ".union" / "config.yaml", home / ".flyte" / "config.yaml")


def read_named(path: str | Path) -> tuple[Path, Settings]:
    """A file that somebody named.

    Raises:
        InitializationError: it isn't there, or can't be read.
    """
    file = Path(path).expanduser()
    if not file.is_file():
        raise InitializationError(
            "ConfigFileNotFoundError", "user", f"no configuration file at `{path}`"
        )
    return file, read_yaml(file)


def read_usual() -> tuple[Path | None, Settings]:
    """The first of the usual places that has a file; nothing where none has.

    One that can't be read is told and left alone: nobody named it, and a `config.yaml` may be
    another program's.
    """
    found = next((place for place in usual_places() if place.is_file()), None)
    if found is None:
        return None, {}
    try:
        return found, read_yaml(found)
    except InitializationError as error:
        import logging  # noqa: PLC0415 - keeps start-up light

        logging.getLogger("flyte").warning("ignored: %s", error)
        return None, {}


def read_yaml(file: Path) -> Settings:
    """A file's settings.

    Raises:
        InitializationError: it can't be read, or has no sections.
    """
    try:
        yaml = importlib.import_module("yaml")
    except ImportError as error:
        raise InitializationError(
            "MissingPackage", "user", f"reading `{file}` needs the package `pyyaml`"
        ) from error
    try:
        tree = yaml.safe_load(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise _unreadable(file, str(error)) from error
    if not (tree is None or isinstance(tree, dict)):
        raise _unreadable(file, "no sections")
    return _flat(tree or {})


def read_project(folder: Path, allowed: Iterable[str]) -> Settings:
    """`[tool.flyte]` of the nearest pyproject.toml of `folder` or above.

    Raises:
        InitializationError: it can't be read, or has a key that is none.
    """
    file = next(
        (
            f / "pyproject.toml"
            for f in (folder, *folder.parents)
            if (f / "pyproject.toml").is_file()
        ),
        None,
    )
    if file is None:
        return {}
    import tomllib  # noqa: PLC0415 - keeps start-up light

    try:
        tree = tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise _unreadable(file, str(error)) from error
    table = tree.get("tool", {}).get("flyte", {})
    known = tuple(allowed)
    for name in table:
        if name not in known:
            from flyte._near import did_you_mean  # noqa: PLC0415 - only on this path

            raise InitializationError(
                "ConfigFileUnreadable",
                "user",
                f"`{file}`: `[tool.flyte]` has no option `{name}`{did_you_mean(name, known)}",
            )
    return MappingProxyType(dict(table))


def from_environment() -> Settings:
    """What `FLYTE_<SECTION>_<OPTION>` say.

    Raises:
        InitializationError: a flag that is neither true nor false.
    """
    said: dict[str, object] = {}
    for key, name in FILE_KEYS.items():
        variable = f"FLYTE_{key.replace('.', '_').upper()}"
        if variable in os.environ:
            said[name] = _value(variable, name, os.environ[variable])
    return said


def _value(variable: str, name: str, text: str) -> object:
    if name not in _FLAGS:
        return text
    if text.lower() not in _WORDS:
        raise InitializationError(f"`${variable}` is `true` or `false`, not {text!r}")
    return _WORDS[text.lower()]


def _flat(tree: Mapping[object, object]) -> Settings:
    settings: dict[str, object] = {}
    for section, entries in tree.items():
        for name, value in entries.items() if isinstance(entries, dict) else ():
            key = f"{section}.{name}"
            settings[FILE_KEYS.get(key, key)] = value
    return settings


def _unreadable(file: Path, why: str) -> InitializationError:
    return InitializationError(
        "ConfigFileUnreadable", "user", f"`{file}` is no configuration file: {why}"
    )
