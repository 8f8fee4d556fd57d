"""Module variables that tasks change while they run, and where tasks look at them.

What only makes a value once (`if x is None: x = …`, a cache that is asked first), counts or
records for a log, or starts afresh in each call, is no state that anything depends on.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from flyte_compiler.callgraph.model import Definition
from flyte_compiler.dataflow.reached import Reaching, scoped_nodes
from flyte_compiler.dataflow.trees import AnyFunction, ModuleTree, Trees
from flyte_compiler.source.span import Span

_CHANGES = frozenset(
    {
        *("append", "add", "extend", "insert", "update", "pop", "remove", "clear", "discard"),
        *("appendleft", "popleft", "popitem", "extendleft", "subtract"),
    }
)
"""Methods that change the container that they are called on."""
_CONTAINERS = frozenset(
    {
        *(f"builtins.{name}" for name in ("list", "dict", "set", "bytearray")),
        *(f"collections.{name}" for name in ("defaultdict", "Counter", "deque", "OrderedDict")),
    }
)
_LOGS = frozenset(["print", "debug", "info", "warning", "error", "exception", "critical", "log"])
_KEPT = re.compile(
    r"client|conn|session|pool|engine|model|token|pipe|logg?er|seed|rng|lock|cache|memo|started",
    re.IGNORECASE,
)
"""Names of what a process sets up once, and may as well set up again."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """One place where a function changes or reads a module variable."""

    variable: str
    """`module.NAME`."""
    task: Definition
    """The task in whose process it happens; the first, where there are several."""
    function: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """A variable that is changed, with what looks at it."""

    change: Touch
    read: Touch


def states(trees: Trees) -> Iterator[State]:
    """Each module variable once: its first change, and the read that is farthest from it: in
    another task, if there is one."""
    changes: dict[str, list[Touch]] = {}
    reads: dict[str, list[Touch]] = {}
    known: dict[int, _Found] = {}
    variables, reaching = _Variables(trees), Reaching(trees)
    for task in trees.graph.definitions:
        for module, function in reaching.by_task(task) if task.is_task else ():
            if id(function) not in known:
                known[id(function)] = _Finder(module, function, variables).found()
            found = known[id(function)]
            for places, into in ((found.changes, changes), (found.reads, reads)):
                for variable, span in places:
                    touch = Touch(variable=variable, task=task, function=function.name, span=span)
                    into.setdefault(variable, []).append(touch)
    for variable, made in changes.items():
        if variable in reads:
            writers = {each.task.key for each in made}
            far = [each for each in reads[variable] if each.task.key not in writers]
            yield State(change=made[0], read=(far or reads[variable])[0])


@dataclass(frozen=True, slots=True)
class _Found:
    """The places where one function touches module variables."""

    changes: list[tuple[str, Span]]
    reads: list[tuple[str, Span]]


class _Variables:
    """The module variables of a program."""

    def __init__(self, trees: Trees) -> None:
        self._trees = trees
        self._values: dict[str, Mapping[str, ast.expr]] = {}

    def of(self, origin: str, *, is_part: bool) -> str:
        """The module variable that a dotted name is; empty where it is none, or where a part is
        asked for and it has none."""
        whole = self._trees.origin(origin) if origin else ""
        module, _, name = whole.rpartition(".")
        found = self._trees.of(module) if module else None
        if found is None or _KEPT.search(name):
            return ""
        if module not in self._values:
            self._values[module] = _values(found)
        value = self._values[module].get(name)
        if value is None or (is_part and not _is_container(found, value)):
            return ""
        return whole


class _Finder:
    """What one function does with module variables."""

    def __init__(self, module: ModuleTree, function: AnyFunction, variables: _Variables) -> None:
        self._module = module
        self._function = function
        self._variables = variables
        scoped = list(scoped_nodes(function))
        self._nodes = [node for node, _ in scoped]
        self._local = {id(node): local for node, local in scoped}
        self._asked = self._tested()

    def found(self) -> _Found:
        """Where it changes one, and where it reads one otherwise."""
        found, skipped, fresh = _Found([], []), set[int](), self._made_afresh()
        for node in self._nodes:
            for change in _changes(node):
                skipped.update(id(each) for each in ast.walk(change.of))
                variable = self._variable(change.of, is_part=change.is_part)
                if variable and not self._is_harmless(change, variable):
                    found.changes.append((variable, self._module.span(change.of)))
            if isinstance(node, ast.Call) and _is_log(node):
                skipped.update(id(each) for each in ast.walk(node))
        for node in self._nodes:
            if isinstance(node, ast.Name | ast.Attribute) and id(node) not in skipped:
                variable = self._variable(node) if isinstance(node.ctx, ast.Load) else ""
                if variable and variable not in fresh:
                    found.reads.append((variable, self._module.span(node)))
        return found

    def _variable(self, tree: ast.expr, *, is_part: bool = False) -> str:
        local = self._local.get(id(tree), frozenset())
        return self._variables.of(self._module.names.origin(tree, local), is_part=is_part)

    def _is_harmless(self, change: _Change, variable: str) -> bool:
        """Whether a change makes what isn't there yet, or takes it away again."""
        is_constant = isinstance(change.value, ast.Constant)
        if change.is_part:
            return variable in self._asked and change.value is not None and not is_constant
        is_none = isinstance(change.value, ast.Constant) and change.value.value is None
        return is_none or variable in self._asked

    def _tested(self) -> frozenset[str]:
        """The variables that are asked whether something is there: `x is None`, `not x`,
        `k in CACHE`, `CACHE.get(k)`."""
        asked: set[str] = set()
        for node in self._nodes:
            match node:
                case ast.Compare(
                    left=left, ops=[ast.Is() | ast.IsNot()], comparators=[ast.Constant(value=None)]
                ):
                    asked.add(self._variable(left))
                case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[container]):
                    asked.add(self._variable(container))
                case ast.UnaryOp(op=ast.Not(), operand=operand) | ast.If(test=operand):
                    asked.add(self._variable(operand))
                case ast.Call(func=ast.Attribute(value=of, attr="get" | "setdefault")):
                    asked.add(self._variable(of))
                case ast.ExceptHandler(type=ast.Name(id="NameError" | "KeyError")):
                    asked.update(self._variable(each) for each in self._names())
                case _:
                    pass
        return frozenset(filter(None, asked))

    def _names(self) -> Iterator[ast.expr]:
        return (each for each in self._nodes if isinstance(each, ast.Name))

    def _made_afresh(self) -> frozenset[str]:
        """The variables that each call begins with anew: `x = []`, `SEEN.clear()`."""
        found: set[str] = set()
        for statement in self._function.body:
            match statement:
                case ast.Assign(targets=[target], value=value) if not _reads(value, target):
                    found.add(self._variable(target))
                case ast.Expr(value=ast.Call(func=ast.Attribute(value=of, attr="clear"))):
                    found.add(self._variable(of))
                case _:
                    pass
        return frozenset(filter(None, found))


@dataclass(frozen=True, slots=True)
class _Change:
    of: ast.expr
    """What may be a module variable."""
    is_part: bool
    """Whether what it holds is changed, not what it is."""
    value: ast.expr | None
    """What is put there, where that is written."""


def _changes(node: ast.AST) -> Iterator[_Change]:
    """What a node itself changes."""
    match node:
        case ast.Assign(targets=targets, value=value):
            yield from (_change(each, value) for each in targets)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield _change(target, value)
        case ast.AugAssign(target=target):
            yield _change(target, None)
        case ast.Delete(targets=targets):
            yield from (_change(each, None) for each in targets)
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=of, attr=method))) if (
            method in _CHANGES
        ):
            yield _Change(of, True, None)
        case _:
            return


def _change(target: ast.expr, value: ast.expr | None) -> _Change:
    of = target
    while isinstance(of, ast.Subscript):
        of = of.value
    return _Change(of, of is not target, value)


def _values(module: ModuleTree) -> Mapping[str, ast.expr]:
    """What the module's own statements assign to its variables."""
    found: dict[str, ast.expr] = {}
    for statement in module.tree.body:
        match statement:
            case ast.Assign(targets=targets, value=value):
                found |= {each.id: value for each in targets if isinstance(each, ast.Name)}
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                found[name] = value
            case _:
                pass
    return found


def _is_container(module: ModuleTree, value: ast.expr | None) -> bool:
    match value:
        case ast.List() | ast.Dict() | ast.Set() | ast.ListComp() | ast.DictComp() | ast.SetComp():
            return True
        case ast.Call(func=function):
            return module.names.origin(function) in _CONTAINERS
        case _:
            return False


def _reads(value: ast.expr, target: ast.expr) -> bool:
    name = ast.unparse(target)
    return any(ast.unparse(each) == name for each in ast.walk(value) if isinstance(each, ast.expr))


def _is_log(call: ast.Call) -> bool:
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name in _LOGS
        case _:
            return False
