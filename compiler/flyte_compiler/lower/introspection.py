"""Code that looks at its own variables or its own text.

A fragment has the variables that it names and no others, and its text has names of ours where
calls were: code that asks Python for either would see the fragment instead of the driver.
"""

from __future__ import annotations

import libcst as cst

from flyte_compiler.lower import reasons
from flyte_compiler.lower.body import Body
from flyte_compiler.lower.flow import Flow
from flyte_compiler.lower.opaque import OF_ITSELF, reader
from flyte_compiler.lower.reasons import NotLowered
from flyte_compiler.syntax.tree import nodes_of


def introspection(body: Body, node: cst.CSTNode, effect: Flow) -> NotLowered | None:
    """Why a statement can't be a fragment, where it looks at itself."""
    if body.scope.is_pythons:
        return None  # it is there to be looked at
    if names := (effect.reads & OF_ITSELF) - body.scope.variables - body.index.bindings.keys():
        for call in nodes_of(cst.Call, node):
            if (name := reader(call)) in names:
                return reasons.reads_variables(name)
    for inner in body.places.holders_in(node):
        if not isinstance(inner, cst.FormattedStringExpression) or inner.equal is None:
            continue
        if sites := body.places.names_within(inner.expression):
            return reasons.shows_text(sites)
    return None
