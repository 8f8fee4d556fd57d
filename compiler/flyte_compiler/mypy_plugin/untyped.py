"""Bodies of tasks without annotations are checked, as those of other functions aren't.

mypy skips a function that says nothing of its types. A task's is made to say `Any` of everything,
as where one annotation stands and the rest is left out. Right after parsing, by its looks, since
nothing is resolved yet: `@x.task` in a module that imports `flyte`, and any `@x.compiled_task`.
mypy 2 asks for decorators before it looks at bodies: there it's early enough when the decorator is
known, and the only time where its workers share the modules.
"""

from __future__ import annotations

from collections.abc import Iterator

from mypy.nodes import (
    MISSING_FALLBACK,
    Block,
    ClassDef,
    Decorator,
    FuncDef,
    IfStmt,
    Import,
    ImportFrom,
    MypyFile,
    Node,
    TryStmt,
    WithStmt,
)
from mypy.plugin import CheckerPluginInterface
from mypy.types import AnyType, CallableType, Instance, Type, TypeOfAny
from mypy.typevars import fill_typevars

from flyte_compiler.mypy_plugin.drivers import decoration
from flyte_compiler.mypy_plugin.trees import children

_LIBRARY = "flyte"
_HOLDERS = (Block, ClassDef, Decorator, FuncDef, IfStmt, TryStmt, WithStmt)
_UNANALYZED = Instance(MISSING_FALLBACK, [])
ANYTHING = AnyType(TypeOfAny.unannotated)


def type_bodies(file: MypyFile) -> None:
    """Give each task without annotations a type of `Any`s."""
    is_user = imports_library(file)
    for decorator in _decorators(file):
        kinds = [found.name for each in decorator.decorators if (found := decoration(each))]
        if "compiled_task" in kinds or (kinds and is_user):
            _type(decorator.func)


def imports_library(file: MypyFile) -> bool:
    """Whether a module imports `flyte`, or a part of it, by name."""
    return any(_is_of_library(each) for each in file.imports)


def _decorators(root: Node) -> Iterator[Decorator]:
    """Those of statements in statements; expressions hold none."""
    for child in children(root):
        if isinstance(child, Decorator):
            yield child
        if isinstance(child, _HOLDERS):
            yield from _decorators(child)


def _is_of_library(statement: Node) -> bool:
    match statement:
        case Import(ids=ids):
            return any(name.partition(".")[0] == _LIBRARY for name, _ in ids)
        case ImportFrom(id=name):
            return name.partition(".")[0] == _LIBRARY
        case _:
            return False


def _type(function: FuncDef) -> None:
    if function.type is None:
        function.type = _of_anything(function, _UNANALYZED, ANYTHING)
        function.unanalyzed_type = function.type


def type_body(function: FuncDef, api: CheckerPluginInterface) -> None:
    """Give a task without annotations a type, after its names are resolved."""
    if function.type is not None:
        return
    result: Type = ANYTHING
    if function.is_coroutine and not function.is_generator:
        result = api.named_generic_type("typing.Coroutine", [ANYTHING] * 3)
    made = _of_anything(function, api.named_generic_type("builtins.function", []), result)
    if function.info and made.arg_types and not function.is_static:
        made.arg_types[0] = fill_typevars(function.info)
    function.type = made


def _of_anything(function: FuncDef, fallback: Instance, result: Type) -> CallableType:
    return CallableType(
        [ANYTHING] * len(function.arg_kinds),
        function.arg_kinds,
        function.arg_names,
        result,
        fallback,
        name=function.name,
    )
