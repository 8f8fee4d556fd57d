"""Names of which a test may tell more than the place that binds them."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache

from flyte_compiler.typecheck.annotations.trees import ScopeTree


@lru_cache(maxsize=1024)
def narrowed_names(scope: ScopeTree) -> frozenset[str]:
    """Every name and attribute that stands in a condition, an assertion or a `match` anywhere in
    a scope, or is assigned as an attribute there."""
    return frozenset(_tested(scope))


def _tested(scope: ScopeTree) -> Iterator[str]:
    for node in ast.walk(scope):
        match node:
            case ast.If(test=test) | ast.While(test=test) | ast.IfExp(test=test):
                yield from _mentioned(test)
            case ast.Assert(test=test) | ast.Match(subject=test):
                yield from _mentioned(test)
            case ast.BoolOp(values=values):
                for value in values:
                    yield from _mentioned(value)
            case ast.comprehension(ifs=tests):
                for test in tests:
                    yield from _mentioned(test)
            case ast.Attribute(attr=name, ctx=ast.Store()):
                yield name
            case _:
                pass


def _mentioned(test: ast.expr) -> Iterator[str]:
    for node in ast.walk(test):
        match node:
            case ast.Name(id=name) | ast.Attribute(attr=name):
                yield name
            case _:
                pass
