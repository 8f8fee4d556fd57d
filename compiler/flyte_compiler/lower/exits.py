"""How control leaves a statement other than at its end."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from flyte_compiler.syntax.tree import EXPRESSIONS, children

_OWN = EXPRESSIONS | {cst.FunctionDef, cst.ClassDef}
"""What has no exits of the statement that it stands in."""


def may_return(node: cst.CSTNode) -> bool:
    """Whether a statement may leave the function with a result."""
    return any(isinstance(inner, cst.Return) for inner in _statements_in(node))


def leaves_by_exit(node: cst.CSTNode) -> bool:
    """Whether a statement may `break` or `continue` a loop around it."""
    stack = [node]
    while stack:
        inner = stack.pop()
        if type(inner) in _OWN:
            continue
        match inner:
            case cst.Break() | cst.Continue():
                return True
            case cst.For() | cst.While():  # its own body's exits are its own; not its `else`'s
                if inner.orelse is not None:
                    stack.append(inner.orelse)
            case _:
                stack.extend(children(inner))
    return False


def decides(nodes: list[cst.CSTNode]) -> bool:
    """Whether an exception out of some code is the program's own decision."""
    return any(
        isinstance(inner, cst.Raise | cst.Assert)
        for node in nodes
        for inner in _statements_in(node)
    )


def _statements_in(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    stack = [node]
    while stack:
        inner = stack.pop()
        yield inner
        if type(inner) not in _OWN:
            stack.extend(children(inner))
