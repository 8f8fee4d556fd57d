"""The verifier: each invariant, broken on purpose."""

from __future__ import annotations

import dataclasses

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
    try_,
    with_,
)

from flyte_compiler.ir.leaves import PackKind
from flyte_compiler.ir.model import Choice, Collected, LoopKind, MapKind, TaskGraph
from flyte_compiler.ir.sources import verify_sources
from flyte_compiler.ir.values import Literal, Unbound
from flyte_compiler.ir.verify import verify
from flyte_compiler.source.bug import CompilerBug

ONE = Literal(1)
HELPER = helper("h0", region(back()), parameters=("x",), captures=("c",))
INNER = helper("h1", region(back(cell("h0", "k"))), function="help.<locals>.inner")


def test_a_well_formed_graph_passes() -> None:
    verify(
        graph(
            task("n0", P, Unbound("u")),
            python("n1", "v = a", "v", a=N0, k=cell("d", "k")),
            branch(
                "n2",
                N0,
                region(task("n3", N0), give(out("n3"), t=out("n1", "v"))),
                region(give(ONE, t=ONE)),
            ),
            loop(
                "n4",
                N0,
                region(
                    branch("n5", N0, region(leave(t=ONE)), region(again(t=ONE))),
                    STOP,
                ),
                orelse=region(give(t=entered("n4", "t"))),
                t=out("n2", "t"),
            ),
            try_(
                "n6",
                region(task("n7"), give(a=out("n7"))),
                handler(
                    region(python("n8", e=entered("n6", "<caught>")), give(t=ONE)),
                    region(give(P)),
                ),
                orelse=region(give(t=entered("n6", "a"))),
                final=region(python("n9")),
            ),
            with_("n10", P, region(give(w=entered("n10", "<entered>"))), w=ONE),
            map_("n11", MapKind.MAP, region(give(entered("n11", "<element>1"))), P, P),
            call("n12", "h0", x=out("n2", "<value>"), c=out("n10", "w")),
            function("n13", "h0", (("c", out("n11", 3)),)),
            back(out("n6", "t")),
            helpers=(dataclasses.replace(HELPER, cells=("k",)), INNER),
            cells=("k",),
            p=None,
        )
    )


def once(*parts: object) -> TaskGraph:
    """A graph whose driver has the parameter `p` and the helper `h0`."""
    return graph(*parts, helpers=(HELPER,), p=None)  # type: ignore[arg-type]


FAULTS: dict[str, tuple[TaskGraph, str]] = {
    "ids are unique": (once(task("n0"), task("n0")), "the id n0 is used twice"),
    "ids are ids": (once(task("x0")), "`x0` is no id"),
    "ids are in order": (once(task("n1"), task("n0")), "n0 comes after n1"),
    "inner ids are in order": (
        once(branch("n1", ONE, region(task("n0")), region())),
        "n0 comes after n1",
    ),
    "helpers are numbered": (
        graph(helpers=(helper("h1", region(back())),)),
        "the helper number 0 is called h1",
    ),
    "an operand is earlier": (once(task("n0", N1), task("n1")), "n1 is out of sight"),
    "an operand is not itself": (once(task("n0", N0)), "n0 is out of sight"),
    "a node doesn't see into a region": (
        once(branch("n0", ONE, region(task("n1")), region()), task("n2", N1)),
        "n1 is out of sight",
    ),
    "a region doesn't see into its neighbour": (
        once(branch("n0", ONE, region(task("n1")), region(task("n2", N1)))),
        "n1 is out of sight",
    ),
    "a region doesn't see its node": (
        once(loop("n0", ONE, region(task("n1", out("n0", "t")), give(t=ONE)), t=ONE)),
        "n0.t is out of sight",
    ),
    "a helper doesn't see the driver": (
        graph(task("n0"), helpers=(helper("h0", region(task("n1", N0), back())),)),
        "n0 is out of sight",
    ),
    "an end's operand is earlier": (once(back(N0)), "n0 is out of sight"),
    "a parameter exists": (graph(task("n0", P)), "there is no parameter %p"),
    "a helper has no parameter of the driver": (
        graph(helpers=(helper("h0", region(back(P))),), p=None),
        "there is no parameter %p",
    ),
    "parameters differ": (
        graph(helpers=(helper("h0", region(back()), parameters=("a", "a")),)),
        "the name `a` stands twice",
    ),
    "parameters are names": (graph(**{"if": None}), "`if` is not a name"),
    "cells differ": (graph(cells=("k", "k")), "the name `k` stands twice"),
    "a helper's cells differ": (
        graph(helpers=(helper("h0", region(back()), cells=("k", "k")),)),
        "the name `k` stands twice",
    ),
    "a cell isn't captured": (
        graph(helpers=(helper("h0", region(back()), cells=("k",), captures=("k",)),)),
        "a cell of h0 is captured",
    ),
    "what enters is inside": (
        once(loop("n0", P, region()), task("n1", entered("n0", "<element>"))),
        "n0@element doesn't enter here",
    ),
    "a loop has no other variable": (
        once(loop("n0", P, region(task("n1", entered("n0", "t"))))),
        "n0/t doesn't enter here",
    ),
    "`orelse` has no element": (
        once(loop("n0", P, region(), orelse=region(task("n1", entered("n0", "<element>"))))),
        "n0@element doesn't enter here",
    ),
    "only a handler has the exception": (
        once(try_("n0", region(), final=region(task("n1", entered("n0", "<caught>"))))),
        "n0@caught doesn't enter here",
    ),
    "a second element needs a second iterable": (
        once(map_("n0", MapKind.MAP, region(give(entered("n0", "<element>1"))), P)),
        "n0@element1 doesn't enter here",
    ),
    "a helper has no other argument": (
        graph(helpers=(helper("h0", region(back(entered("h0", "x")))),)),
        "h0/x doesn't enter here",
    ),
    "a fragment's variable exists": (
        once(python("n0", "v = 1", "v"), back(out("n0", "w"))),
        "n0.w is no part",
    ),
    "statements have no value": (once(python("n0", "v = 1", "v"), back(N0)), "n0 is no part"),
    "a call has no variables": (once(task("n0"), back(out("n0", "v"))), "n0.v is no part"),
    "a call that is put off has no parts": (
        once(task("n0", start=DEFER), back(out("n0", 0))),
        "n0[0] is no part",
    ),
    "an index is in a pack": (
        once(pack("n0", PackKind.LIST, P), back(out("n0", 1))),
        "n0[1] is no part",
    ),
    "a dict has no index": (
        once(pack("n0", PackKind.DICT, P, P), back(out("n0", 0))),
        "n0[0] is no part",
    ),
    "a branch gives what it yields": (
        once(branch("n0", P, region(), region()), back(out("n0", "<value>"))),
        "n0@value is no part",
    ),
    "a loop gives what it carries": (
        once(loop("n0", P, region()), back(out("n0", "t"))),
        "n0.t is no part",
    ),
    "a loop gives no value that isn't collected": (
        once(loop("n0", P, region()), back(out("n0", "<value>"))),
        "n0@value is no part",
    ),
    "a try gives what it yields": (
        once(try_("n0", region(give(v=P)), final=region()), back(out("n0", "w"))),
        "n0.w is no part",
    ),
    "a with gives what it yields": (
        once(with_("n0", P, region()), back(out("n0", "w"))),
        "n0.w is no part",
    ),
    "a function has no parts": (
        once(function("n0", "h0", (("c", P),)), back(out("n0", 0))),
        "n0[0] is no part",
    ),
    "arms yield the same variables": (
        once(branch("n0", P, region(give(a=P)), region(give(b=P)))),
        "it yields `b` instead of `a`",
    ),
    "arms yield a value alike": (
        once(branch("n0", P, region(give(P)), region(give()))),
        "it yields no value",
    ),
    "handlers yield what the body does": (
        once(try_("n0", region(give(a=P)), handler(region()))),
        "it yields nothing instead of `a`",
    ),
    "`orelse` yields what handlers do": (
        once(try_("n0", region(), handler(region()), orelse=region(give(a=P)))),
        "it yields nothing instead of `a`",
    ),
    "`final` yields nothing": (
        once(try_("n0", region(), final=region(give(a=P)))),
        "it yields `a` instead of nothing",
    ),
    "a with yields what it gives otherwise": (
        once(with_("n0", P, region(give(a=P)))),
        "it yields `a` instead of nothing",
    ),
    "yielded variables are sorted": (
        once(
            branch(
                "n0",
                P,
                region(dataclasses.replace(give(), variables=(("b", P), ("a", P)))),
                region(),
            )
        ),
        "its variables are not sorted",
    ),
    "a body doesn't yield": (once(give()), "a body yields"),
    "`break` is in a loop": (once(leave()), "no loop around"),
    "`continue` is not out of a helper": (
        graph(
            loop("n0", P, region(call("n1", "h0"))),
            helpers=(helper("h0", region(again())),),
            p=None,
        ),
        "no loop around",
    ),
    "`orelse` is not in its loop": (
        once(loop("n0", P, region(), orelse=region(leave()))),
        "no loop around",
    ),
    "a map's turn leaves for nothing": (
        once(loop("n0", P, region(map_("n1", MapKind.MAP, region(leave()), P)))),
        "no loop around",
    ),
    "a map's turn doesn't return": (
        once(map_("n0", MapKind.MAP, region(back()), P)),
        "it returns from where nothing may leave",
    ),
    "a turn hands on what is carried": (
        once(loop("n0", P, region(again()), t=P)),
        "it hands on nothing instead of `t`",
    ),
    "a turn yields what is carried": (
        once(loop("n0", P, region(), t=P)),
        "it yields nothing instead of `t`",
    ),
    "a turn yields an element": (
        once(loop("n0", P, region(), collected=Collected.LIST)),
        "it yields no value",
    ),
    "a statement's turn yields none": (once(loop("n0", P, region(give(P)))), "it yields a value"),
    "a test yields a value": (
        once(loop("n0", None, region(), test=region())),
        "it yields no value",
    ),
    "a map yields a value": (once(map_("n0", MapKind.MAP, region(), P)), "it yields no value"),
    "exception types are a value": (
        once(try_("n0", region(), handler(region(), types=region()))),
        "it yields no value",
    ),
    "`stop` comes after a node": (once(STOP), "no node in it leaves"),
    "nothing comes after a branch that leaves": (
        once(branch("n0", P, region(back()), region(back())), task("n1")),
        "nothing goes on after it",
    ),
    "a region stops after a branch that leaves": (
        once(branch("n0", P, region(back()), region(back()))),
        "nothing goes on after it",
    ),
    "a region stops after a `finally` that leaves": (
        once(try_("n0", region(), final=region(back()))),
        "nothing goes on after it",
    ),
    "a helper exists": (once(call("n0", "h7")), "there is no helper h7"),
    "a helper has that parameter": (once(call("n0", "h0", y=P, c=P)), "has no parameter `y`"),
    "a helper has its captures": (once(call("n0", "h0", x=P)), "h0 captures `c`"),
    "a function has its captures": (once(function("n0", "h0")), "h0 captures `c`"),
    "a function's default is a parameter's": (
        once(function("n0", "h0", (("c", P),), (("z", P),))),
        "has no parameter `z`",
    ),
    "a cell exists": (once(task("n0", cell("d", "k"))), "there is no cell &d.k around"),
    "a cell is around": (
        graph(
            helpers=(
                helper("h0", region(back()), cells=("k",)),
                helper("h1", region(back(cell("h0", "k"))), function="other"),
            )
        ),
        "there is no cell &h0.k around",
    ),
    "a cell goes by its name": (
        graph(python("n0", a=cell("d", "k")), cells=("k",)),
        "it takes the cell `k` as `a`",
    ),
    "a cell is no output": (
        graph(python("n0", "k = 1", "k", k=cell("d", "k")), cells=("k",)),
        "the cell `k` is among its outputs",
    ),
    "inputs are names": (once(python("n0", **{"a b": ONE})), "`a b` is not a name"),
    "outputs differ": (once(python("n0", "v = 1", "v", "v")), "the name `v` stands twice"),
    "a dynamic node's outputs differ": (once(dynamic("n0", "v", "v")), "the name `v` stands twice"),
    "a source says something": (once(python("n0", " ")), "its source is empty"),
    "an expression leaves nothing": (
        once(dataclasses.replace(expression("n0", "1"), outputs=("v",))),
        "an expression leaves no variables behind",
    ),
    "an indent is white space": (
        once(dataclasses.replace(python("n0"), indent="x")),
        "its indent is not white space",
    ),
    "inputs have types": (once(task("n0", P, expects=())), "1 inputs have 0 types"),
    "overrides are names": (once(task("n0", overrides=(("a b", P),))), "`a b` is not a name"),
    "a dict is even": (once(pack("n0", PackKind.DICT, P)), "keys and values in turn"),
    "a dict unpacks nothing": (
        once(pack("n0", PackKind.DICT, P, P, unpacked=(0,))),
        "keys and values in turn",
    ),
    "unpacked are indices": (
        once(pack("n0", PackKind.LIST, P, unpacked=(1,))),
        "no indices of its elements",
    ),
    "unpacked are in order": (
        once(pack("n0", PackKind.LIST, P, P, unpacked=(1, 0))),
        "no indices of its elements",
    ),
    "a list returns no exceptions": (
        once(pack("n0", PackKind.LIST, exceptions=P)),
        "only a gather returns exceptions",
    ),
    "a list is made in place": (
        once(pack("n0", PackKind.LIST, start=DEFER)),
        "only a gather is deferred",
    ),
    "a branch by truth has two arms": (once(branch("n0", P, region())), "has 1 arms"),
    "a branch by index has arms": (once(branch("n0", P, choice=Choice.INDEX)), "has 0 arms"),
    "a `for` has an iterable": (
        once(loop("n0", None, region(), kind=LoopKind.FOR)),
        "has no iterable",
    ),
    "a `while` has a test": (once(loop("n0", None, region())), "has no test"),
    "carried variables are sorted": (
        once(dataclasses.replace(loop("n0", P, region(), a=P, b=P), carried=(("b", P), ("a", P)))),
        "its variables are not sorted",
    ),
    "a gather has one iterable": (
        once(map_("n0", MapKind.GATHER, region(give(P)), P, P)),
        "has 2 iterables",
    ),
    "a map has an iterable": (once(map_("n0", MapKind.MAP, region(give(P)))), "has 0 iterables"),
    "only a map is asynchronous": (
        once(map_("n0", MapKind.GATHER, region(give(P)), P, is_async=True)),
        "only `flyte.map` is asynchronous",
    ),
    "a map is in place": (
        once(map_("n0", MapKind.MAP, region(give(P)), P, start=DEFER)),
        "only a gather is deferred",
    ),
    "a map collects a list": (
        once(map_("n0", MapKind.MAP, region(give(P)), P, collected=Collected.SET)),
        "collects a list",
    ),
    "a map's options are known": (
        once(map_("n0", MapKind.GATHER, region(give(P)), P, options=(("concurrency", P),))),
        "has no option `concurrency`",
    ),
    "a gather's map gathers what is put off": (
        once(map_("n0", MapKind.GATHER, region(task("n1"), give(N1)), P)),
        "n1 is not put off",
    ),
    "a try handles something": (once(try_("n0", region())), "it handles nothing"),
    "`else` needs a handler": (
        once(try_("n0", region(), orelse=region(), final=region())),
        "an `else` without a handler",
    ),
    "a bare `except` is the last": (
        once(try_("n0", region(), handler(region()), handler(region()))),
        "a bare `except` is not the last",
    ),
    "no `except*` is bare": (
        once(try_("n0", region(), handler(region()), is_group=True)),
        "a bare `except*`",
    ),
    "otherwise is sorted": (
        once(dataclasses.replace(with_("n0", P, region(STOP)), otherwise=(("b", P), ("a", P)))),
        "its variables are not sorted",
    ),
}


@pytest.mark.parametrize(("faulty", "words"), FAULTS.values(), ids=FAULTS)
def test_a_broken_invariant_is_our_bug(faulty: TaskGraph, words: str) -> None:
    with pytest.raises(CompilerBug) as caught:
        verify(faulty)
    assert words in str(caught.value)


def test_a_fault_is_shown_with_its_neighbourhood() -> None:
    nodes = [task(f"n{index}") for index in range(1, 8)]
    nodes[3] = task("n4", P)
    with pytest.raises(CompilerBug) as caught:
        verify(graph(branch("n0", ONE, region(*nodes), region())))
    assert str(caught.value) == (
        "invalid graph of e.main at main.py:1:1: node n4: there is no parameter %p\n"
        "   n2 = task e.t() -> int\n"
        "   n3 = task e.t() -> int\n"
        "-> n4 = task e.t(x0=%p) -> int\n"
        "   n5 = task e.t() -> int\n"
        "   n6 = task e.t() -> int"
    )


def test_a_fault_at_an_end_shows_the_end_of_its_region() -> None:
    with pytest.raises(CompilerBug) as caught:
        verify(graph(task("n0"), task("n1"), task("n2"), give()))
    assert str(caught.value).splitlines()[1:] == [
        "   n1 = task e.t() -> int",
        "   n2 = task e.t() -> int",
        "-> yield",
    ]


def test_a_gather_may_take_what_is_no_call() -> None:
    verify(graph(gather("n0", ONE)))


@pytest.mark.parametrize(
    ("node", "words"),
    [
        (python("n0", "a ="), "its source doesn't parse"),
        (python("n0", "if a:\n        b\n  c"), "its source doesn't parse"),
        (python("n0", "return 1"), "`return` stands in its source"),
        (python("n0", "if a:\n        break"), "`break` stands in its source"),
        (python("n0", "continue"), "`continue` stands in its source"),
        (expression("n0", "(yield a)"), "`yield` stands in its source"),
        (expression("n0", "await a"), "its source awaits"),
    ],
)
def test_a_source_that_cannot_run_as_a_fragment_is_our_bug(node: object, words: str) -> None:
    with pytest.raises(CompilerBug) as caught:
        verify_sources(graph(node))  # type: ignore[arg-type]
    assert words in str(caught.value)


def test_what_leaves_a_function_or_a_loop_inside_a_fragment_is_its_own() -> None:
    verify_sources(
        graph(
            python("n0", "for a in b:\n        if a: break\n        continue"),
            python("n1", "def f():\n        return 1\n    g = lambda: (yield)"),
            expression("n2", "a +\nb"),
            expression("n3", "await a", is_async=True),
        )
    )
