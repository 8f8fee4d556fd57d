"""The manifest that the mypy plugin reads; its form is described there, in `manifest.py`."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TypeAlias

from flyte_compiler.remote_stubs.model import DeployedTask
from flyte_compiler.typecheck.model import (
    ClassForm,
    ClassType,
    LiteralType,
    NoneType,
    TupleType,
    Type,
    TypedDictType,
    UnionType,
)

Described: TypeAlias = str | dict[str, object]
VERSION = 1


def manifest_text(tasks: Sequence[DeployedTask]) -> str:
    """The file, by name of task."""
    content = {
        "version": VERSION,
        "tasks": {task.name: _task(task) for task in sorted(tasks, key=lambda each: each.name)},
    }
    return f"{json.dumps(content, indent=1, ensure_ascii=False)}\n"


def _task(task: DeployedTask) -> dict[str, object]:
    return {
        "module": task.module,
        "function": task.function,
        "parameters": [
            {
                "name": each.name,
                "kind": each.kind.value,
                "optional": each.is_optional,
                "type": _type(each.type),
            }
            for each in task.parameters
        ],
        "result": _type(task.result),
    }


def _type(described: Type) -> Described:
    """What can't be said of another module's types is `any`."""
    match described:
        case NoneType():
            return "none"
        case ClassType(form=ClassForm.LOCAL):
            return "any"
        case ClassType(name=name, arguments=()):
            return {"class": name}
        case ClassType(name=name, arguments=arguments):
            return {"class": name, "of": [_type(each) for each in arguments]}
        case TupleType(items=items):
            return {"tuple": [_type(each) for each in items]}
        case UnionType(members=members):
            return {"union": [_type(each) for each in members]}
        case LiteralType(value=value, of=of):
            return {"literal": value, "class": of.name}
        case TypedDictType(name=str(name)) if name:
            return {"class": name}
        case _:
            return "any"
