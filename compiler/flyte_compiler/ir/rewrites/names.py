"""What a module's global names are, as far as its text says.

A name counts as an import, a logger or a constant only if the module binds it once, at its top
level, and no function declares it `global`. That another module sets attributes of this one isn't
looked for: whoever rebinds a constant from outside changes what it means.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

LOGGER = "logging.Logger"
"""The origin of a name that is bound to `logging.getLogger(...)`."""
_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
_OPENERS = frozenset({ast.alias, ast.FunctionDef, ast.Call})
"""What `_opens` may say yes to."""
_BUILTINS = frozenset(dir(builtins))
_OPENING = frozenset({"exec", "eval", "globals", "vars", "setattr"})
"""Builtins through which a module may bind names that can't be seen."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class ModuleNames:
    """The global names of one module. Compared by identity: there is one for each text."""

    origins: Mapping[str, str]
    """Imported names and loggers by the dotted name of what they are."""
    constants: frozenset[str]
    """Bound to an immutable literal."""
    fixed: frozenset[str]
    """Bound once, at the top level: they stay what they are."""
    bound: frozenset[str]
    is_open: bool
    """Whether there may be names that can't be seen."""

    def origin(self, name: str) -> str:
        """The dotted name of what a global name is, `builtins.len`; empty where it isn't known."""
        if (origin := self.origins.get(name)) is not None:
            return origin
        if name in self.bound or self.is_open or name not in _BUILTINS:
            return ""
        return f"builtins.{name}"


NO_NAMES = ModuleNames(
    origins={}, constants=frozenset(), fixed=frozenset(), bound=frozenset(), is_open=True
)


@lru_cache(maxsize=256)  # Each driver of a module asks again.
def names_of_module(text: str) -> ModuleNames:
    """The names of a module with that text; none are known where it doesn't parse."""
    try:
        tree = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return NO_NAMES
    bindings = Counter(bound_names(tree))
    is_open = False
    for node in ast.walk(tree):
        if type(node) in _OPENERS and _opens(node):
            is_open = True
        elif isinstance(node, ast.Global):
            bindings.update(node.names * 2)
    once = {name for name, times in bindings.items() if times == 1}
    origins = {name: what for name, what in _imports(tree) if name in once}
    constants: set[str] = set()
    for name, bound in _assignments(tree):
        if name not in once:
            continue
        if _is_constant(bound):
            constants.add(name)
        elif isinstance(bound, ast.Call) and _dotted(bound.func, origins) == "logging.getLogger":
            origins[name] = LOGGER
    return ModuleNames(
        origins=origins,
        constants=frozenset(constants),
        fixed=frozenset(once),
        bound=frozenset(bindings),
        is_open=is_open,
    )


def bound_names(tree: ast.AST) -> Iterator[str]:
    """The names that code at the top level of a tree binds, as often as it does."""
    waiting = list(ast.iter_child_nodes(tree))
    while waiting:
        node = waiting.pop()
        if not isinstance(node, _SCOPES):
            waiting += ast.iter_child_nodes(node)
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                yield name
            case ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
                yield name
            case ast.alias(name=name, asname=local):
                yield local or name.partition(".")[0]
            case ast.ExceptHandler(name=str(name)):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name
            case ast.MatchMapping(rest=str(name)):
                yield name
            case _:
                pass


def _imports(tree: ast.Module) -> Iterator[tuple[str, str]]:
    for statement in tree.body:
        match statement:
            case ast.Import(names=names):
                for each in names:
                    whole = each.name if each.asname else each.name.partition(".")[0]
                    yield each.asname or whole, whole
            case ast.ImportFrom(module=str(module), names=names, level=0):
                for each in names:
                    yield each.asname or each.name, f"{module}.{each.name}"
            case _:
                pass


def _assignments(tree: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in tree.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=bound):
                yield name, bound
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as bound):
                yield name, bound
            case _:
                pass


def _is_constant(tree: ast.expr) -> bool:
    match tree:
        case ast.Constant():
            return True
        case ast.UnaryOp(operand=operand):
            return _is_constant(operand)
        case ast.BinOp(left=left, right=right):
            return _is_constant(left) and _is_constant(right)
        case ast.Tuple(elts=parts):
            return all(map(_is_constant, parts))
        case _:
            return False


def _dotted(tree: ast.expr, origins: Mapping[str, str]) -> str:
    match tree:
        case ast.Name(id=name):
            return origins.get(name, "")
        case ast.Attribute(value=of, attr=name):
            return f"{_dotted(of, origins)}.{name}"
        case _:
            return ""


def _opens(node: ast.AST) -> bool:
    match node:
        case ast.alias(name="*") | ast.FunctionDef(name="__getattr__"):
            return True
        case ast.Call(func=ast.Name(id=name)):
            return name in _OPENING
        case _:
            return False
