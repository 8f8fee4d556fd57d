"""Graphs made by hand: one short function for each kind of node, with the fields that most
tests don't care about filled in."""

from __future__ import annotations

from pathlib import Path

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
    Break,
    Choice,
    Collected,
    Continue,
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
    Stop,
    TaskGraph,
    TryNode,
    WithNode,
    Yield,
)
from flyte_compiler.ir.values import (
    Callee,
    Input,
    Literal,
    NodeId,
    Operand,
    Output,
    RegionInput,
    Shared,
    ValueCallee,
    Variables,
)
from flyte_compiler.source.span import Position, Span

SPAN = Span(path=Path("main.py"), start=Position(1, 1), end=Position(1, 2))
DEFER = Start.DEFERRED
STOP = Stop()


def callee(name: str = "e.t") -> Callee:
    environment, _, function = name.rpartition(".")
    return Callee(
        name=name,
        module="main",
        function=function,
        environment=environment,
        signature="(x)",
        is_async=True,
    )


def out(node: str, *path: str | int) -> Output:
    return Output(NodeId(node), path)


def entered(owner: str, name: str) -> RegionInput:
    return RegionInput(NodeId(owner), name)


def cell(owner: str, name: str) -> Shared:
    return Shared(NodeId(owner), name)


# Ends ---------------------------------------------------------------------------------------


def give(value: Operand | None = None, /, **variables: Operand) -> Yield:
    return Yield(variables=tuple(sorted(variables.items())), value=value)


def again(**variables: Operand) -> Continue:
    return Continue(variables=tuple(sorted(variables.items())))


def leave(**variables: Operand) -> Break:
    return Break(variables=tuple(sorted(variables.items())))


def back(value: Operand = Literal(None)) -> Return:  # noqa: B008
    return Return(value=value)


def region(*parts: Node | End) -> Region:
    """Nodes, and the end last; an empty `Yield` where there is none."""
    nodes = tuple(p for p in parts if not isinstance(p, End))
    ends = [p for p in parts if isinstance(p, End)]
    return Region(nodes=nodes, end=ends[0] if ends else give())


# Nodes --------------------------------------------------------------------------------------


def task(
    id_: str,
    *operands: Operand,
    name: str = "e.t",
    type_: str | None = "int",
    expects: tuple[str | None, ...] | None = None,
    start: Start = Start.IN_PLACE,
    callee_: ValueCallee | None = None,
    overrides: Variables = (),
) -> TaskNode:
    return TaskNode(
        id=NodeId(id_),
        callee=callee(name) if callee_ is None else callee_,
        inputs=tuple((f"x{index}", operand) for index, operand in enumerate(operands)),
        input_types=(None,) * len(operands) if expects is None else expects,
        overrides=overrides,
        start=start,
        type=type_,
        span=SPAN,
    )


def trace(id_: str, *operands: Operand, start: Start = Start.IN_PLACE) -> TraceNode:
    return TraceNode(
        id=NodeId(id_),
        callee=callee("main.traced"),
        inputs=tuple((f"x{index}", operand) for index, operand in enumerate(operands)),
        input_types=(None,) * len(operands),
        start=start,
        type="str",
        span=SPAN,
    )


def call(id_: str, helper: str, /, start: Start = Start.IN_PLACE, **inputs: Operand) -> HelperNode:
    return HelperNode(
        id=NodeId(id_),
        helper=NodeId(helper),
        name="main.help",
        inputs=tuple(inputs.items()),
        start=start,
        type="int",
        span=SPAN,
    )


def function(
    id_: str, helper: str, captures: Variables = (), defaults: Variables = ()
) -> FunctionNode:
    return FunctionNode(
        id=NodeId(id_),
        helper=NodeId(helper),
        name="main.help",
        captures=captures,
        defaults=defaults,
        span=SPAN,
    )


def python(
    id_: str,
    source: str = "pass",
    *outputs: str,
    kind: FragmentKind = FragmentKind.EFFECT,
    global_names: tuple[str, ...] = (),
    is_async: bool = False,
    decides: bool = False,
    **inputs: Operand,
) -> PythonNode:
    return PythonNode(
        id=NodeId(id_),
        form=FragmentForm.STATEMENTS,
        kind=kind,
        source=source,
        inputs=tuple(inputs.items()),
        outputs=outputs,
        indent="    ",
        global_names=global_names,
        is_async=is_async,
        decides=decides,
        type=None,
        span=SPAN,
    )


def expression(
    id_: str,
    source: str,
    type_: str | None = None,
    kind: FragmentKind = FragmentKind.PURE,
    is_async: bool = False,
    **inputs: Operand,
) -> PythonNode:
    return PythonNode(
        id=NodeId(id_),
        form=FragmentForm.EXPRESSION,
        kind=kind,
        source=source,
        inputs=tuple(inputs.items()),
        outputs=(),
        indent="    ",
        global_names=(),
        is_async=is_async,
        decides=False,
        type=type_,
        span=SPAN,
    )


def pack(
    id_: str,
    kind: PackKind,
    *elements: Operand,
    unpacked: tuple[int, ...] = (),
    exceptions: Operand = Literal(False),  # noqa: B008
    start: Start = Start.IN_PLACE,
    type_: str | None = None,
) -> PackNode:
    return PackNode(
        id=NodeId(id_),
        kind=kind,
        elements=elements,
        unpacked=unpacked,
        return_exceptions=exceptions,
        start=start,
        type=type_,
        span=SPAN,
    )


def gather(id_: str, *elements: Operand, **options: Operand) -> PackNode:
    return pack(id_, PackKind.GATHER, *elements, exceptions=options.get("ex", Literal(False)))


def wait(id_: str, awaited: Operand, type_: str | None = "int") -> AwaitNode:
    return AwaitNode(id=NodeId(id_), awaited=awaited, type=type_, span=SPAN)


def branch(
    id_: str,
    test: Operand,
    *arms: Region,
    choice: Choice = Choice.TRUTH,
    type_: str | None = None,
) -> BranchNode:
    labels = ("yes", "else", "third")
    return BranchNode(
        id=NodeId(id_),
        choice=choice,
        test=test,
        arms=tuple(Arm(label=labels[i], body=arm) for i, arm in enumerate(arms)),
        type=type_,
        span=SPAN,
    )


def loop(
    id_: str,
    iterable: Operand | None,
    body: Region,
    *,
    test: Region | None = None,
    orelse: Region | None = None,
    collected: Collected = Collected.NOTHING,
    kind: LoopKind | None = None,
    type_: str | None = None,
    **carried: Operand,
) -> LoopNode:
    return LoopNode(
        id=NodeId(id_),
        kind=kind or (LoopKind.WHILE if iterable is None else LoopKind.FOR),
        iterable=iterable,
        test=test,
        body=body,
        orelse=orelse,
        carried=tuple(sorted(carried.items())),
        collected=collected,
        label="x > 0" if iterable is None else "x in xs",
        type=type_,
        span=SPAN,
    )


def map_(
    id_: str,
    kind: MapKind,
    body: Region,
    *iterables: Operand,
    options: Variables = (),
    is_async: bool = False,
    start: Start = Start.IN_PLACE,
    collected: Collected = Collected.LIST,
    type_: str | None = None,
) -> MapNode:
    return MapNode(
        id=NodeId(id_),
        kind=kind,
        iterables=iterables,
        body=body,
        options=options,
        is_async=is_async,
        start=start,
        collected=collected,
        label="x in xs",
        type=type_,
        span=SPAN,
    )


def handler(body: Region, types: Region | None = None) -> Handler:
    return Handler(types=types, label="ValueError", body=body)


def try_(
    id_: str,
    body: Region,
    *handlers: Handler,
    orelse: Region | None = None,
    final: Region | None = None,
    is_group: bool = False,
) -> TryNode:
    return TryNode(
        id=NodeId(id_),
        body=body,
        handlers=handlers,
        orelse=orelse,
        final=final,
        is_group=is_group,
        span=SPAN,
    )


def with_(
    id_: str,
    manager: Operand,
    body: Region,
    *,
    is_async: bool = False,
    group: Operand | None = None,
    **otherwise: Operand,
) -> WithNode:
    return WithNode(
        id=NodeId(id_),
        manager=manager,
        body=body,
        is_async=is_async,
        group=group,
        otherwise=tuple(sorted(otherwise.items())),
        label="open(p)",
        span=SPAN,
    )


def dynamic(id_: str, *outputs: str, **inputs: Operand) -> DynamicNode:
    return DynamicNode(
        id=NodeId(id_),
        reason=Reason.GENERATOR,
        message="a loop that calls `t`",
        source="for i in x: ...",
        inputs=tuple(inputs.items()),
        outputs=outputs,
        callees=(callee(),),
        returns=False,
        span=SPAN,
    )


# Graphs -------------------------------------------------------------------------------------


def helper(
    id_: str,
    body: Region,
    *,
    function: str = "help",
    parameters: tuple[str, ...] = (),
    captures: tuple[str, ...] = (),
    cells: tuple[str, ...] = (),
    type_: str | None = None,
) -> Helper:
    return Helper(
        id=NodeId(id_),
        name=f"main.{function}",
        module="main",
        function=function,
        is_async=True,
        parameters=tuple(Parameter(name=name, type=type_) for name in parameters),
        signature=f"({', '.join(parameters)})",
        captures=captures,
        cells=cells,
        body=body,
        span=SPAN,
    )


def graph(
    *parts: Node | End,
    helpers: tuple[Helper, ...] = (),
    cells: tuple[str, ...] = (),
    result_type: str | None = None,
    **parameters: str | None,
) -> TaskGraph:
    """A driver `e.main` of these nodes; it returns None where no end is given."""
    ends = [part for part in parts if isinstance(part, End)]
    return TaskGraph(
        task=callee("e.main"),
        kind=DriverKind.TASK,
        parameters=tuple(Parameter(name=n, type=t) for n, t in parameters.items()),
        cells=cells,
        body=region(*parts) if ends else region(*parts, back()),
        helpers=helpers,
        result_type=result_type,
        span=SPAN,
    )


P = Input("p")
N0, N1, N2 = out("n0"), out("n1"), out("n2")
