"""A plain lowering, for tests of the executor: every local variable is a cell.

So nothing has to be merged, and a plan says exactly what the source says, statement by statement.
Calls of the program's own functions stand alone in a statement: `x = await t(a)`, `return t(a)`,
`await t(a)`. Anything else is a fragment. What it makes is not what the compiler makes, but both
have one meaning.
"""

from __future__ import annotations

import ast
import itertools
from dataclasses import dataclass, field
from pathlib import Path

from flyte._engine.versions import sources_under
from flyte_plan.closure import closure_of
from flyte_plan.digest import show_digest
from flyte_plan.plan import (
    CAUGHT,
    DRIVER,
    ELEMENT,
    ENTERED,
    PLAN_VERSION,
    VALUE,
    Arm,
    BranchNode,
    BreakEnd,
    ContinueEnd,
    End,
    FunctionNode,
    Handler,
    HelperNode,
    LiteralOperand,
    LoopNode,
    NamedOperand,
    Node,
    Operand,
    OutputOperand,
    Place,
    Plan,
    PlannedGraph,
    PlannedHelper,
    PlannedTask,
    PythonNode,
    Region,
    RegionOperand,
    ReturnEnd,
    SharedOperand,
    TaskNode,
    TraceNode,
    TryNode,
    WithNode,
    YieldEnd,
    encode_plan,
)

Function = ast.FunctionDef | ast.AsyncFunctionDef
NONE = LiteralOperand(value=None, type="None")
NOTHING = YieldEnd()


def plan_of_file(file: Path, drivers: tuple[str, ...]) -> bytes:
    """The plan of a module's drivers; its other tasks are leaves."""
    source = file.read_text()
    functions = {node.name: node for node in ast.parse(source).body if isinstance(node, Function)}
    module = _Module(file.stem, source, _calling(functions))
    tasks = [planned_task(file, name, _Graph(module).driver(functions[name])) for name in drivers]
    return plan_of_tasks(file, *tasks)


def plan_of_tasks(file: Path, *tasks: PlannedTask) -> bytes:
    """The plan of a module with these tasks."""
    return encode_plan(
        Plan(version=PLAN_VERSION, module=file.stem, file=file.name, tasks=tuple(tasks))
    )


def planned_task(file: Path, function: str, graph: PlannedGraph) -> PlannedTask:
    """A driver of the environment that is named as its module."""
    sources_under.cache_clear()  # a test writes its module anew
    closure = closure_of(file.stem, function, sources_under(file.parent))
    return PlannedTask(
        name=f"{file.stem}.{function}", module=file.stem, function=function, declared="task",
        is_async=True, parameters=(), result=None, options=(), digest=show_digest(closure.digest),
        parts=(), graph=graph, place=Place(line=1, column=1, end_line=1, end_column=1),
    )  # fmt: skip


def graph_of(
    body: Region, cells: tuple[str, ...] = (), helpers: tuple[PlannedHelper, ...] = ()
) -> PlannedGraph:
    """A driver's graph, whose figures nobody reads."""
    return PlannedGraph(
        body=body, cells=cells, helpers=helpers, compiled=True, actions=0, depth=0, width=0,
        critical_path=(),
    )  # fmt: skip


@dataclass(frozen=True)
class _Module:
    name: str
    source: str
    functions: dict[str, Function]

    def has(self, name: str, decorator: str) -> bool:
        function = self.functions.get(name)
        return function is not None and any(
            ast.unparse(each).startswith(decorator) for each in function.decorator_list
        )


def _calling(functions: dict[str, Function]) -> dict[str, Function]:
    """Tasks and traces, and the functions that call them, directly or by others."""
    calling = {name for name, function in functions.items() if function.decorator_list}
    while True:
        more = {
            name
            for name, function in functions.items()
            for node in ast.walk(function)
            if isinstance(node, ast.Name) and node.id in calling
        }
        if more <= calling:
            return {name: functions[name] for name in functions if name in calling}
        calling |= more


@dataclass
class _Graph:
    module: _Module
    nodes: itertools.count[int] = field(default_factory=itertools.count)
    helpers: dict[str, PlannedHelper | None] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)

    def driver(self, function: Function) -> PlannedGraph:
        body = _Body(self, DRIVER, function.name, {}, _own_locals(function))
        region = body.region(function.body, ReturnEnd(value=NONE))
        done = [helper for helper in self.helpers.values() if helper is not None]
        helpers = tuple(sorted(done, key=lambda helper: int(helper.id[1:])))
        return graph_of(region, tuple(sorted(body.own)), helpers)

    def helper(self, function: Function | ast.Lambda, name: str, around: dict[str, str]) -> str:
        """The id of a helper, lowered at its first use."""
        if name in self.ids:
            return self.ids[name]
        identity = self.ids[name] = f"h{len(self.ids)}"
        body = _Body(self, identity, name, around, _own_locals(function))
        if isinstance(function, ast.Lambda):
            nodes: list[Node] = []
            value = body.call_or_value(function.body, nodes)
            region = Region(nodes=tuple(nodes), end=ReturnEnd(value=value))
        else:
            region = body.region(function.body, ReturnEnd(value=NONE))
        self.helpers[identity] = PlannedHelper(
            id=identity, name=name, module=self.module.name, function=name,
            is_async=isinstance(function, ast.AsyncFunctionDef),
            parameters=tuple(_parameters(function.args)),
            signature=f"({ast.unparse(function.args)})", captures=(),
            cells=tuple(sorted(body.own)), body=region, place=_place(function),
        )  # fmt: skip
        return identity

    def next(self) -> str:
        return f"n{next(self.nodes)}"


class _Body:
    """One function's statements."""

    def __init__(
        self, graph: _Graph, owner: str, name: str, around: dict[str, str], own: set[str]
    ) -> None:
        self._graph, self._owner, self._name = graph, owner, name
        self.own = own
        self._visible = {**around, **dict.fromkeys(own, owner)}
        self._nested: dict[str, Function] = {}

    def region(self, statements: list[ast.stmt], end: End, *first: Node) -> Region:
        nodes = list(first)
        for statement in statements:
            left = self._statement(statement, nodes)
            if left is not None:
                return Region(nodes=tuple(nodes), end=left)
        return Region(nodes=tuple(nodes), end=end)

    def _statement(self, statement: ast.stmt, nodes: list[Node]) -> End | None:
        match statement:
            case ast.Return(value=value):
                given = NONE if value is None else self.call_or_value(value, nodes)
                return ReturnEnd(value=given)
            case ast.Break():
                return BreakEnd()
            case ast.Continue():
                return ContinueEnd()
            case ast.Expr(value=value) if self._call(value) is not None:
                self.call_or_value(value, nodes)
            case ast.Assign(targets=[target], value=value) if self._call(value) is not None:
                nodes.append(self._assign(target, self.call_or_value(value, nodes), statement))
            case ast.FunctionDef() | ast.AsyncFunctionDef() if not _is_generator(statement):
                self._define(statement, nodes)
            case ast.If() | ast.While() | ast.For() | ast.AsyncFor():
                nodes.append(self._flow(statement, nodes))
            case ast.Try() | ast.TryStar():
                nodes.append(self._try(statement))
            case ast.With() | ast.AsyncWith():
                nodes.append(self._with(statement, nodes))
            case ast.Pass() | ast.Nonlocal():
                pass
            case _:
                nodes.append(self._fragment(statement, "statements"))
        return None

    # Calls ---------------------------------------------------------------------------------

    def _call(self, value: ast.expr) -> ast.Call | None:
        call = value.value if isinstance(value, ast.Await) else value
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
            return None
        if call.func.id in self._visible and call.func.id not in self._nested:
            return None
        known = {**self._graph.module.functions, **self._nested}
        function = known.get(call.func.id)
        return None if function is None or _is_generator(function) else call

    def call_or_value(self, value: ast.expr, nodes: list[Node]) -> Operand:
        call = self._call(value)
        if call is None:
            nodes.append(self._fragment(value, "expression"))
            return OutputOperand(node=nodes[-1].id)
        assert isinstance(call.func, ast.Name)
        inputs = tuple(self._arguments(call, nodes))
        nodes.append(self._called(call, call.func.id, inputs, isinstance(value, ast.Await)))
        return OutputOperand(node=nodes[-1].id)

    def _called(
        self, call: ast.Call, name: str, inputs: tuple[NamedOperand, ...], awaited: bool
    ) -> Node:
        module, identity, place = self._graph.module, self._graph.next(), _place(call)
        function = self._nested.get(name) or module.functions[name]
        deferred = isinstance(function, ast.AsyncFunctionDef) and not awaited
        if module.has(name, "env.task") and name not in self._nested:
            return TaskNode(
                id=identity, task=name, module=module.name, function=name, callee=None,
                inputs=inputs, overrides=(), deferred=deferred, type=None, place=place,
            )  # fmt: skip
        if module.has(name, "flyte.trace"):
            return TraceNode(
                id=identity, trace=name, module=module.name, function=name, inputs=inputs,
                deferred=deferred, type=None, place=place,
            )  # fmt: skip
        qualname = f"{self._name}.<locals>.{name}" if name in self._nested else name
        around = self._visible if name in self._nested else {}
        return HelperNode(
            id=identity, helper=self._graph.helper(function, qualname, around), inputs=inputs,
            deferred=deferred, type=None, place=place,
        )  # fmt: skip

    def _arguments(self, call: ast.Call, nodes: list[Node]) -> list[NamedOperand]:
        inputs = []
        for index, argument in enumerate(call.args):
            name, value = str(index), argument
            if isinstance(argument, ast.Starred):
                name, value = "*", argument.value
            nodes.append(self._fragment(value, "expression"))
            inputs.append(_named(name, OutputOperand(node=nodes[-1].id)))
        for keyword in call.keywords:
            nodes.append(self._fragment(keyword.value, "expression"))
            inputs.append(_named(keyword.arg or "**", OutputOperand(node=nodes[-1].id)))
        return inputs

    def _define(self, function: Function, nodes: list[Node]) -> None:
        self._nested[function.name] = function
        qualname = f"{self._name}.<locals>.{function.name}"
        helper = self._graph.helper(function, qualname, self._visible)
        positional = [*function.args.posonlyargs, *function.args.args]
        defaults = []
        for parameter, default in zip(
            positional[len(positional) - len(function.args.defaults) :],
            function.args.defaults,
            strict=True,
        ):
            nodes.append(self._fragment(default, "expression"))
            defaults.append(_named(parameter.arg, OutputOperand(node=nodes[-1].id)))
        made = FunctionNode(
            id=self._graph.next(), helper=helper, captures=(), defaults=tuple(defaults),
            place=_place(function),
        )  # fmt: skip
        nodes.append(made)
        target = ast.Name(function.name, ast.Store())
        nodes.append(self._assign(target, OutputOperand(node=made.id), function))

    # Regions -------------------------------------------------------------------------------

    def _flow(self, statement: ast.stmt, nodes: list[Node]) -> Node:
        identity, place = self._graph.next(), _place(statement)
        match statement:
            case ast.If():
                test = self._fragment(statement.test, "expression")
                nodes.append(test)
                return BranchNode(
                    id=identity, choice="truth", test=OutputOperand(node=test.id), type=None,
                    arms=(
                        Arm(label="", body=self.region(statement.body, NOTHING)),
                        Arm(label="else", body=self.region(statement.orelse, NOTHING)),
                    ), place=place,
                )  # fmt: skip
            case ast.While():
                test = self._fragment(statement.test, "expression")
                tested = Region(nodes=(test,), end=YieldEnd(value=OutputOperand(node=test.id)))
                return self._loop(statement, identity, "while", None, tested)
            case ast.For() | ast.AsyncFor():
                iterable = self._fragment(statement.iter, "expression")
                nodes.append(iterable)
                kind = "for" if isinstance(statement, ast.For) else "async for"
                given = OutputOperand(node=iterable.id)
                element = RegionOperand(owner=identity, name=ELEMENT)
                first = self._assign(statement.target, element, statement)
                return self._loop(statement, identity, kind, given, None, first)
            case _:
                raise AssertionError(statement)

    def _loop(
        self,
        statement: ast.For | ast.AsyncFor | ast.While,
        identity: str,
        kind: str,
        iterable: Operand | None,
        test: Region | None,
        *first: Node,
    ) -> LoopNode:
        orelse = self.region(statement.orelse, NOTHING) if statement.orelse else None
        return LoopNode(
            id=identity, kind=kind, iterable=iterable, test=test, orelse=orelse, carried=(),
            body=self.region(statement.body, NOTHING, *first), collected="nothing", label="",
            type=None, place=_place(statement),
        )  # fmt: skip

    def _try(self, statement: ast.Try | ast.TryStar) -> TryNode:
        identity = self._graph.next()
        return TryNode(
            id=identity,
            body=self.region(statement.body, NOTHING),
            handlers=tuple(self._handler(identity, each) for each in statement.handlers),
            orelse=self.region(statement.orelse, NOTHING) if statement.orelse else None,
            final=self.region(statement.finalbody, NOTHING) if statement.finalbody else None,
            is_group=isinstance(statement, ast.TryStar),
            place=_place(statement),
        )

    def _handler(self, owner: str, handler: ast.ExceptHandler) -> Handler:
        types = None
        if handler.type is not None:
            node = self._fragment(handler.type, "expression")
            types = Region(nodes=(node,), end=YieldEnd(value=OutputOperand(node=node.id)))
        first = []
        if handler.name is not None:
            target = ast.Name(handler.name, ast.Store())
            caught = RegionOperand(owner=owner, name=CAUGHT)
            first.append(self._assign(target, caught, handler))
        return Handler(types=types, label="", body=self.region(handler.body, NOTHING, *first))

    def _with(self, statement: ast.With | ast.AsyncWith, nodes: list[Node]) -> WithNode:
        (entry,) = statement.items
        identity, group = self._graph.next(), None
        nodes.append(self._fragment(entry.context_expr, "expression"))
        manager = OutputOperand(node=nodes[-1].id)
        call = entry.context_expr
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "flyte.group":
            nodes[-1] = self._fragment(call.args[0], "expression")
            group = manager = OutputOperand(node=nodes[-1].id)
        first = []
        if entry.optional_vars is not None:
            entered = RegionOperand(owner=identity, name=ENTERED)
            first.append(self._assign(entry.optional_vars, entered, statement))
        return WithNode(
            id=identity, manager=manager, group=group, label="", place=_place(statement),
            body=self.region(statement.body, NOTHING, *first),
            is_async=isinstance(statement, ast.AsyncWith),
        )  # fmt: skip

    # Fragments -----------------------------------------------------------------------------

    def _assign(self, target: ast.expr, value: Operand, place: ast.AST) -> PythonNode:
        source = f"{ast.unparse(target)} = (__given)"
        given = (_named("__given", value),)
        return self._python(target, _place(place), form="statements", source=source, given=given)

    def _fragment(self, node: ast.expr | ast.stmt, form: str) -> PythonNode:
        source = ast.get_source_segment(self._graph.module.source, node)
        assert source is not None
        indent = " " * node.col_offset
        return self._python(node, _place(node), form=form, source=source, indent=indent)

    def _python(
        self,
        node: ast.AST,
        place: Place,
        *,
        form: str,
        source: str,
        given: tuple[NamedOperand, ...] = (),
        indent: str = "",
    ) -> PythonNode:
        names = {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
        names |= {each.name for each in ast.walk(node) if isinstance(each, Function)}
        shared = tuple(
            _named(name, SharedOperand(owner=self._visible[name], name=name))
            for name in sorted(names & self._visible.keys())
        )
        waits = ast.Await | ast.AsyncFor | ast.AsyncWith
        return PythonNode(
            id=self._graph.next(), form=form, kind="effect", source=source, digest="",
            inputs=(*given, *shared), outputs=(), indent=indent,
            is_async=any(
                isinstance(each, waits) or getattr(each, "is_async", 0)
                for each in _walk_outside_functions(node)
            ), decides=False, type=None, place=place,
        )  # fmt: skip


def _walk_outside_functions(node: ast.AST) -> list[ast.AST]:
    """A node and those in it; of a function, the function itself alone."""
    found = [node]
    if not isinstance(node, Function | ast.Lambda):
        for child in ast.iter_child_nodes(node):
            found += _walk_outside_functions(child)
    return found


def _is_generator(function: Function) -> bool:
    inside = [node for each in function.body for node in _walk_outside_functions(each)]
    return any(isinstance(node, ast.Yield | ast.YieldFrom) for node in inside)


def _own_locals(function: Function | ast.Lambda) -> set[str]:
    own = set(_parameters(function.args))
    others: set[str] = set()
    body = function.body if isinstance(function.body, list) else [function.body]
    for statement in body:
        for node in _walk_outside_functions(statement):
            match node:
                case (
                    ast.Name(id=name, ctx=ast.Store() | ast.Del())
                    | ast.ExceptHandler(name=str() as name)
                ):
                    own.add(name)
                case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
                    own.add(name)
                case ast.Nonlocal(names=names) | ast.Global(names=names):
                    others.update(names)
                case _:
                    pass
    return own - others


def _parameters(arguments: ast.arguments) -> list[str]:
    each = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    starred = [star for star in (arguments.vararg, arguments.kwarg) if star is not None]
    return [argument.arg for argument in (*each, *starred)]


def _named(name: str, value: Operand) -> NamedOperand:
    return NamedOperand(name=name, value=value)


def _place(node: ast.AST) -> Place:
    located: ast.expr | ast.stmt | ast.ExceptHandler = node  # type: ignore[assignment]  # all are
    return Place(
        line=located.lineno,
        column=located.col_offset + 1,
        end_line=located.end_lineno or located.lineno,
        end_column=(located.end_col_offset or 0) + 1,
    )


__all__ = ["NONE", "VALUE", "graph_of", "plan_of_file", "plan_of_tasks", "planned_task"]
