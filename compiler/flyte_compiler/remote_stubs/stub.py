"""The stub: a class for each deployed task, and an overload of `remote.Task.get` that gives it.

A class, since a `ParamSpec` written out in brackets has no names of parameters, and deployed tasks
are called by keyword.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from flyte_compiler.remote_stubs.model import DeployedTask, TypedParameter
from flyte_compiler.source.bug import CompilerBug
from flyte_compiler.syntax.model import ParameterKind
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

MODULE = "_deployed"
_BUILTINS = "builtins."
_GET = re.compile(
    r"    @staticmethod\n    def get\(\n        name: str,\n(?P<rest>(?:        .+\n)+)"
    r"    \) -> LazyEntity\[\.\.\., Any\]: \.\.\.\n"
)
_TYPING = re.compile(r"^from typing import (?P<names>.+)$", re.MULTILINE)


def remote_text(original: str, tasks: Sequence[DeployedTask]) -> str:
    """`flyte/remote.pyi` with an overload for each task before the one for any name."""
    found = _GET.search(original)
    if found is None:
        raise CompilerBug("`remote.Task.get` isn't where the stubs had it")
    names = class_names(tasks)
    overloads = [
        _overload(f'Literal["{task.name}"]', f"{MODULE}.{name}", found["rest"])
        for task, name in zip(tasks, names, strict=True)
    ]
    overloads.append(_overload("str", "LazyEntity[..., Any]", found["rest"]))
    text = original[: found.start()] + "".join(overloads) + original[found.end() :]
    imports = r"from typing import \g<names>, overload\n\nfrom flyte import " + MODULE
    return _TYPING.sub(imports, text, count=1)


def _overload(name: str, result: str, rest: str) -> str:
    return (
        f"    @overload\n    @staticmethod\n    def get(\n        name: {name},\n{rest}"
        f"    ) -> {result}: ...\n"
    )


def deployed_text(tasks: Sequence[DeployedTask], modules: Collection[str]) -> str:
    """`flyte/_deployed.pyi`; `modules` are the program's own."""
    written = _Writer(modules)
    classes = [
        written.task(task, name) for task, name in zip(tasks, class_names(tasks), strict=True)
    ]
    imports = [f"import {module}" for module in sorted(written.imported)]
    head = ['"""Deployed tasks; written by `flyte-compile stubs`."""', "", *imports]
    return "\n".join([*head, "from typing import Any, Literal", "", *_FROM_LIBRARY, "", *classes])


_FROM_LIBRARY = ("from flyte.remote import LazyEntity",)


def class_names(tasks: Sequence[DeployedTask]) -> list[str]:
    """A name for each: `etl.load_all` is `EtlLoadAll`; numbered where two would be the same."""
    names: list[str] = []
    for task in tasks:
        words = re.split(r"[^0-9A-Za-z]+", task.name)
        name = "".join(word[:1].upper() + word[1:] for word in words if word)
        name = name if name.isidentifier() else f"Task{name}"
        same = sum(1 for each in names if each == name or each.startswith(f"{name}_"))
        names.append(f"{name}_{same + 1}" if same else name)
    return names


class _Writer:
    """Writes types, and remembers what they need imported."""

    def __init__(self, modules: Collection[str]) -> None:
        self.imported: set[str] = set()
        self._modules = modules

    def task(self, task: DeployedTask, name: str) -> str:
        """One class."""
        result = self.type(task.result)
        parameters = ", ".join(["self", *self._parameters(task.parameters)])
        return (
            f"class {name}(LazyEntity[..., {result}]):\n"
            f'    """`{task.name}`: `{task.function}` in `{task.module}`."""\n\n'
            f"    async def __call__({parameters}) -> {result}: ...\n"
        )

    def _parameters(self, parameters: Sequence[TypedParameter]) -> Iterator[str]:
        kinds = [each.kind for each in parameters]
        for place, each in enumerate(parameters):
            if each.kind is ParameterKind.KEYWORD_ONLY and each.kind not in kinds[:place]:
                yield "*"
            default = " = ..." if each.is_optional else ""
            yield f"{each.name}: {self.type(each.type)}{default}"
            is_last = ParameterKind.POSITIONAL_ONLY not in kinds[place + 1 :]
            if each.kind is ParameterKind.POSITIONAL_ONLY and is_last:
                yield "/"

    def type(self, written: Type) -> str:
        """A type by its full names; what has none is `Any`."""
        match written:
            case NoneType():
                return "None"
            case ClassType(form=ClassForm.LOCAL):
                return "Any"
            case ClassType(name="builtins.tuple", arguments=(element,)):
                return f"tuple[{self.type(element)}, ...]"
            case ClassType(name=name, arguments=arguments):
                inner = ", ".join(self.type(each) for each in arguments)
                return f"{self._name(name)}[{inner}]" if inner else self._name(name)
            case TupleType(items=items):
                return f"tuple[{', '.join(self.type(each) for each in items) or '()'}]"
            case UnionType(members=members):
                return " | ".join(dict.fromkeys(self.type(each) for each in members))
            case LiteralType(value=value, of=of):
                return f"Literal[{self._value(value, of)}]"
            case TypedDictType(name=str(name)) if name:
                return self._name(name)
            case _:
                return "Any"

    def _value(self, value: str, of: ClassType) -> str:
        """A member of an enum by its full name."""
        short = of.name.rpartition(".")[2]
        if not value.startswith(f"{short}."):
            return value
        return f"{self._name(of.name)}.{value.partition('.')[2]}"

    def _name(self, name: str) -> str:
        if name.startswith(_BUILTINS):
            return name.removeprefix(_BUILTINS)
        parts = name.split(".")
        own = (".".join(parts[:length]) for length in range(len(parts) - 1, 0, -1))
        module = next((each for each in own if each in self._modules), ".".join(parts[:-1]))
        self.imported.add(module)
        return name
