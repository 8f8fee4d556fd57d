"""Symbols by full name, in the modules that mypy has loaded."""

from __future__ import annotations

from mypy.checker import TypeChecker
from mypy.nodes import SymbolTableNode, TypeInfo
from mypy.plugin import CheckerPluginInterface


def find_symbol(fullname: str, api: CheckerPluginInterface) -> SymbolTableNode | None:
    """The symbol; None where its module isn't loaded, or has none of the name."""
    if not isinstance(api, TypeChecker):
        return None
    parts = fullname.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = api.modules.get(".".join(parts[:length]))
        if module is not None:
            return _inside(module.names.get(parts[length]), parts[length + 1 :])
    return None


def _inside(symbol: SymbolTableNode | None, names: list[str]) -> SymbolTableNode | None:
    for name in names:
        if symbol is None or not isinstance(symbol.node, TypeInfo):
            return None
        symbol = symbol.node.names.get(name)
    return symbol
