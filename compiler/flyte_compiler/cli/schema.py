"""The keys of `[tool.flyte-compile]`, and one clear sentence for what isn't among them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from flyte_compiler.cli.options import FORMATS, Settings
from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.diagnostics.select import Selector, parse_selectors
from flyte_compiler.rules.catalogue import catalogue


def _split(value: object) -> object:
    """A list may be written as on the command line."""
    return value.split(",") if isinstance(value, str) else value


def _known(words: list[str]) -> list[str]:
    for word in words:
        parse_selectors(word, catalogue())
    return words


Codes: TypeAlias = Annotated[list[str], BeforeValidator(_split), AfterValidator(_known)]


def _hyphened(name: str) -> str:
    return name.replace("_", "-")


class Table(BaseModel):
    """What the table may hold."""

    model_config = ConfigDict(extra="forbid", strict=True, alias_generator=_hyphened)

    select: Codes | None = None
    ignore: Codes | None = None
    roots: list[str] = []
    exclude: list[str] = []
    notes: bool | None = None
    warnings_as_errors: bool | None = None
    format: Literal["full", "concise", "json"] | None = None


_ALLOWED = {
    "select": 'a list of codes, prefixes of codes and names, such as `["FC3", "argument-count"]`',
    "ignore": 'a list of codes, prefixes of codes and names, such as `["FC616"]`',
    "roots": 'a list of folders, such as `["src"]`',
    "exclude": 'a list of patterns, such as `["tests/data", "*_pb2.py"]`',
    "notes": "`true` or `false`",
    "warnings-as-errors": "`true` or `false`",
    "format": "one of " + ", ".join(f'`"{each}"`' for each in FORMATS),
}


def read_settings(table: Mapping[str, object], folder: Path) -> Settings:
    """The settings of a table in a file in `folder`.

    Raises:
        ValueError: an unknown key, or a value that isn't allowed; says which, and what is.
    """
    try:
        read = Table.model_validate(table)
    except ValidationError as error:
        raise ValueError(_sentence(error, table)) from None
    return Settings(
        select=_selectors(read.select),
        ignore=_selectors(read.ignore),
        notes=read.notes,
        warnings_as_errors=read.warnings_as_errors,
        format=read.format,
        roots=tuple(_root(folder, name) for name in read.roots),
        exclude=tuple(read.exclude),
        folder=folder,
    )


def _selectors(words: Iterable[str] | None) -> tuple[Selector, ...] | None:
    return None if words is None else parse_selectors(",".join(words), catalogue())


def _root(folder: Path, name: str) -> Path:
    root = folder / name
    if not root.is_dir():
        raise ValueError(f"`roots` names `{name}`, which is no folder")
    return root


def _sentence(error: ValidationError, table: Mapping[str, object]) -> str:
    """The first fault, by key, value and what is allowed."""
    fault = error.errors(include_url=False)[0]
    key = str(fault["loc"][0])
    if key not in _ALLOWED:
        near = nearest(key, _ALLOWED)
        known = ", ".join(f"`{each}`" for each in _ALLOWED)
        cure = f"did you mean `{near}`?" if near else f"it may be one of {known}"
        return f"unknown key `{key} = {_shown(table[key])}`; {cure}"
    given = f"`{key} = {_shown(table[key])}`"
    if fault["type"] == "value_error":
        return f"{given}: {fault['ctx']['error']}"
    word = table[key] if isinstance(table[key], str) else ""
    near = nearest(str(word), FORMATS) if key == "format" and word else None
    cure = f"; did you mean `{near}`?" if near else ""
    return f"{given} must be {_ALLOWED[key]}{cure}"


def _shown(value: object) -> str:
    """Much as it stands in the file."""
    return json.dumps(value, default=str, ensure_ascii=False)
