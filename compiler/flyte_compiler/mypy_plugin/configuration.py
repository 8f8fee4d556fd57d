"""`[tool.flyte-compile.mypy]` of the project's `pyproject.toml`, and where the project lies.

manifest = ".flyte/tasks.json"    # of deployed tasks, as `flyte-compile stubs` writes it
untyped-bodies = true             # check the bodies of tasks without annotations
crossing = ["lib.Handle"]         # classes that cross from task to task, whatever they are
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from flyte_compiler.diagnostics.near import nearest
from flyte_plan.modules import project_root

FILE = "pyproject.toml"
TABLE = "tool.flyte-compile.mypy"
DEFAULT_MANIFEST = ".flyte/tasks.json"


class ConfigurationError(Exception):
    """What is written means nothing; names the file, the key and what is allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """What the project says."""

    root: Path
    manifest: Path
    needs_manifest: bool = False
    """Whether somebody named it: then it has to be there."""
    untyped_bodies: bool = True
    crossing: frozenset[str] = frozenset()


def read_configuration(configuration_file: str | None) -> Configuration:
    """The project's configuration: that of the folder of mypy's own, else of the working folder.

    Raises:
        ConfigurationError: it isn't TOML, or has an unknown key or a wrong value.
    """
    start = Path(configuration_file).parent if configuration_file else Path()
    root = project_root(start.resolve())
    table = _table(root / FILE)
    for key, value in table.items():
        _check(root / FILE, key, value)
    manifest = table.get("manifest", DEFAULT_MANIFEST)
    crossing = table.get("crossing", [])
    return Configuration(
        root=root,
        manifest=root / str(manifest),
        needs_manifest="manifest" in table,
        untyped_bodies=table.get("untyped-bodies", True) is True,
        crossing=frozenset(crossing if isinstance(crossing, list) else ()),
    )


def _table(file: Path) -> Mapping[str, object]:
    try:
        content: object = tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError:
        return {}
    except ValueError as error:  # no TOML, or no text
        raise ConfigurationError(f"`{file}` can't be read: {error}") from None
    for key in TABLE.split("."):
        if not isinstance(content, dict):
            raise ConfigurationError(f"`{file}`: `{TABLE}` is no table")
        content = content.get(key, {})
    if not isinstance(content, dict):
        raise ConfigurationError(f"`{file}`: `{TABLE}` is `{content!r}`, not a table")
    return content


def _is_names(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(each, str) and each for each in value)


_Check = tuple[Callable[[object], bool], str]
_KEYS: Mapping[str, _Check] = MappingProxyType(
    {
        "manifest": (lambda value: isinstance(value, str) and value != "", "a path"),
        "untyped-bodies": (lambda value: isinstance(value, bool), "`true` or `false`"),
        "crossing": (_is_names, 'a list of full names of classes, such as `["lib.Handle"]`'),
    }
)


def _check(file: Path, key: str, value: object) -> None:
    if key not in _KEYS:
        near = nearest(key, _KEYS)
        known = ", ".join(f"`{each}`" for each in _KEYS)
        cure = f"did you mean `{near}`?" if near else f"it may be one of {known}"
        raise ConfigurationError(f"`{file}`: unknown key `{key}` in `{TABLE}`; {cure}")
    is_allowed, allowed = _KEYS[key]
    if not is_allowed(value):
        raise ConfigurationError(f"`{file}`: `{key}` in `{TABLE}` must be {allowed}")
