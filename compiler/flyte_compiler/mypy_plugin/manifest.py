"""The manifest of deployed tasks: what `flyte-compile stubs` wrote of each, by full name.

    {"version": 1, "tasks": {"etl.load": {
        "module": "tasks", "function": "load",
        "parameters": [{"name": "day", "kind": "positional-or-keyword", "optional": false,
                        "type": {"class": "builtins.int"}}],
        "result": {"class": "builtins.list", "of": [{"class": "builtins.str"}]}}}}

A type is `"any"`, `"none"`, or a table with one of `class` (and `of`), `tuple`, `union`, `literal`
(and `class`).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

Described: TypeAlias = "str | dict[str, object]"
"""A type, as the manifest writes it."""
VERSION = 1


class ManifestError(Exception):
    """It isn't what `flyte-compile stubs` writes; says what is wrong with which file."""


def read_manifest(file: Path, *, is_needed: bool) -> Mapping[str, Mapping[str, object]]:
    """Tasks by name; empty where there is no such file and nobody named it.

    Raises:
        ManifestError: it can't be read.
    """
    try:
        state = file.stat()
    except OSError:
        if is_needed:
            raise ManifestError(
                f"`{file}` isn't there; `flyte-compile stubs FILE` writes it"
            ) from None
        return {}
    return _read(file, state.st_mtime_ns, state.st_size)


@lru_cache(maxsize=2)
def _read(file: Path, changed: int, size: int) -> Mapping[str, Mapping[str, object]]:
    del changed, size  # they tell one state of the file from another
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise ManifestError(f"`{file}` can't be read: {error}") from None
    if not isinstance(content, dict) or content.get("version") != VERSION:
        raise ManifestError(f"`{file}` is no manifest of version {VERSION}; write it anew")
    tasks = content.get("tasks")
    if not isinstance(tasks, dict) or not all(_is_task(each) for each in tasks.values()):
        raise ManifestError(f"`{file}` holds tasks that are none; write it anew")
    return tasks


def _is_task(task: object) -> bool:
    if not isinstance(task, dict) or not _is_type(task.get("result")):
        return False
    parameters = task.get("parameters")
    return isinstance(parameters, list) and all(
        isinstance(each, dict)
        and isinstance(each.get("name"), str)
        and isinstance(each.get("kind"), str)
        and _is_type(each.get("type"))
        for each in parameters
    )


def _is_type(described: object) -> bool:
    if isinstance(described, str):
        return described in ("any", "none")
    if not isinstance(described, dict):
        return False
    parts = [part for key in ("of", "tuple", "union") for part in described.get(key, ())]
    is_named = isinstance(described.get("class", ""), str)
    return is_named and bool(described) and all(_is_type(part) for part in parts)


def classes_of(described: object) -> Iterator[str]:
    """The full names of the classes in a task or a type."""
    if isinstance(described, dict):
        if isinstance(name := described.get("class"), str):
            yield name
        for value in described.values():
            yield from classes_of(value)
    elif isinstance(described, list):
        for value in described:
            yield from classes_of(value)
