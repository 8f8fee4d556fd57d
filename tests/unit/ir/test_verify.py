"""The verifier: each invariant, broken on purpose."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from flyte_compiler.ir.model import (
    Callee,
    DriverKind,
    DynamicNode,
    FragmentForm,
    Input,
    Literal,
    Node,
    NodeId,
    Operand,
    Output,
    PackKind,
    PackNode,
    PythonNode,
    Reason,
    Region,
    RegionParameter,
    TaskGraph,
    TaskNode,
)
from flyte_compiler.ir.verify import verify
from flyte_compiler.source.bug import CompilerBug
from flyte_compiler.source.span import Position, Span

SPAN = Span(path=Path("main.py"), start=Position(1, 1), end=Position(1, 2))
CALLEE = Callee(
    name="e.t", module="main", function="t", environment="e", signature="(x)", is_async=True
)


def task(node: str, *operands: Operand) -> TaskNode:
    return TaskNode(
        id=NodeId(node),
        callee=CALLEE,
        inputs=tuple((f"x{index}", operand) for index, operand in enumerate(operands)),
        input_types=(None,) * len(operands),
        overrides=(),
        type="int",
        span=SPAN,
    )


def python(node: str, *outputs: str, **inputs: Operand) -> PythonNode:
    return PythonNode(
        id=NodeId(node),
        form=FragmentForm.STATEMENTS,
        source="pass",
        inputs=tuple(inputs.items()),
        outputs=outputs,
        indent="    ",
        global_names=(),
        is_async=False,
        type=None,
        span=SPAN,
    )


def gather(node: str, *elements: Operand) -> PackNode:
    return PackNode(
        id=NodeId(node),
        kind=PackKind.GATHER,
        elements=elements,
        return_exceptions=False,
        type=None,
        span=SPAN,
    )


def graph(
    *nodes: Node, result: Operand | None = None, parameters: tuple[str, ...] = ()
) -> TaskGraph:
    return TaskGraph(
        task=CALLEE,
        kind=DriverKind.TASK,
        body=Region(
            parameters=tuple(RegionParameter(name=name, type=None) for name in parameters),
            nodes=nodes,
            result=result,
        ),
        result_type=None,
        span=SPAN,
    )


N0, N1 = Output(NodeId("n0")), Output(NodeId("n1"))


def test_a_well_formed_graph_passes() -> None:
    verify(
        graph(
            task("n0", Input("p"), Literal(1)),
            python("n1", "v", a=N0),
            task("n2", Output(NodeId("n1"), ("v",))),
            gather("n3", Output(NodeId("n2"))),
            result=Output(NodeId("n3"), (0,)),
            parameters=("p",),
        )
    )


FAULTS: list[tuple[TaskGraph, str]] = [
    (graph(task("n0"), task("n0")), "the id n0 is used twice"),
    (graph(task("n0", N1), task("n1")), "n1 is used before it is made"),
    (graph(task("n0", N0)), "n0 is used before it is made"),
    (graph(task("n0", Input("p"))), "there is no parameter %p"),
    (graph(parameters=("p", "p")), "the name `p` stands twice"),
    (graph(parameters=("if",)), "`if` is not a name"),
    (graph(task("n0"), result=N1), "n1 is used before it is made"),
    (graph(python("n0", "v"), result=Output(NodeId("n0"), ("w",))), "n0.w is no part of what n0"),
    (graph(python("n0", "v"), result=N0), "n0 is no part of what n0 gives"),
    (graph(task("n0"), result=Output(NodeId("n0"), ("v",))), "n0.v is no part of what n0 gives"),
    (graph(task("n0"), gather("n1", N0), result=Output(NodeId("n1"), (1,))), "n1[1] is no part"),
    (graph(python("n0", **{"a b": Literal(1)})), "`a b` is not a name"),
    (graph(python("n0", "v", "v")), "the name `v` stands twice"),
    (graph(gather("n0", Literal(1))), "it gathers 1, which is no call"),
    (graph(python("n0", "v"), gather("n1", Output(NodeId("n0"), ("v",)))), "which is no call"),
    (graph(task("n0"), gather("n1", N0, N0)), "n0 is used elsewhere too"),
    (graph(task("n0"), gather("n1", N0), result=N0), "n0 is used elsewhere too"),
    (
        graph(dataclasses.replace(task("n0", Literal(1)), input_types=())),
        "1 inputs have 0 types",
    ),
    (graph(dataclasses.replace(python("n0"), source=" ")), "its source is empty"),
    (
        graph(dataclasses.replace(python("n0", "v"), form=FragmentForm.EXPRESSION)),
        "an expression leaves no variables behind",
    ),
    (
        graph(dataclasses.replace(gather("n0"), kind=PackKind.LIST, return_exceptions=True)),
        "only a gather returns exceptions",
    ),
]


@pytest.mark.parametrize(("faulty", "words"), FAULTS)
def test_a_broken_invariant_is_our_bug(faulty: TaskGraph, words: str) -> None:
    with pytest.raises(CompilerBug) as caught:
        verify(faulty)
    assert words in str(caught.value)


def test_a_fault_is_shown_with_its_neighbourhood() -> None:
    nodes = [task(f"n{index}") for index in range(7)]
    nodes[3] = task("n3", Input("p"))
    with pytest.raises(CompilerBug) as caught:
        verify(graph(*nodes))
    assert str(caught.value) == (
        "invalid graph of e.t at main.py:1:1: node n3: there is no parameter %p\n"
        "   n1 = task e.t() -> int\n"
        "   n2 = task e.t() -> int\n"
        "-> n3 = task e.t(x0=%p) -> int\n"
        "   n4 = task e.t() -> int\n"
        "   n5 = task e.t() -> int"
    )


def test_a_variable_of_a_dynamic_node_may_be_used() -> None:
    dynamic = DynamicNode(
        id=NodeId("n0"),
        reason=Reason.LOOP,
        message="a loop",
        source="for i in x: ...",
        inputs=(),
        outputs=("i",),
        callees=(),
        returns=False,
        span=SPAN,
    )
    verify(graph(dynamic, result=Output(NodeId("n0"), ("i",))))
