"""Code that looks at its own variables or its own text.

A fragment has the variables that it names and no others, and its text has names of ours where
calls were: code that asks Python for either would see the fragment instead of the driver.
"""

from __future__ import annotations

import libcst as cst

from flyte_compiler.lower import reasons
from flyte_compiler.lower.driver import Driver
from flyte_compiler.lower.reasons import NotLowered
from flyte_compiler.lower.units import Unit
from flyte_compiler.syntax.tree import walk

_BY_NAME = frozenset({"eval", "exec", "locals"})
"""Builtins that read the caller's variables."""
_WITHOUT_ARGUMENTS = frozenset({"dir", "vars"})
"""Builtins that do so where they are given nothing else to look at."""


def introspection(driver: Driver, unit: Unit) -> NotLowered | None:
    """Why a statement can't be a fragment, where it looks at itself."""
    readers = (unit.effect.reads & (_BY_NAME | _WITHOUT_ARGUMENTS)) - driver.locals
    readers -= driver.index.bindings.keys()
    if readers:
        for node in walk(unit.node):
            if isinstance(node, cst.Call) and (name := _reader(node)) in readers:
                return reasons.reads_variables(name)
    fields = walk(unit.node) if unit.has_calls else ()
    for node in fields:
        if not isinstance(node, cst.FormattedStringExpression) or node.equal is None:
            continue
        if sites := driver.calls.within(node.expression):
            return reasons.shows_text(sites)
    return None


def _reader(call: cst.Call) -> str:
    if not isinstance(call.func, cst.Name):
        return ""
    name = call.func.value
    return name if name in _BY_NAME or (name in _WITHOUT_ARGUMENTS and not call.args) else ""
