"""The configuration as a value: `flyte.init_from_config(flyte.config.auto(...))`."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flyte._config import Config, find_config
from flyte._config_files import usual_places


def auto(config_file: str | Path | None = None) -> Config:
    """What a configuration file says, or the usual places, or nothing.

    Raises:
        InitializationError: the given file isn't there or can't be read.
    """
    return find_config(config_file)


def get_config_file(c: str | Path | None) -> Any:
    """The file that would be read; None where there is none."""
    if c is not None:
        return Path(c).expanduser()
    return next((place for place in usual_places() if place.is_file()), None)


__all__ = ["Config", "auto", "get_config_file"]
