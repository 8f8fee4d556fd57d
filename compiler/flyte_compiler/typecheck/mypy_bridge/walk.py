"""Every expression and function of one of mypy's trees, without its visitors.

Its visitor classes can't be subclassed where mypy is compiled, so attributes are followed that
hold nodes; those that lead out of the tree, to what a name means, are not.
"""

from __future__ import annotations

from collections.abc import Iterator

from mypy.nodes import MypyFile, Node, TypeInfo, Var

_NOT_FOLLOWED = frozenset(
    {"analyzed", "def_body", "info", "mro", "names", "node", "original_def", "type"}
    | {"unanalyzed_type", "imports", "alias_deps", "plugin_deps", "local_definitions"}
)


_KNOWN: dict[type[Node], tuple[str, ...]] = {}


def walk(tree: MypyFile) -> Iterator[Node]:
    """The nodes of a tree, what holds others before what it holds."""
    seen: set[int] = set()
    waiting: list[object] = [tree.defs]
    while waiting:
        found = waiting.pop()
        if isinstance(found, list | tuple):
            waiting.extend(reversed(found))
        elif isinstance(found, Node) and not isinstance(found, Var | TypeInfo | MypyFile):
            if id(found) in seen:
                continue
            seen.add(id(found))
            yield found
            held = (getattr(found, name, None) for name in _attributes(type(found)))
            waiting.extend(reversed([each for each in held if _holds_nodes(each)]))


def _holds_nodes(value: object) -> bool:
    return isinstance(value, list | tuple | Node)


def _attributes(kind: type[Node]) -> tuple[str, ...]:
    """The attributes of a kind of node that may hold nodes: compiled classes list theirs, others
    have slots."""
    if kind not in _KNOWN:
        names: dict[str, None] = {}
        for each in kind.__mro__:
            listed = getattr(each, "__mypyc_attrs__", None) or each.__dict__.get("__slots__", ())
            names.update(dict.fromkeys(name for name in listed if name not in _NOT_FOLLOWED))
        _KNOWN[kind] = tuple(names)
    return _KNOWN[kind]
