"""`DeployedTask`: what can be looked up by `remote.Task.get("env.task")`."""

from __future__ import annotations

from dataclasses import dataclass

from flyte_compiler.syntax.model import ParameterKind
from flyte_compiler.typecheck.model import Type


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedParameter:
    """One parameter with its declared type."""

    name: str
    kind: ParameterKind
    is_optional: bool
    type: Type


@dataclass(frozen=True, slots=True, kw_only=True)
class DeployedTask:
    """One task by its full name."""

    name: str
    module: str
    function: str
    parameters: tuple[TypedParameter, ...]
    result: Type
