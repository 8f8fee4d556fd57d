"""Code that looks at its own variables or its own text.

A fragment has the variables that it names and no others, and its text has names of ours where
calls were: code that asks Python for either would see the fragment instead of the driver.
"""

from __future__ import annotations

import libcst as cst

from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import Body
from flyte_compiler.lower.flow import Flow
from flyte_compiler.lower.reasons import NotLowered
from flyte_compiler.syntax.tree import nodes_of

_BY_NAME = frozenset({"eval", "exec", "locals"})
"""Builtins that read the caller's variables."""
_OF_METHODS = frozenset({"super"})
"""Those that ask which class the function around them stands in."""
_WITHOUT_ARGUMENTS = frozenset({"dir", "super", "vars"})
"""Builtins that do so where they are given nothing else to look at."""


def introspection(body: Body, node: cst.CSTNode, effect: Flow) -> NotLowered | None:
    """Why a statement can't be a fragment, where it looks at itself."""
    readers = (effect.reads & (_BY_NAME | _WITHOUT_ARGUMENTS | _OF_METHODS)) - body.scope.variables
    readers -= body.index.bindings.keys()
    if readers:
        for call in nodes_of(cst.Call, node):
            if (name := _reader(call)) in readers:
                return reasons.reads_variables(name)
    for inner in body.places.holders_in(node):
        if not isinstance(inner, cst.FormattedStringExpression) or inner.equal is None:
            continue
        if sites := body.places.names_within(inner.expression):
            return reasons.shows_text(sites)
    return None


def _reader(call: cst.Call) -> str:
    if not isinstance(call.func, cst.Name):
        return ""
    name = call.func.value
    return name if name in _BY_NAME or (name in _WITHOUT_ARGUMENTS and not call.args) else ""
