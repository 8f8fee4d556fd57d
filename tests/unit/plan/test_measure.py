"""Size and shape of graphs."""

from __future__ import annotations

import pytest
from handmade import (
    DEFER,
    N0,
    N1,
    P,
    again,
    back,
    branch,
    call,
    dynamic,
    entered,
    expression,
    gather,
    give,
    graph,
    handler,
    helper,
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
from flyte_compiler.ir.model import End, MapKind, Node, TaskGraph
from flyte_compiler.ir.values import Literal
from flyte_compiler.plan.measure import Measure, measure
from flyte_compiler.plan.order import effects

ONE = Literal(1)


def shape(whole: TaskGraph) -> tuple[int, int, int]:
    """Actions, depth and width."""
    measured = measure(whole)
    return measured.actions, measured.depth, measured.width


def using(*parts: Node | End) -> TaskGraph:
    """A driver that uses the value of every task in its body."""
    nodes = [part for part in parts if not isinstance(part, End)]
    values = [out(node.id) for node in nodes if hasattr(node, "callee")]
    return graph(*nodes, pack("n99", PackKind.TUPLE, *values), back(out("n99")), p=None)


def test_everything_is_counted() -> None:
    whole = graph(
        task("n0", P),
        branch("n1", N0, region(trace("n2", N0), give(v=out("n2"))), region(give(v=ONE))),
        back(out("n1", "v")),
        p=None,
    )
    assert measure(whole) == Measure(
        actions=2, nodes=3, edges=5, depth=2, width=1, critical_path=(N0.node, out("n2").node)
    )


SHAPES: dict[str, tuple[TaskGraph, tuple[int, int, int]]] = {
    "independent calls overlap": (using(task("n0"), task("n1")), (2, 1, 2)),
    "a value is waited for": (using(task("n0"), task("n1", N0)), (2, 2, 1)),
    "an effect keeps its place": (
        using(task("n0"), task("n1", type_="None"), task("n2")),
        (3, 3, 1),
    ),
    "a discarded call is an effect": (
        graph(
            task("n0"), task("n1"), task("n2"), back(pack("n9", PackKind.LIST).return_exceptions)
        ),
        (3, 3, 1),
    ),
    "Python that may do anything is an effect": (
        using(task("n0"), python("n1"), task("n2")),
        (2, 2, 1),
    ),
    "pure Python is none": (using(task("n0"), expression("n1", "1"), task("n2")), (2, 1, 2)),
    "output holds nothing up": (
        using(task("n0"), python("n1", kind=FragmentKind.OUTPUT), task("n2")),
        (2, 1, 2),
    ),
    "an assertion decides": (
        using(
            task("n0"),
            python("n1", "assert a", kind=FragmentKind.PURE, decides=True, a=N0),
            task("n2"),
        ),
        (2, 2, 1),
    ),
    "what is left dynamic may do anything": (
        using(task("n0"), dynamic("n1"), task("n2")),
        (2, 2, 1),
    ),
    "members of a gather are free": (
        graph(
            task("n0", type_="None", start=DEFER),
            task("n1", type_="None", start=DEFER),
            gather("n2", N0, N1),
            task("n3"),
            back(out("n3")),
        ),
        (3, 2, 2),
    ),
    "a call that is put off starts for who awaits it": (
        graph(
            task("n0", start=DEFER),
            task("n1", type_="None"),
            wait("n2", N0, None),
            back(out("n2")),
        ),
        (2, 2, 1),
    ),
    "an effect that is put off keeps the awaiting one's place": (
        graph(
            task("n0", type_="None", start=DEFER),
            task("n1"),
            wait("n2", N0, "None"),
            back(N1),
        ),
        (2, 2, 1),
    ),
    "a gather that is put off runs its members when it is awaited": (
        graph(
            task("n0", start=DEFER),
            pack("n1", PackKind.GATHER, N0, start=DEFER),
            task("n2"),
            wait("n3", N1, "list[None]"),
            pack("n4", PackKind.LIST, out("n2"), out("n3")),
            back(out("n4")),
        ),
        (2, 1, 2),
    ),
    "a branch is as deep as its deepest arm": (
        graph(
            branch(
                "n0",
                P,
                region(task("n1"), task("n2", N1), give(out("n2"))),
                region(task("n3"), give(out("n3"))),
            ),
            back(out("n0", "<value>")),
            p=None,
        ),
        (3, 2, 1),
    ),
    "no call starts past a condition": (
        using(task("n0"), branch("n1", N0, region(), region()), task("n2")),
        (2, 2, 1),
    ),
    "a loop counts once": (
        graph(
            loop(
                "n0",
                P,
                region(task("n1", entered("n0", "t")), again(t=N1)),
                orelse=region(task("n2"), give(t=out("n2"))),
                t=ONE,
            ),
            back(out("n0", "t")),
            p=None,
        ),
        (2, 2, 1),
    ),
    "a test is called before its turn": (
        graph(
            loop(
                "n0",
                None,
                region(task("n2"), again(t=out("n2"))),
                test=region(task("n1"), give(N1, t=entered("n0", "t"))),
                t=ONE,
            ),
            back(out("n0", "t")),
        ),
        (2, 2, 1),
    ),
    "a map counts once": (
        graph(map_("n0", MapKind.MAP, region(task("n1"), give(N1)), P), back(N0), p=None),
        (1, 1, 1),
    ),
    "a handler comes after its body": (
        graph(
            try_(
                "n0",
                region(task("n1"), give(v=N1)),
                handler(region(task("n2"), give(v=out("n2")))),
                final=region(task("n3", type_="None")),
            ),
            back(out("n0", "v")),
        ),
        (3, 3, 1),
    ),
    "a group holds nothing up": (
        graph(
            task("n0"),
            with_("n1", P, region(task("n2"), give(v=out("n2"))), group=Literal("g")),
            pack("n3", PackKind.LIST, N0, out("n1", "v")),
            back(out("n3")),
            p=None,
        ),
        (2, 1, 2),
    ),
    "another `with` is entered in its place": (
        graph(
            task("n0"),
            with_("n1", P, region(task("n2"), give(v=out("n2"))), v=ONE),
            pack("n3", PackKind.LIST, N0, out("n1", "v")),
            back(out("n3")),
            p=None,
        ),
        (2, 2, 1),
    ),
    "a helper is walked for each of its calls": (
        graph(
            call("n0", "h0", x=ONE),
            call("n1", "h0", x=N0),
            back(N1),
            helpers=(helper("h0", region(task("n2"), back(out("n2"))), parameters=("x",)),),
        ),
        (2, 2, 1),
    ),
    "a helper that calls itself ends": (
        graph(
            call("n0", "h0"),
            back(N0),
            helpers=(helper("h0", region(task("n1"), call("n2", "h0"), back(out("n2")))),),
        ),
        (1, 1, 1),
    ),
}


@pytest.mark.parametrize(("whole", "expected"), SHAPES.values(), ids=SHAPES)
def test_depth_and_width_follow_values_and_effects(
    whole: TaskGraph, expected: tuple[int, int, int]
) -> None:
    assert shape(whole) == expected


def test_the_critical_path_is_one_longest_path_in_order() -> None:
    inside = region(task("n4"), task("n5", out("n4")), back(out("n5")))
    whole = graph(
        task("n0"),
        task("n1"),
        call("n2", "h0", x=N1),
        task("n3", out("n2"), N0),
        back(out("n3")),
        helpers=(helper("h0", inside, parameters=("x",)),),
    )
    assert measure(whole).critical_path == ("n1", "n4", "n5", "n3")


def test_calls_of_helpers_by_helpers_are_measured_in_good_time() -> None:
    chain = [
        helper(
            f"h{number}",
            region(
                call(f"n{2 * number}", f"h{number + 1}", x=ONE),
                call(f"n{2 * number + 1}", f"h{number + 1}", x=out(f"n{2 * number}")),
                back(out(f"n{2 * number + 1}")),
            ),
            parameters=("x",),
        )
        for number in range(1, 60)
    ]
    last = helper("h60", region(task("n120"), back(out("n120"))), parameters=("x",))
    first = helper("h0", region(back()))
    measured = measure(graph(call("n1", "h1", x=ONE), helpers=(first, *chain, last)))
    assert (measured.depth, measured.critical_path) == (2**59, ("n120",))
    assert measured.actions == 2**59


def test_a_node_that_holds_an_effect_is_one() -> None:
    whole = graph(
        branch("n0", ONE, region(task("n1", type_="None")), region()),
        loop("n2", P, region(expression("n3", "1"))),
        call("n4", "h0"),
        back(out("n4")),
        helpers=(helper("h0", region(python("n5"), back())),),
        p=None,
    )
    assert effects(whole) == {"n0", "n1", "n4", "n5"}
