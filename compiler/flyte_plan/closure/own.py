"""What a closure knows by name alone: our decorators, environments and tasks.

Their options (resources, images, retries) are in no identity, and a called task has a version of
its own.
"""

from __future__ import annotations

import ast
from typing import Protocol, TypeGuard

Function = ast.FunctionDef | ast.AsyncFunctionDef

_TASK_DECORATORS = frozenset({"task", "compiled_task"})
_ENVIRONMENT_MAKERS = frozenset({("TaskEnvironment",), ("clone_with",), ("from_task",)})


class _Made(Protocol):
    """An assignment of a call."""

    value: ast.Call


def dotted(node: ast.expr) -> tuple[str, ...]:
    """`a.b.c` as its parts; empty for an expression that is no dotted name."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return ()
    return (node.id, *reversed(parts))


def called(node: ast.expr) -> tuple[str, ...]:
    """The dotted name of a decorator or call, its arguments left out."""
    return dotted(node.func if isinstance(node, ast.Call) else node)


def is_task_decorator(node: ast.expr) -> bool:
    """Whether it is `@x.task`, `@x.compiled_task`, or a call of one."""
    name = called(node)
    return len(name) > 1 and name[-1] in _TASK_DECORATORS


def is_task(node: ast.AST) -> bool:
    """Whether `node` defines a task, or makes one by calling a decorator."""
    if isinstance(node, Function):
        return any(map(is_task_decorator, node.decorator_list))
    return is_task_decorator(node.value) if _is_made_by_call(node) else False


def is_known_by_name(node: ast.AST) -> bool:
    """Whether `node` defines a task or makes an environment."""
    return is_task(node) or (
        _is_made_by_call(node) and called(node.value)[-1:] in _ENVIRONMENT_MAKERS
    )


def _is_made_by_call(node: ast.AST) -> TypeGuard[_Made]:
    return isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Call)


def is_main_guard(node: ast.If) -> bool:
    """Whether it is `if __name__ == "__main__":`, what a script does and an import doesn't."""
    match node.test:
        case ast.Compare(
            left=ast.Name(id="__name__"),
            ops=[ast.Eq()],
            comparators=[ast.Constant(value="__main__")],
        ):
            return True
        case _:
            return False
