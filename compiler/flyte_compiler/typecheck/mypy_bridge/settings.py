"""How mypy is run: our options, whatever the user's are.

A program's types must not depend on how strictly its author checks it. Of the user's configuration
only what changes what names mean is kept: `mypy_path`, and the plugin of pydantic.
"""

from __future__ import annotations

import configparser
import os
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from mypy.options import Options

from flyte_compiler.typecheck.interpreter import Interpreter

_PYDANTIC = "pydantic.mypy"
_FILES = ("mypy.ini", ".mypy.ini", "pyproject.toml", "setup.cfg")
"""In mypy's own order: the first that speaks of mypy counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UserSettings:
    """What is kept of the user's configuration of mypy."""

    file: Path | None = None
    mypy_path: tuple[str, ...] = ()
    uses_pydantic: bool = False


_OURS: Mapping[str, object] = {
    "incremental": True,
    "export_types": True,
    "preserve_asts": True,
    "raise_exceptions": True,
    "check_untyped_defs": True,
    "ignore_missing_imports": True,
    "local_partial_types": True,
    "disable_error_code": ["empty-body"],
    "warn_no_return": False,
    "native_parser": False,  # its columns are wrong after non-ASCII text
    "num_workers": 0,
    "sqlite_cache": False,  # files are replaced whole, so processes need no lock
    "many_errors_threshold": -1,
}
"""Left alone where a version has no such option."""


def make_options(user: UserSettings, interpreter: Interpreter, folder: Path | None) -> Options:
    """The options of a build that keeps its cache in a folder."""
    options = Options()
    for name, value in _OURS.items():
        if hasattr(options, name):
            setattr(options, name, value)
    # The older meaning of the plain name allows it in one block only.
    redefinition = "allow_redefinition_new"
    setattr(options, redefinition if hasattr(options, redefinition) else "allow_redefinition", True)
    options.python_executable = interpreter.executable
    options.python_version = interpreter.version
    options.mypy_path = list(user.mypy_path)
    options.cache_dir = os.devnull if folder is None else str(folder)
    if user.uses_pydantic:
        options.plugins = [_PYDANTIC]
        options.config_file = str(user.file)
    return options


def read_user_settings(project: Path) -> UserSettings:
    """What the configuration in a project's root says; nothing where it can't be read: mypy itself
    tells its users."""
    for name in _FILES:
        section = _section(project / name)
        if section is not None:
            return UserSettings(
                file=project / name,
                mypy_path=tuple(_folders(section.get("mypy_path"), project)),
                uses_pydantic=_PYDANTIC in _words(section.get("plugins")),
            )
    return UserSettings()


def _section(file: Path) -> Mapping[str, object] | None:
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        return None
    if file.suffix == ".toml":
        try:
            section = tomllib.loads(text).get("tool", {}).get("mypy")
        except (tomllib.TOMLDecodeError, AttributeError):
            return None
        return section if isinstance(section, dict) else None
    parser = configparser.RawConfigParser()
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    return dict(parser["mypy"]) if parser.has_section("mypy") else None


def _words(value: object) -> Sequence[str]:
    if isinstance(value, str):
        return [word.strip() for word in re.split(r"[,\n]", value) if word.strip()]
    return [word for word in value if isinstance(word, str)] if isinstance(value, list) else []


def _folders(value: object, project: Path) -> Sequence[str]:
    """Folders of a search path; mypy ends the process for one inside `site-packages`."""
    given = re.split(rf"[,{re.escape(os.pathsep)}\n]", value) if isinstance(value, str) else value
    found = [
        os.path.expandvars(each.strip().replace("$MYPY_CONFIG_FILE_DIR", str(project)))
        for each in (given if isinstance(given, list) else ())
        if isinstance(each, str) and each.strip()
    ]
    places = [project / Path(each).expanduser() for each in found]
    return [str(place) for place in places if "site-packages" not in place.parts]
