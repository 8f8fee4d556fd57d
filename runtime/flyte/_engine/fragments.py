"""Python fragments of a plan, as functions.

A fragment's text is the driver's own, from its place on; it becomes the body of a function whose
parameters are the node's inputs, compiled under the user's file name with its lines and columns
kept, so that a traceback shows the user's own line.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

from flyte_plan.plan import PythonStep


class Fragments:
    """The fragments of one plan's drivers, each compiled at its first use."""

    def __init__(self) -> None:
        self._functions: dict[tuple[str, str], Callable[..., Any]] = {}

    def run(
        self, step: PythonStep, driver: Callable[..., Any], values: Mapping[str, object]
    ) -> Any:
        """Call a fragment of `driver` in its module.

        An expression gives its value, statements give the locals that they leave; an asynchronous
        one gives a coroutine of that. What the fragment raises goes through.
        """
        key = (driver.__module__ + ":" + driver.__qualname__, step.id)
        function = self._functions.get(key)
        if function is None:
            function = self._functions[key] = _function(step, driver)
        return function(**values)


def _function(step: PythonStep, driver: Callable[..., Any]) -> Callable[..., Any]:
    file = driver.__code__.co_filename
    code = compile(_module(step, driver.__name__), file, "exec", dont_inherit=True)
    made: dict[str, Any] = {}
    exec(code, driver.__globals__, made)  # noqa: S102 - the user's own driver, from their source
    function: Callable[..., Any] = made[driver.__name__]
    return function


def _module(step: PythonStep, name: str) -> ast.Module:
    body = _expression(step) if step.form == "expression" else _statements(step)
    parameters = ", ".join(named.name for named in step.inputs)
    define = "async def" if step.is_async else "def"
    module = ast.parse(f"{define} {name}({parameters}): pass")
    function = module.body[0]
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    ast.increment_lineno(function, step.place.line - 1)
    function.body = body
    return module


def _expression(step: PythonStep) -> list[ast.stmt]:
    tree = ast.parse(f"({step.source})", mode="eval")
    _move(tree, step, wrapped=1)
    return [ast.copy_location(ast.Return(value=tree.body), tree.body)]


def _statements(step: PythonStep) -> list[ast.stmt]:
    indent = ("\t" if "\n\t" in step.source else " ") * (step.place.column - 1)
    if indent:
        tree = ast.parse(f"async def f():\n{indent}{step.source}")
        wrapper = tree.body[0]
        assert isinstance(wrapper, ast.AsyncFunctionDef)
        body, first_line = wrapper.body, 2
    else:
        tree = ast.parse(step.source)
        body, first_line = tree.body, 1
    for statement in body:
        ast.increment_lineno(statement, step.place.line - first_line)
    kept = ast.parse("return locals()").body[0]
    return [*body, ast.copy_location(kept, body[-1])]


def _move(tree: ast.Expression, step: PythonStep, *, wrapped: int) -> None:
    """Put an expression parsed by itself back to its place."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.expr | ast.comprehension | ast.keyword | ast.arg):
            continue
        line = getattr(node, "lineno", None)
        if line is None:
            continue
        located: Any = node
        if located.lineno == 1:
            located.col_offset += step.place.column - 1 - wrapped
        if located.end_lineno == 1:
            located.end_col_offset += step.place.column - 1 - wrapped
        located.lineno += step.place.line - 1
        located.end_lineno += step.place.line - 1
