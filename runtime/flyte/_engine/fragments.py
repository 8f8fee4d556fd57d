"""Python fragments of a plan, as functions.

A fragment's text is the driver's own, from its place on; it becomes the body of a function whose
parameters are the node's inputs, compiled under the user's file name with its lines and columns
kept, so that a traceback shows the user's own line.
"""

from __future__ import annotations
import __future__

import ast
from collections.abc import Callable, Mapping
from typing import Any

from flyte_plan.plan import PythonStep


class Fragments:
    """The fragments of one plan's drivers, each compiled at its first use."""

    def __init__(self) -> None:
        self._functions: dict[tuple[str, str, frozenset[str]], Callable[..., Any]] = {}

    def run(
        self,
        step: PythonStep,
        driver: Callable[..., Any],
        values: Mapping[str, object],
        unbound: frozenset[str],
    ) -> Any:
        """Call a fragment of `driver` in its module.

        An expression gives its value, statements give the locals that they leave; an asynchronous
        one gives a coroutine of that. What the fragment raises goes through; reading one of
        `unbound` raises what Python would.
        """
        key = (f"{driver.__module__}:{driver.__qualname__}", step.id, unbound)
        function = self._functions.get(key)
        if function is None:
            function = self._functions[key] = _function(step, driver, unbound)
        return function(**values, **dict.fromkeys(unbound))


def _function(
    step: PythonStep, driver: Callable[..., Any], unbound: frozenset[str]
) -> Callable[..., Any]:
    code = compile(
        _module(step, driver.__name__, unbound),
        driver.__code__.co_filename,
        "exec",
        flags=driver.__code__.co_flags & __future__.annotations.compiler_flag,
        dont_inherit=True,
    )
    made: dict[str, Any] = {}
    exec(code, driver.__globals__, made)  # noqa: S102 - the user's own driver, from their source
    function: Callable[..., Any] = made[driver.__name__]
    function.__qualname__ = driver.__qualname__
    return function


def _module(step: PythonStep, name: str, unbound: frozenset[str]) -> ast.Module:
    parameters = ", ".join(named.name for named in step.inputs)
    define = "async def" if step.is_async else "def"
    module = ast.parse(f"{define} {name}({parameters}): pass")
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    ast.increment_lineno(function, step.place.line - 1)
    body = _expression(step) if step.form == "expression" else _statements(step)
    first: list[ast.stmt] = []
    if step.global_names:
        first.append(ast.Global(names=list(step.global_names)))
    first += [ast.Delete(targets=[ast.Name(name, ast.Del())]) for name in sorted(unbound)]
    function.body = [*_beside(first, body[0]), *body]
    return module


def _expression(step: PythonStep) -> list[ast.stmt]:
    tree = ast.parse(f"({step.source})", mode="eval")
    _move(tree, step)
    return [ast.copy_location(ast.Return(value=tree.body), tree.body)]


def _statements(step: PythonStep) -> list[ast.stmt]:
    # The wrapper lets `await` and `return` parse; its own line is the one before the fragment's.
    wrapper = ast.parse(f"async def f():\n{step.indent or ' '}{step.source}").body[0]
    assert isinstance(wrapper, ast.AsyncFunctionDef)
    for statement in wrapper.body:
        ast.increment_lineno(statement, step.place.line - 2)
    kept = ast.Return(value=ast.parse("locals()", mode="eval").body)
    return [*wrapper.body, *_beside([kept], wrapper.body[-1])]


def _beside(ours: list[ast.stmt], place: ast.stmt) -> list[ast.stmt]:
    """Statements of our own, at the place of one of the user's."""
    for statement in ours:
        for node in ast.walk(statement):
            ast.copy_location(node, place)
    return ours


def _move(tree: ast.Expression, step: PythonStep) -> None:
    """Put an expression that was parsed by itself, in parentheses, back to its place."""
    columns = step.place.column - 1 - len("(")
    for node in ast.walk(tree):
        if getattr(node, "lineno", None) is None:
            continue
        located: Any = node
        if located.lineno == 1:
            located.col_offset += columns
        if located.end_lineno == 1:
            located.end_col_offset += columns
        located.lineno += step.place.line - 1
        located.end_lineno += step.place.line - 1
