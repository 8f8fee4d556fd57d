"""Whether fragments' sources are Python that can run as a fragment.

Apart from `verify`, since parsing each of them costs more than all the rest: tests ask for it.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from flyte_compiler.ir.leaves import FragmentForm, PythonNode
from flyte_compiler.ir.model import TaskGraph
from flyte_compiler.ir.walk import all_nodes
from flyte_compiler.source.bug import CompilerBug

_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda, ast.ClassDef)
_WORDS: Mapping[type[ast.AST], str] = {
    ast.Return: "return",
    ast.Break: "break",
    ast.Continue: "continue",
    ast.Yield: "yield",
    ast.YieldFrom: "yield from",
}
"""What would leave a fragment for more than the fragment."""


def verify_sources(graph: TaskGraph) -> None:
    """Check what each fragment's source says.

    Raises:
        CompilerBug: one doesn't parse, or would leave the fragment by more than its end.
    """
    for node in all_nodes(graph):
        if isinstance(node, PythonNode):
            for fault in source_faults(node):
                raise CompilerBug(
                    f"invalid graph of {graph.task.name} at {node.span}: node {node.id}: {fault}\n"
                    f"{node.source}"
                )


def source_faults(node: PythonNode) -> Iterator[str]:
    """What is wrong with one fragment's source."""
    try:
        tree = ast.parse(_text(node))
    except (SyntaxError, ValueError) as error:
        yield f"its source doesn't parse: {error}"
        return
    # The only statement is the function around: what it holds is the fragment.
    for statement in getattr(tree.body[0], "body", ()):
        yield from _leaving(statement, node, in_loop=False)


def _text(node: PythonNode) -> str:
    """The fragment in a function, on which `await` depends."""
    if node.form is FragmentForm.EXPRESSION:
        return f"async def fragment():\n    (\n{node.source}\n    )\n"
    return f"async def fragment():\n{node.indent or ' '}{node.source}\n"


def _leaving(tree: ast.AST, node: PythonNode, *, in_loop: bool) -> Iterator[str]:
    if isinstance(tree, _SCOPES):
        return
    word = _WORDS.get(type(tree))
    if word is not None and not (in_loop and isinstance(tree, ast.Break | ast.Continue)):
        yield f"`{word}` stands in its source"
    if isinstance(tree, ast.Await | ast.AsyncFor | ast.AsyncWith) and not node.is_async:
        yield "its source awaits, but it isn't asynchronous"
    for child in ast.iter_child_nodes(tree):
        yield from _leaving(child, node, in_loop=in_loop or isinstance(tree, _LOOPS))
