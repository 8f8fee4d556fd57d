"""The text form of each kind of node."""

from __future__ import annotations

import pytest
from handmade import (
    DEFER,
    N0,
    N1,
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
    graph,
    handler,
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

from flyte_compiler.ir.leaves import FragmentKind, PackKind
from flyte_compiler.ir.model import Choice, Collected, MapKind, Node
from flyte_compiler.ir.text import print_graph, print_node, print_operand
from flyte_compiler.ir.values import Constant, Literal, Operand, Unbound, ValueCallee


def test_a_graph_prints_as_a_program_reads() -> None:
    whole = graph(
        expression("n0", "len(p)", p=P),
        branch("n1", N0, region(task("n2", N0), give(t=out("n2"))), region(back(Literal(0)))),
        loop(
            "n3",
            P,
            region(
                task("n4", entered("n3", "t"), entered("n3", "<element>"), start=DEFER),
                wait("n5", out("n4")),
                again(t=out("n5")),
            ),
            orelse=region(give(t=Literal(1))),
            t=out("n1", "t"),
        ),
        call("n6", "h0", x=out("n3", "t"), c=P),
        back(out("n6")),
        helpers=(
            helper(
                "h0",
                region(back(entered("h0", "x"))),
                parameters=("x",),
                captures=("c",),
                cells=("k",),
            ),
        ),
        p="list[int]",
        cells=("v",),
        result_type="int",
    )
    assert print_graph(whole) == (
        "task e.main(p: list[int]) -> int cells (v)  # main.py:1\n"
        "  n0 = python pure `len(p)` (p=%p)\n"
        "  n1 = branch n0\n"
        "    when `yes`:\n"
        "      n2 = task e.t(x0=n0) -> int\n"
        "      yield (t=n2)\n"
        "    when `else`:\n"
        "      return 0\n"
        "  n3 = loop `x in xs` over %p carrying (t=n1.t)\n"
        "    body:\n"
        "      n4 = defer task e.t(x0=n3/t, x1=n3@element) -> int\n"
        "      n5 = await n4 -> int\n"
        "      continue (t=n5)\n"
        "    else:\n"
        "      yield (t=1)\n"
        "  n6 = helper h0 main.help(x=n3.t, c=%p) -> int\n"
        "  return n6\n"
        "async helper h0 main.help(x) captures (c) cells (k)  # main.py:1\n"
        "  return h0/x\n"
    )


def test_regions_of_try_while_map_and_with_have_titles() -> None:
    whole = graph(
        try_(
            "n0",
            region(STOP),
            handler(region(leave()), types=region(give(Literal(1)))),
            handler(region()),
            orelse=region(),
            final=region(),
        ),
        loop("n1", None, region(), test=region(give(Literal(True)))),
        map_("n2", MapKind.GATHER, region(give(P)), P),
        with_("n3", P, region()),
    )
    assert print_graph(whole).splitlines()[1:-1] == [
        "  n0 = try",
        "    body:",
        "      stop",
        "    match `ValueError`:",
        "      yield 1",
        "    except `ValueError`:",
        "      break",
        "    except any `ValueError`:",
        "      yield",
        "    else:",
        "      yield",
        "    finally:",
        "      yield",
        "  n1 = while `x > 0`",
        "    test:",
        "      yield True",
        "    body:",
        "      yield",
        "  n2 = map gather `x in xs` over %p",
        "    body:",
        "      yield %p",
        "  n3 = with `open(p)` %p",
        "    body:",
        "      yield",
    ]


VALUE_CALLEE = ValueCallee(
    operand=N1, text="HANDLERS[k]", candidates=(callee("e.a"), callee("e.b"))
)

NODES: list[tuple[Node, str]] = [
    (task("n0", overrides=(("retries", Literal(3)),)), "task e.t.override(retries=3)() -> int"),
    (
        task("n0", P, callee_=VALUE_CALLEE, type_=None),
        "task n1 `HANDLERS[k]` of (e.a, e.b) (x0=%p)",
    ),
    (trace("n0", P), "trace main.traced(x0=%p) -> str"),
    (
        function("n0", "h0", (("a", P),), (("x", Literal(1)),)),
        "function h0 main.help captures (a=%p) defaults (x=1)",
    ),
    (python("n0", "v = p", "v", p=P), "python `v = p` (p=%p) -> (v)"),
    (
        python("n0", "assert x", decides=True, is_async=True, global_names=("g",)),
        "python await decides `assert x` global (g) -> ()",
    ),
    (python("n0", kind=FragmentKind.LOCAL), "python local `pass` -> ()"),
    (expression("n0", "f''", "str"), "python pure `f''` -> str"),
    (pack("n0", PackKind.TUPLE, P, N1, unpacked=(1,)), "tuple [%p, *n1]"),
    (pack("n0", PackKind.DICT, P, N1, type_="dict"), "dict [%p, n1] -> dict"),
    (gather("n0", N1, ex=P), "gather [n1] return_exceptions=%p"),
    (gather("n0", N1, ex=Literal(0)), "gather [n1] return_exceptions=0"),
    (pack("n0", PackKind.GATHER, start=DEFER), "defer gather []"),
    (branch("n0", P, region(), choice=Choice.INDEX, type_="int"), "branch index %p -> int"),
    (
        loop("n0", P, region(), collected=Collected.SET, type_="set[int]"),
        "loop `x in xs` over %p into set -> set[int]",
    ),
    (
        map_("n0", MapKind.MAP, region(), P, N1, options=(("concurrency", Literal(2)),)),
        "map `x in xs` over %p, n1 (concurrency=2)",
    ),
    (map_("n0", MapKind.MAP, region(), P, is_async=True), "async map `x in xs` over %p"),
    (
        map_("n0", MapKind.STATEMENTS, region(), P, collected=Collected.DICT),
        "map statements `x in xs` over %p into dict",
    ),
    (try_("n0", region(), handler(region()), is_group=True), "try group"),
    (
        with_("n0", P, region(), is_async=True, group=Literal("g"), v=N1),
        "async with `open(p)` %p group 'g' otherwise (v=n1)",
    ),
    (
        dynamic("n0", "i", x=P),
        "dynamic generator `a loop that calls \\`t\\`` `for i in x: ...` (x=%p) calls (e.t) -> (i)",
    ),
]


@pytest.mark.parametrize(("node", "text"), NODES)
def test_a_node_shows_everything_but_its_place(node: Node, text: str) -> None:
    assert print_node(node) == text


@pytest.mark.parametrize(
    ("operand", "text"),
    [
        (out("n0", "x", 1), "n0.x[1]"),
        (out("n0", "<value>"), "n0@value"),
        (entered("n0", "<element>1"), "n0@element1"),
        (entered("n0", "element"), "n0/element"),
        (cell("d", "v"), "&d.v"),
        (Unbound("v"), "?v"),
    ],
)
def test_operands_of_each_kind_differ(operand: Operand, text: str) -> None:
    assert print_operand(operand) == text


@pytest.mark.parametrize(
    ("one", "other"), [(1, True), (1, 1.0), ("1", 1), ("x", b"x"), (None, "None"), (0.0, -0.0)]
)
def test_literals_of_different_kinds_print_differently(one: Constant, other: Constant) -> None:
    assert print_operand(Literal(one)) != print_operand(Literal(other))


def test_sources_stay_on_one_line_and_apart() -> None:
    assert print_node(python("n0", 'a = "`"\nb\t')) == 'python `a = "\\`"\\nb\\x09` -> ()'
    assert print_node(python("n0", "a\nb")) != print_node(python("n0", "a\\nb"))
