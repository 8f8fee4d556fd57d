"""Local variables that are lists, dicts or sets whatever happens.

What such a variable is needs no look at run time: `results.append` may be looked up after the call
in `results.append(await t(x))` as well as before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import libcst as cst

from flyte_compiler.syntax.scan import Access
from flyte_compiler.syntax.scope import contents_of
from flyte_compiler.syntax.tree import EXPRESSIONS, children

METHODS: Mapping[type, frozenset[str]] = {
    list: frozenset({"append", "extend", "insert", "remove", "index", "count"}),
    dict: frozenset({"get", "setdefault", "update"}),
    set: frozenset({"add", "discard", "update"}),
}
"""Methods that are called with the result of a call."""

_DISPLAYS: Mapping[type[cst.CSTNode], type] = {
    cst.List: list,
    cst.ListComp: list,
    cst.Dict: dict,
    cst.DictComp: dict,
    cst.Set: set,
    cst.SetComp: set,
}


def containers_of(tree: cst.FunctionDef | cst.Lambda) -> Mapping[str, type]:
    """Each local variable that only displays and comprehensions of one kind are assigned to."""
    contents = contents_of(tree)
    mentions = [m for m in contents.mentions if m.access in (Access.WRITE, Access.WALRUS)]
    shared = contents.names(Access.GLOBAL, Access.NONLOCAL)
    found: dict[str, set[type]] = {}
    assigned: dict[str, int] = {}
    for name, kind in _assigned(tree.body):
        assigned[name] = assigned.get(name, 0) + 1
        found.setdefault(name, set()).add(kind)
    written = [m.name for m in mentions]
    return {
        name: kinds.pop()
        for name, kinds in found.items()
        if len(kinds) == 1 and name not in shared and written.count(name) == assigned[name]
    }


def _assigned(body: cst.CSTNode) -> Iterator[tuple[str, type]]:
    """Names with the kind of display that a statement assigns to them."""
    stack: list[Any] = [body]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is cst.Assign and len(node.targets) == 1:
            target = node.targets[0].target
        elif kind is cst.AnnAssign:
            target = node.target
        elif kind in EXPRESSIONS:
            continue  # no statement stands in it
        else:
            stack += children(node)
            continue
        display = _DISPLAYS.get(type(node.value))
        if display is not None and type(target) is cst.Name:
            yield target.value, display
