"""`[tool.flyte-compile]` in the project's `pyproject.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from pathlib import Path

import click

from flyte_compiler.cli.findings import common_folder
from flyte_compiler.cli.options import Settings
from flyte_plan.modules import project_root

NAME = "pyproject.toml"
_TABLE = "flyte-compile"
_OF_THE_PLUGIN = "mypy"
"""A table inside ours that the mypy plugin reads, and answers for."""


class ConfigurationError(click.ClickException):
    """The configuration says something that means nothing; names the key and what is allowed."""

    exit_code = 2


def configuration_file(paths: Sequence[Path]) -> Path:
    """Where the configuration for some paths lies, if there is one."""
    return project_root(common_folder(paths)) / NAME


def configured(paths: Sequence[Path]) -> Settings:
    """What the project says.

    Raises:
        ConfigurationError: it isn't TOML, or has an unknown key or a wrong value.
    """
    file = configuration_file(paths)
    table = _table(file)
    if not table:
        return Settings()
    from flyte_compiler.cli.schema import read_settings  # noqa: PLC0415 - loads pydantic

    try:
        return read_settings(table, file.parent)
    except ValueError as error:
        raise ConfigurationError(f"`{file}`: {error}") from None


def _table(file: Path) -> dict[str, object]:
    try:
        content = file.read_bytes()
    except OSError:
        return {}
    if _TABLE.encode() not in content:  # nothing of ours, whether or not it is TOML
        return {}
    try:
        tools = tomllib.loads(content.decode()).get("tool", {})
    except ValueError as error:  # no TOML, or no text
        raise ConfigurationError(f"`{file}` can't be read: {error}") from None
    table = tools.get(_TABLE, {}) if isinstance(tools, dict) else {}
    if not isinstance(table, dict):
        raise ConfigurationError(f"`{file}`: `tool.{_TABLE}` is `{table!r}`, not a table")
    return {key: value for key, value in table.items() if key != _OF_THE_PLUGIN}
