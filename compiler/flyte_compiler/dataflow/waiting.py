"""Awaits that stand side by side in a driver, of which none needs what another one gives.

Only where nobody could tell whether they overlap, but for the time that it takes: their arguments
have no effects, no handler and no context manager stands around, each result is used, and no task
is named for what it does to the world.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from flyte_compiler.callgraph.model import CallSite, Definition, Form, Kind
from flyte_compiler.dataflow.names import local_names
from flyte_compiler.dataflow.trees import ModuleTree, Trees
from flyte_compiler.syntax.model import ParameterKind

_NOTHING = frozenset({"None", "NoReturn", "Never", "bool"})
"""Declared results of tasks that are called for what they do: to check, to write."""
_EFFECTS = re.compile(
    r"_*("
    r"ask|prompt|request|chat|say|reply|acquire|add|alert|apply|approve|archive|assert|begin|book|cancel|charge|check|clean"
    r"|cleanup|close|commit|confirm|copy|create|delete|deploy|drop|email|ensure|export|finish"
    r"|init|insert|invalidate|launch|lock|log|mail|mark|merge|migrate|move|notify|open|pay"
    r"|persist|poll|post|prepare|promote|publish|push|put|record|refresh|register|release"
    r"|remove|rename|reserve|reset|restart|save|seed|send|set|setup|sleep|start|stop|store"
    r"|submit|sync|truncate|unlock|update|upload|upsert|validate|verify|wait|warm|write"
    r")(_|$)",
    re.IGNORECASE,
)
"""Words that a task's name begins with where the order matters to somebody else."""
_PLAIN = (
    *(ast.Name, ast.Constant, ast.Attribute, ast.Subscript, ast.List, ast.Tuple, ast.Dict),
    *(ast.JoinedStr, ast.FormattedValue, ast.BinOp, ast.UnaryOp, ast.Compare, ast.BoolOp),
    *(ast.IfExp, ast.Slice, ast.operator, ast.unaryop, ast.cmpop, ast.boolop, ast.expr_context),
    *(ast.Set, ast.keyword),
)
"""What an argument may be made of: nothing of it calls or awaits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    """One awaited call of a task."""

    site: CallSite
    call: ast.Call
    target: str
    """The variable that its result goes to; empty inside an expression."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """Two awaits or more, in order."""

    module: ModuleTree
    function: ast.AsyncFunctionDef
    waits: tuple[Wait, ...]
    statements: tuple[ast.stmt, ...]
    """Where each has a statement of its own."""
    elements: ast.Tuple | None
    """The tuple that they make."""

    @property
    def is_in_call(self) -> bool:
        """Whether they are the arguments of one call."""
        return not self.statements and self.elements is None


def rows(trees: Trees) -> Iterator[Row]:
    """Those of all functions that may await tasks. A compiled task's overlap as they are."""
    for definition in trees.graph.definitions:
        if definition.kind not in (Kind.TASK, Kind.HELPER):
            continue
        found = trees.function_of(definition)
        if found is not None and isinstance(found[1], ast.AsyncFunctionDef):
            yield from _Finder(trees, found[0], found[1], definition).rows(found[1].body)


class _Finder:
    def __init__(
        self,
        trees: Trees,
        module: ModuleTree,
        function: ast.AsyncFunctionDef,
        definition: Definition,
    ) -> None:
        self._trees = trees
        self._module = module
        self._function = function
        self._definition = definition
        self._shared = _shared(function)

    def rows(self, body: Sequence[ast.stmt]) -> Iterator[Row]:
        """In some statements, and in those inside them."""
        row: list[tuple[ast.stmt, Wait]] = []
        for statement in body:
            wait = self._of_statement(statement)
            if wait is None or not _goes_with(wait, [each for _, each in row]):
                yield from self._made(row)
                row = []
            if wait is not None:
                row.append((statement, wait))
                continue
            yield from self._in_one(statement)
            for inner in self._bodies(statement):
                yield from self.rows(inner)
        yield from self._made(row)

    def _made(self, row: Sequence[tuple[ast.stmt, Wait]]) -> Iterator[Row]:
        if len(row) > 1:
            yield Row(
                module=self._module,
                function=self._function,
                waits=tuple(wait for _, wait in row),
                statements=tuple(statement for statement, _ in row),
                elements=None,
            )

    def _in_one(self, statement: ast.stmt) -> Iterator[Row]:
        """`a, b = await f(x), await g(y)` and `c = await join(await f(x), await g(y))`."""
        match statement:
            case ast.Assign(targets=[ast.Tuple(elts=targets)], value=ast.Tuple(elts=parts) as all_):
                is_plain = all(isinstance(each, ast.Name) for each in targets)
                if is_plain and len(targets) == len(parts):
                    yield from self._of_elements(all_, parts)
            case ast.Assign(value=value) | ast.Return(value=value) | ast.Expr(value=value):
                match value:
                    case ast.Await(value=ast.Call() as call) | (ast.Call() as call):
                        if not call.keywords and _is_plain(call.func):
                            yield from self._of_elements(call, call.args)
                    case _:
                        return
            case _:
                return

    def _of_elements(
        self, holder: ast.Tuple | ast.Call, parts: Sequence[ast.expr]
    ) -> Iterator[Row]:
        waits = [self._of_await(each, "") for each in parts]
        known = [each for each in waits if each is not None]
        if len(known) < len(waits) or any(
            _is_kept(each, known[:place]) for place, each in enumerate(known)
        ):
            return
        if len(known) > 1:
            yield Row(
                module=self._module,
                function=self._function,
                waits=tuple(known),
                statements=(),
                elements=holder if isinstance(holder, ast.Tuple) else None,
            )

    def _of_statement(self, statement: ast.stmt) -> Wait | None:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if (
                name not in self._shared and _is_read(self._function, name)
            ):
                return self._of_await(value, name)
            case _:
                return None

    def _of_await(self, tree: ast.expr, target: str) -> Wait | None:
        match tree:
            case ast.Await(value=ast.Call() as call):
                site = self._module.call_of(call)
            case _:
                return None
        if not isinstance(site, CallSite) or not _may_overlap(site):
            return None
        given = chain(call.args, (each.value for each in call.keywords))
        names_a_value = all(_is_plain(each) for each in given) and _is_plain(call.func)
        return Wait(site=site, call=call, target=target) if names_a_value else None

    def _bodies(self, statement: ast.stmt) -> Iterator[Sequence[ast.stmt]]:
        """The statements inside one, where nothing is around that would know. A function inside
        is a definition of its own."""
        match statement:
            case ast.If(body=body, orelse=orelse) | ast.For(body=body, orelse=orelse):
                yield from (body, orelse)
            case ast.While(body=body, orelse=orelse) | ast.AsyncFor(body=body, orelse=orelse):
                yield from (body, orelse)
            case ast.Match(cases=cases):
                yield from (each.body for each in cases)
            case ast.Try(orelse=[], finalbody=[], handlers=handlers):
                yield from (each.body for each in handlers)
            case ast.With(items=[ast.withitem(context_expr=ast.Call(func=manager))], body=body) if (
                self._module.names.origin(manager, local_names(self._function)) == "flyte.group"
            ):
                yield body
            case _:
                return


def _may_overlap(site: CallSite) -> bool:
    function = site.callee.function
    result = (function.signature.result or "").strip("\"'").rpartition(".")[2]
    kinds = (each.kind for each in function.signature.parameters)
    return (
        site.callee.is_task
        and site.form in (Form.CALL, Form.AIO)
        and site.gives_coroutine
        and not site.overridden
        and result not in _NOTHING
        and not _EFFECTS.match(function.short_name)
        and not any(
            each in (ParameterKind.VAR_POSITIONAL, ParameterKind.VAR_KEYWORD) for each in kinds
        )
    )


def _goes_with(wait: Wait, row: Sequence[Wait]) -> bool:
    """Whether a call needs nothing of those before, and takes no result's place."""
    taken = {each.target for each in row}
    read = {each.id for each in ast.walk(wait.call) if isinstance(each, ast.Name)}
    return wait.target not in taken and not taken & read and not _is_kept(wait, row)


def _is_kept(wait: Wait, row: Sequence[Wait]) -> bool:
    """Whether a cache gives what the same call before has put there."""
    function, environment = wait.site.callee.function, wait.site.callee.environment
    arguments = [each for decorator in function.decorators for each in decorator.arguments]
    if environment is not None:
        arguments += environment.definition.arguments
    is_cached = any(each.keyword == "cache" for each in arguments)
    return is_cached and any(ast.dump(each.call) == ast.dump(wait.call) for each in row)


def _is_plain(tree: ast.expr) -> bool:
    return all(isinstance(each, _PLAIN) for each in ast.walk(tree))


def _shared(function: ast.AsyncFunctionDef) -> frozenset[str]:
    """The variables that somebody else sees too."""
    declared = (each for each in ast.walk(function) if isinstance(each, ast.Global | ast.Nonlocal))
    return frozenset(name for each in declared for name in each.names)


def _is_read(function: ast.AsyncFunctionDef, name: str) -> bool:
    return any(
        isinstance(each, ast.Name) and each.id == name and isinstance(each.ctx, ast.Load)
        for each in ast.walk(function)
    )
