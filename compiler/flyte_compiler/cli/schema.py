"""The keys of `[tool.flyte-compile]`, and one clear sentence for what isn't among them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError

from flyte_compiler.cli.options import FORMATS, TARGETS, TYPE_SOURCES, FileIgnore, Settings
from flyte_compiler.diagnostics.model import Severity
from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.diagnostics.select import Selector, parse_selectors
from flyte_compiler.diagnostics.severity import Override
from flyte_compiler.diagnostics.target import Target
from flyte_compiler.rules.catalogue import catalogue


def _split(value: object) -> object:
    """A list may be written as on the command line."""
    return value.split(",") if isinstance(value, str) else value


def _known(words: list[str]) -> list[str]:
    for word in words:
        parse_selectors(word, catalogue())
    return words


def _per_file(value: object) -> object:
    """A table of patterns, each with a list of codes."""
    if not isinstance(value, dict):
        return value
    return {pattern: _split(codes) for pattern, codes in value.items()}


def _known_in_files(table: dict[str, list[str]]) -> dict[str, list[str]]:
    for words in table.values():
        _known(words)
    return table


def _graded(table: dict[str, str]) -> dict[str, str]:
    for word, grade in table.items():
        _known([word])
        if grade not in SEVERITIES:
            near = nearest(grade, SEVERITIES)
            cure = f"; did you mean `{near}`?" if near else ""
            raise ValueError(f"`{grade}` is none of {_listed(SEVERITIES)}{cure}")
    return table


def _among(choices: Sequence[str]) -> AfterValidator:
    def check(word: str) -> str:
        if word not in choices:
            raise ValueError(word)
        return word

    return AfterValidator(check)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(f'`"{each}"`' for each in words)


OFF = "off"
SEVERITIES = (*(severity.value for severity in Severity), OFF)
CHOICES: Mapping[str, Sequence[str]] = MappingProxyType(
    {"format": FORMATS, "types": TYPE_SOURCES, "target": TARGETS}
)
Codes: TypeAlias = Annotated[list[str], BeforeValidator(_split), AfterValidator(_known)]
CodesByFile: TypeAlias = Annotated[
    dict[str, list[str]], BeforeValidator(_per_file), AfterValidator(_known_in_files)
]
Grades: TypeAlias = Annotated[dict[str, str], AfterValidator(_graded)]


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
    format: Annotated[str, _among(FORMATS)] | None = None
    types: Annotated[str, _among(TYPE_SOURCES)] | None = None
    target: Annotated[str, _among(TARGETS)] | None = None
    severity: Grades = {}
    per_file_ignores: CodesByFile = {}


_ALLOWED = {
    "select": 'a list of codes, prefixes of codes and names, such as `["FC3", "argument-count"]`',
    "ignore": 'a list of codes, prefixes of codes and names, such as `["FC616"]`',
    "roots": 'a list of folders, such as `["src"]`',
    "exclude": 'a list of patterns, such as `["tests/data", "*_pb2.py"]`',
    "notes": "`true` or `false`",
    "warnings-as-errors": "`true` or `false`",
    "severity": 'a table of severities by code or name, such as `{FC205 = "error", FC210 = "off"}`',
    "per-file-ignores": 'a table of codes by pattern, such as `{"tests/**" = ["FC401"]}`',
    **{key: f"one of {_listed(choices)}" for key, choices in CHOICES.items()},
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
        types=read.types,
        target=None if read.target is None else Target(read.target),
        overrides=tuple(_overrides(read.severity)),
        off=tuple(Selector(word) for word, grade in read.severity.items() if grade == OFF),
        per_file_ignores=tuple(_file_ignores(read.per_file_ignores)),
        roots=tuple(_root(folder, name) for name in read.roots),
        exclude=tuple(read.exclude),
        folder=folder,
    )


def _selectors(words: Iterable[str] | None) -> tuple[Selector, ...] | None:
    return None if words is None else parse_selectors(",".join(words), catalogue())


def _overrides(table: Mapping[str, str]) -> Iterator[Override]:
    for word, grade in table.items():
        if grade != OFF:
            yield Override(selector=Selector(word), severity=Severity(grade))


def _file_ignores(table: Mapping[str, Iterable[str]]) -> Iterator[FileIgnore]:
    for pattern, words in table.items():
        yield FileIgnore(pattern=pattern, selectors=_selectors(words) or ())


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
    if fault["type"] == "value_error" and key not in CHOICES:
        return f"{given}: {fault['ctx']['error']}"
    near = nearest(str(table[key]), CHOICES.get(key, ()))
    cure = f"; did you mean `{near}`?" if near else ""
    return f"{given} must be {_ALLOWED[key]}{cure}"


def _shown(value: object) -> str:
    """Much as it stands in the file."""
    return json.dumps(value, default=str, ensure_ascii=False)
