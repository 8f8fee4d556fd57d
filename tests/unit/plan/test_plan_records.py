"""A graph of every kind of node as the plan's records, there and back, and against the schema."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest
from handmade import (
    DEFER,
    N0,
    STOP,
    P,
    again,
    back,
    branch,
    call,
    callee,
    cell,
    dynamic,
    entered,
    expression,
    function,
    gather,
    give,
    helper,
    leave,
    loop,
    map_,
    out,
    pack,
    python,
    region,
    task,
    trace,
    try_,
    wait,
    with_,
)
from handmade import handler as except_

from flyte_compiler.ir.leaves import PackKind
from flyte_compiler.ir.model import MapKind, Region
from flyte_compiler.ir.values import Constant, Literal, Unbound, ValueCallee
from flyte_compiler.plan.nodes import helper_of, node_of, region_of
from flyte_compiler.plan.operands import operand_of, place_of
from flyte_compiler.plan.schema import plan_faults, schema_text
from flyte_plan import plan

SCHEMA = Path(__file__).parents[3] / "docs" / "plan.schema.json"

EVERYTHING = region(
    task("n0", P, Literal(1), start=DEFER, overrides=(("retries", Literal(2)),)),
    task("n1", callee_=ValueCallee(operand=P, text="p", candidates=(callee(),))),
    trace("n2", Unbound("u")),
    call("n3", "h0", x=N0),
    function("n4", "h0", (("c", cell("d", "k")),)),
    python("n5", "v = 1", "v"),
    expression("n6", "1", "int"),
    pack("n7", PackKind.DICT, P, P),
    gather("n8", N0, ex=P),
    wait("n9", N0),
    branch("n10", P, region(give(P)), region(STOP)),
    loop("n11", P, region(leave(t=P)), orelse=region(again(t=P)), t=out("n5", "v")),
    loop("n12", None, region(), test=region(give(P))),
    map_("n13", MapKind.GATHER, region(give(entered("n13", "<element>"))), P),
    try_("n14", region(), except_(region(), region(give(P))), orelse=region(), final=region()),
    with_("n15", P, region(), group=Literal("g"), v=Literal(b"\xff")),
    dynamic("n16"),
    back(out("n8", 0)),
)


def plan_of(body: Region) -> plan.Plan:
    inner = helper("h0", region(back()), parameters=("x",), captures=("c",), cells=("k",))
    graph = plan.PlannedGraph(
        body=region_of(body),
        cells=("k",),
        helpers=(helper_of(inner),),
        compiled=False,
        actions=3,
        depth=1,
        width=3,
        critical_path=("n0",),
    )
    main = plan.PlannedTask(
        name="e.main",
        module="main",
        function="main",
        declared="task",
        is_async=True,
        parameters=(
            plan.PlannedParameter(name="p", kind="positional-or-keyword", type="int", default="1"),
        ),
        result=None,
        options=(plan.PlannedOption(name="cache", text='"auto"'),),
        digest="d",
        parts=(plan.PlannedPart(name="main:main", digest="d"),),
        graph=graph,
        place=place_of(inner.span),
    )
    return plan.Plan(version=plan.PLAN_VERSION, module="main", file="main.py", tasks=(main,))


def test_a_plan_of_every_kind_of_node_survives_its_encoding() -> None:
    whole = plan_of(EVERYTHING)
    assert plan.decode_plan(plan.encode_plan(whole)) == whole


def test_every_kind_of_node_has_its_own_record() -> None:
    kinds = [type(node).__name__ for node in EVERYTHING.nodes]
    assert [type(node_of(node)).__name__ for node in EVERYTHING.nodes] == kinds
    assert len(set(kinds)) == 13


def test_a_callee_that_is_a_value_has_no_module() -> None:
    record = node_of(EVERYTHING.nodes[1])
    assert isinstance(record, plan.TaskNode)
    assert (record.task, record.module, record.function) == ("p", None, None)
    assert (record.callee, record.candidates) == (plan.InputOperand(name="p"), ("e.t",))


def test_a_plan_of_another_version_is_refused() -> None:
    encoded = plan.encode_plan(plan_of(EVERYTHING)).replace(b'"version": 3', b'"version": 1')
    with pytest.raises(ValueError, match="a plan of version 1; this program reads 3"):
        plan.decode_plan(encoded)


def test_the_published_schema_is_current() -> None:
    assert SCHEMA.read_text() == schema_text(), "run `python -m flyte_compiler.plan.schema`"


def test_a_plan_of_every_kind_of_node_is_valid() -> None:
    assert plan_faults(plan.encode_plan(plan_of(EVERYTHING))) == ()


@pytest.mark.parametrize(
    ("path", "value", "fault"),
    [
        (("tasks", 0, "name"), 1, "tasks.0.name: input should be a valid string"),
        (("tasks", 0, "extra"), 1, "tasks.0.extra: extra inputs are not permitted"),
        (
            ("tasks", 0, "graph", "body", "nodes", 0, "deferred"),
            "yes",
            "tasks.0.graph.body.nodes.0.task.deferred: input should be a valid boolean",
        ),
    ],
)
def test_what_is_wrong_with_a_plan_is_said_with_its_place(
    path: tuple[str | int, ...], value: object, fault: str
) -> None:
    whole = json.loads(plan.encode_plan(plan_of(EVERYTHING)))
    inner = whole
    for part in path[:-1]:
        inner = inner[part]
    inner[path[-1]] = value
    assert plan_faults(json.dumps(whole).encode()) == (fault,)


def test_bytes_that_are_no_json_are_no_plan() -> None:
    (fault,) = plan_faults(b"{")
    assert fault.startswith("plan: invalid JSON")


@pytest.mark.parametrize(
    ("value", "written", "kind"),
    [
        (None, None, "None"),
        (True, True, "bool"),
        (2**63 - 1, 2**63 - 1, "int"),
        (2**63, str(2**63), "int"),
        (-(2**63) - 1, str(-(2**63) - 1), "int"),
        (1.5, 1.5, "float"),
        (math.inf, "inf", "float"),
        (-math.inf, "-inf", "float"),
        ("é", "é", "str"),
        (b"\xff", "/w==", "bytes"),
    ],
)
def test_literals_that_json_lacks_are_text_beside_their_type(
    value: Constant, written: object, kind: str
) -> None:
    record = operand_of(Literal(value))
    assert isinstance(record, plan.LiteralOperand)
    assert (record.value, record.type) == (written, kind)
    assert type(record.value) is type(written)
