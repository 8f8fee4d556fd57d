"""A small builder of graphs: `Body` adds nodes in program order and numbers them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import TypeAlias

from flyte_compiler.ir.leaves import (
    AwaitNode,
    DynamicNode,
    FragmentForm,
    FragmentKind,
    FunctionNode,
    HelperNode,
    PackKind,
    PackNode,
    PythonNode,
    Reason,
    Start,
    TaskNode,
    TraceNode,
)
from flyte_compiler.ir.model import (
    Arm,
    BranchNode,
    Choice,
    Collected,
    DriverKind,
    End,
    Handler,
    Helper,
    LoopKind,
    LoopNode,
    MapKind,
    MapNode,
    Node,
    Parameter,
    Region,
    Return,
    TaskGraph,
    TryNode,
    WithNode,
    Yield,
)
from flyte_compiler.ir.values import (
    CAUGHT,
    ELEMENT,
    Callee,
    Literal,
    NodeId,
    Operand,
    Output,
    RegionInput,
    ValueCallee,
    Variables,
)
from flyte_compiler.source.span import Position, Span

Fill: TypeAlias = Callable[["Body"], End]
"""Adds nodes to a region, and says how it ends."""


def span(line: int) -> Span:
    return Span(path=Path("p.py"), start=Position(line, 5), end=Position(line, 30))


def callee(name: str, signature: str = "() -> None", module: str = "p") -> Callee:
    environment, _, function = name.rpartition(".")
    return Callee(
        name=name,
        module=module,
        function=function,
        environment=environment or None,
        signature=signature,
        is_async=True,
    )


def give(value: Operand | None = None, **variables: Operand) -> Yield:
    return Yield(variables=named(variables), value=value)


def back(value: Operand | None = None) -> Return:
    return Return(value=Literal(None) if value is None else value)


def named(variables: Mapping[str, Operand]) -> Variables:
    return tuple(sorted(variables.items()))


class Body:
    """A region that grows."""

    def __init__(self, numbers: count[int] | None = None) -> None:
        self._numbers = numbers or count()
        self._nodes: list[Node] = []
        self._annotations: dict[str, str] = {}

    def region(self, end: End) -> Region:
        return Region(nodes=tuple(self._nodes), end=end)

    def _next(self) -> tuple[NodeId, Span]:
        number = next(self._numbers)
        return NodeId(f"n{number}"), span(number + 10)

    def _inner(self, fill: Fill) -> Region:
        body = Body(self._numbers)
        return body.region(fill(body))

    def _add(self, node: Node) -> Output:
        self._nodes.append(node)
        return Output(node.id)

    def task(
        self,
        callee: Callee | ValueCallee,
        *,
        start: Start = Start.IN_PLACE,
        overrides: Variables = (),
        **inputs: Operand,
    ) -> Output:
        id_, place = self._next()
        types = annotations(callee) if isinstance(callee, Callee) else {}
        return self._add(
            TaskNode(
                id=id_,
                callee=callee,
                inputs=tuple(inputs.items()),
                input_types=tuple(types.get(name) for name in inputs),
                overrides=overrides,
                start=start,
                type=types.get("return"),
                span=place,
            )
        )

    def trace(self, callee: Callee, **inputs: Operand) -> Output:
        id_, place = self._next()
        types = annotations(callee)
        return self._add(
            TraceNode(
                id=id_,
                callee=callee,
                inputs=tuple(inputs.items()),
                input_types=tuple(types.get(name) for name in inputs),
                start=Start.IN_PLACE,
                type=types.get("return"),
                span=place,
            )
        )

    def helper(
        self, helper: str, name: str, *, start: Start = Start.IN_PLACE, **inputs: Operand
    ) -> Output:
        id_, place = self._next()
        return self._add(
            HelperNode(
                id=id_,
                helper=NodeId(helper),
                name=name,
                inputs=tuple(inputs.items()),
                start=start,
                type=None,
                span=place,
            )
        )

    def function(self, helper: str, name: str, **captures: Operand) -> Output:
        id_, place = self._next()
        return self._add(
            FunctionNode(
                id=id_,
                helper=NodeId(helper),
                name=name,
                captures=named(captures),
                defaults=(),
                span=place,
            )
        )

    def python(
        self,
        source: str,
        *outputs: str,
        kind: FragmentKind = FragmentKind.PURE,
        decides: bool = False,
        type_: str | None = None,
        form: FragmentForm | None = None,
        **inputs: Operand,
    ) -> Output:
        """An expression, unless it leaves variables, or is said to be statements."""
        id_, place = self._next()
        statements = outputs or kind is not FragmentKind.PURE or decides
        default = FragmentForm.STATEMENTS if statements else FragmentForm.EXPRESSION
        return self._add(
            PythonNode(
                id=id_,
                form=form or default,
                kind=kind,
                source=source,
                inputs=tuple(sorted(inputs.items())),
                outputs=outputs,
                indent="    ",
                global_names=(),
                is_async=False,
                decides=decides,
                type=type_,
                span=place,
            )
        )

    def pack(self, kind: PackKind, *elements: Operand, unpacked: tuple[int, ...] = ()) -> Output:
        id_, place = self._next()
        return self._add(
            PackNode(
                id=id_,
                kind=kind,
                elements=elements,
                unpacked=unpacked,
                return_exceptions=Literal(False),
                start=Start.IN_PLACE,
                type=None,
                span=place,
            )
        )

    def gather(self, *elements: Operand) -> Output:
        return self.pack(PackKind.GATHER, *elements)

    def wait(self, awaited: Operand) -> Output:
        id_, place = self._next()
        return self._add(AwaitNode(id=id_, awaited=awaited, type=None, span=place))

    def branch(
        self, test: Operand, *arms: tuple[str, Fill], choice: Choice = Choice.TRUTH
    ) -> Output:
        id_, place = self._next()
        return self._add(
            BranchNode(
                id=id_,
                choice=choice,
                test=test,
                arms=tuple(Arm(label=label, body=self._inner(fill)) for label, fill in arms),
                type=None,
                span=place,
            )
        )

    def for_(
        self,
        label: str,
        iterable: Operand,
        fill: Callable[[Body, Operand, Callable[[str], Operand]], End],
        *,
        collected: Collected = Collected.NOTHING,
        **carried: Operand,
    ) -> Output:
        """`fill` is given the element, and what gives a carried variable."""
        id_, place = self._next()
        element = RegionInput(id_, ELEMENT)
        return self._add(
            LoopNode(
                id=id_,
                kind=LoopKind.FOR,
                iterable=iterable,
                test=None,
                body=self._inner(lambda b: fill(b, element, lambda name: RegionInput(id_, name))),
                orelse=None,
                carried=named(carried),
                collected=collected,
                label=label,
                type=None,
                span=place,
            )
        )

    def while_(
        self,
        label: str,
        test: Callable[[Body, Callable[[str], Operand]], End],
        fill: Callable[[Body, Callable[[str], Operand]], End],
        **carried: Operand,
    ) -> Output:
        id_, place = self._next()

        def variable(name: str) -> Operand:
            return RegionInput(id_, name)

        return self._add(
            LoopNode(
                id=id_,
                kind=LoopKind.WHILE,
                iterable=None,
                test=self._inner(lambda b: test(b, variable)),
                body=self._inner(lambda b: fill(b, variable)),
                orelse=None,
                carried=named(carried),
                collected=Collected.NOTHING,
                label=label,
                type=None,
                span=place,
            )
        )

    def map(
        self,
        label: str,
        iterable: Operand,
        fill: Callable[[Body, Operand], End],
        kind: MapKind = MapKind.GATHER,
    ) -> Output:
        id_, place = self._next()
        element = RegionInput(id_, ELEMENT)
        return self._add(
            MapNode(
                id=id_,
                kind=kind,
                iterables=(iterable,),
                body=self._inner(lambda b: fill(b, element)),
                options=(),
                is_async=False,
                start=Start.IN_PLACE,
                collected=Collected.LIST,
                label=label,
                type=None,
                span=place,
            )
        )

    def try_(
        self,
        body: Fill,
        *handlers: tuple[str, Callable[[Body, Operand], End]],
        orelse: Fill | None = None,
        final: Fill | None = None,
    ) -> Output:
        id_, place = self._next()
        caught = RegionInput(id_, CAUGHT)
        tried = self._inner(body)
        made = tuple(
            Handler(types=None, label=label, body=self._inner(lambda b, f=fill: f(b, caught)))
            for label, fill in handlers
        )
        return self._add(
            TryNode(
                id=id_,
                body=tried,
                handlers=made,
                orelse=None if orelse is None else self._inner(orelse),
                final=None if final is None else self._inner(final),
                is_group=False,
                span=place,
            )
        )

    def with_(
        self, label: str, manager: Operand, body: Fill, *, group: Operand | None = None
    ) -> Output:
        id_, place = self._next()
        return self._add(
            WithNode(
                id=id_,
                manager=manager,
                body=self._inner(body),
                is_async=False,
                group=group,
                otherwise=(),
                label=label,
                span=place,
            )
        )

    def dynamic(
        self, message: str, *outputs: str, callees: Sequence[Callee] = (), **inputs: Operand
    ) -> Output:
        id_, place = self._next()
        return self._add(
            DynamicNode(
                id=id_,
                reason=Reason.GENERATOR,
                message=message,
                source="while ...",
                inputs=tuple(inputs.items()),
                outputs=outputs,
                callees=tuple(callees),
                returns=False,
                span=place,
            )
        )


class Program:
    """One driver with its helpers, sharing their numbers."""

    def __init__(self) -> None:
        self._numbers: count[int] = count()
        self.helpers: list[Helper] = []

    def body(self) -> Body:
        return Body(self._numbers)

    def define(
        self, name: str, signature: str, fill: Fill, *, captures: tuple[str, ...] = ()
    ) -> str:
        """A helper; to be called after the body that calls it was filled."""
        id_ = NodeId(f"h{len(self.helpers)}")
        body = self.body()
        self.helpers.append(
            Helper(
                id=id_,
                name=f"p.{name}",
                module="p",
                function=name,
                is_async=True,
                parameters=parameters(signature),
                signature=signature,
                captures=captures,
                cells=(),
                body=body.region(fill(body)),
                span=span(1),
            )
        )
        return id_


def driver(task: Callee, fill: Fill, program: Program | None = None) -> TaskGraph:
    """A graph of the driver `task`, whose body `fill` makes."""
    body = (program or Program()).body()
    region = body.region(fill(body))
    return TaskGraph(
        task=task,
        kind=DriverKind.TASK,
        parameters=parameters(task.signature),
        cells=(),
        body=region,
        helpers=() if program is None else tuple(program.helpers),
        result_type=annotations(task).get("return"),
        span=span(1),
    )


def parameters(signature: str) -> tuple[Parameter, ...]:
    types = _annotations(signature)
    return tuple(Parameter(name=n, type=t) for n, t in types.items() if n != "return")


def annotations(callee: Callee) -> dict[str, str]:
    """By parameter, and `return`."""
    return _annotations(callee.signature)


def _annotations(signature: str) -> dict[str, str]:
    """Good enough for signatures without nested commas in brackets but one level."""
    import ast

    function = ast.parse(f"def f{signature}: ...").body[0]
    assert isinstance(function, ast.FunctionDef)
    found = {
        argument.arg: ast.unparse(argument.annotation)
        for argument in (*function.args.args, *function.args.kwonlyargs)
        if argument.annotation is not None
    }
    if function.returns is not None:
        found["return"] = ast.unparse(function.returns)
    return found
