"""Nodes and operands that no plain lowering makes, in plans made by hand."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from handmade_plans import (
    PLACE,
    X,
    awaits,
    const,
    enters,
    helper,
    loop,
    mapped,
    named,
    out,
    pack,
    python,
    region,
    returns,
    task,
)
from plain_lowering import NONE, graph_of, plan_of_tasks, planned_task
from region_programs import HEAD

from flyte._journal import open_store
from flyte._load import load_module, tasks_of
from flyte._run import RunOptions, start
from flyte_plan.plan import (
    ELEMENT,
    VALUE,
    Arm,
    BranchNode,
    BreakEnd,
    ContinueEnd,
    FunctionNode,
    HelperNode,
    LoopNode,
    NamedOperand,
    Region,
    TaskNode,
    TryNode,
    UnboundOperand,
    WithNode,
    YieldEnd,
)

DRIVERS = """
@env.task
async def add(a: int, b: int = 10) -> int:
    LOG.append(f"add {a} {b}")
    return a + b

@env.task
async def main(x: int) -> list:
    ...

@env.task
def sync_main(x: int) -> list:
    ...
"""


@dataclass
class Runner:
    """Runs a graph as the body of `main`, in a module of its own."""

    file: Path
    store: Path
    runs: int = 0

    def __call__(self, body: Region, *, x: int = 3, driver: str = "main", **graph: Any) -> Any:
        module = load_module(self.file)
        module.LOG.clear()
        self.runs += 1
        plan = plan_of_tasks(self.file, planned_task(self.file, driver, graph_of(body, **graph)))
        options = RunOptions(name=f"r{self.runs}", plan=plan, source=self.file)
        run = start(tasks_of(module)[f"main.{driver}"], {"x": x}, options)
        return run.outputs()[0]

    @property
    def log(self) -> list[str]:
        log: list[str] = load_module(self.file).LOG
        return log

    def slots(self) -> list[tuple[str, str | None]]:
        journal = open_store(self.store)
        actions = journal.actions(f"r{self.runs}")
        journal.close()
        return sorted((each.slot, each.group) for each in actions if each.parent is not None)


@pytest.fixture
def run_body(tmp_path: Path, store: Path) -> Runner:
    import sys

    sys.modules.pop("main", None)
    file = tmp_path / "main.py"
    file.write_text(HEAD + DRIVERS)
    return Runner(file, store)


def test_a_loop_carries_its_variables(run_body: Runner) -> None:
    body = region(
        task("n2", "inc", x=enters("n1", "total")),
        python("n3", "a + b", a=out("n2"), b=enters("n1")),
        end=YieldEnd(variables=named(total=out("n3"), last=enters("n1"))),
    )
    carried = named(last=UnboundOperand(name="last"), total=X)
    nodes = (
        python("n0", "range(3)"),
        loop("n1", out("n0"), body, carried=carried),
        pack("n4", "list", out("n1", "total"), out("n1", "last")),
    )
    assert run_body(returns(*nodes, value=out("n4"))) == [9, 2]
    assert run_body.slots() == [("n2[0]", None), ("n2[1]", None), ("n2[2]", None)]


def test_a_carried_variable_that_stays_unbound_raises_where_it_is_read(run_body: Runner) -> None:
    body = region(end=YieldEnd(variables=named(last=enters("n1"))))
    unbound = loop("n1", out("n0"), body, carried=named(last=UnboundOperand(name="last")))
    reading = task("n2", "inc", x=out("n1", "last"))
    with pytest.raises(UnboundLocalError, match="variable 'last' where it is not associated"):
        run_body(returns(python("n0", "[]"), unbound, reading, value=out("n2")))
    handed_on = python("n2", "bool([]) and last", last=out("n1", "last"))
    packed = pack("n3", "list", out("n2"))
    nodes = (python("n0", "[]"), unbound, handed_on, packed)
    assert run_body(returns(*nodes, value=out("n3"))) == [False]


@pytest.mark.parametrize(
    ("collected", "element", "value"),
    [("list", "x", [0, 2, 3]), ("set", "x % 3", {0, 2}), ("dict", "(x, -x)", {0: 0, 2: -2, 3: -3})],
)
def test_a_comprehension_collects(
    run_body: Runner, collected: str, element: str, value: object
) -> None:
    kept = region(python("n4", element, x=enters("n1")), end=YieldEnd(value=out("n4")))
    skipped = Region(nodes=(), end=ContinueEnd())
    body = region(
        python("n2", "x != 1", x=enters("n1")),
        BranchNode(
            id="n3", choice="truth", test=out("n2"), type=None, place=PLACE,
            arms=(Arm(label="", body=kept), Arm(label="", body=skipped)),
        ),
        end=out("n3", VALUE),
    )  # fmt: skip
    nodes = (
        python("n0", "range(4)"),
        loop("n1", out("n0"), body, collected=collected),
        pack("n5", "list", out("n1", VALUE)),
    )
    assert run_body(returns(*nodes, value=out("n5"))) == [value]


def test_a_while_loop_tests_with_what_its_test_changes(run_body: Runner) -> None:
    test = region(
        task("n2", "inc", x=enters("n1", "i")),
        python("n3", "i < 6", i=out("n2")),
        end=YieldEnd(variables=named(i=out("n2")), value=out("n3")),
    )
    body = region(end=YieldEnd(variables=named(i=enters("n1", "i"))))
    orelse = region(python("n5", "-i", i=enters("n1", "i")), end=YieldEnd(
        variables=named(i=out("n5"))))  # fmt: skip
    made = LoopNode(
        id="n1", kind="while", iterable=None, test=test, body=body, orelse=orelse,
        carried=named(i=X), collected="nothing", label="", type=None, place=PLACE,
    )  # fmt: skip
    result = pack("n6", "list", out("n1", "i"))
    assert run_body(returns(made, result, value=out("n6"))) == [-6]
    assert [slot for slot, _ in run_body.slots()] == ["n2[0]", "n2[1]", "n2[2]"]


def test_a_match_chooses_by_index(run_body: Runner) -> None:
    arms = tuple(
        Arm(label="", body=region(end=YieldEnd(variables=named(y=const(f"arm {n}")))))
        for n in range(3)
    )
    nodes = (
        python("n0", "x - 2", x=X),
        BranchNode(id="n1", choice="index", test=out("n0"), arms=arms, type=None, place=PLACE),
        pack("n2", "list", out("n1", "y")),
    )
    assert run_body(returns(*nodes, value=out("n2"))) == ["arm 1"]


def test_packs(run_body: Runner) -> None:
    nodes = (
        python("n0", "(1, 2)"),
        pack("n1", "tuple", const(0), out("n0"), unpacked=(1,)),
        pack("n2", "dict", const("k"), out("n0", 1)),
        pack("n3", "list", out("n1"), out("n2"), X, unpacked=(0,)),
    )
    assert run_body(returns(*nodes, value=out("n3"))) == [0, 1, 2, {"k": 2}, 3]


def test_a_gather_waits_for_deferred_calls(run_body: Runner) -> None:
    nodes = (
        task("n0", "inc", x=X, deferred=True),
        task("n1", "fail", x=X, deferred=True),
        task("n2", "twice", x=X, deferred=True),
        pack("n3", "gather", *map(out, ("n0", "n1", "n2")), return_exceptions=const(True)),
        python("n4", "[a, str(b), c]", a=out("n3", 0), b=out("n3", 1), c=out("n3", 2)),
    )
    assert run_body(returns(*nodes, value=out("n4"))) == [4, "no 3", 6]


def test_a_gather_may_be_awaited_later(run_body: Runner) -> None:
    nodes = (
        task("n0", "inc", x=X, deferred=True),
        pack("n1", "gather", out("n0"), deferred=True),
        awaits("n2", out("n1")),
    )
    assert run_body(returns(*nodes, value=out("n2"))) == [4]


def test_a_call_is_known_by_its_task_alone_or_by_value(run_body: Runner) -> None:
    nodes = (
        python("n0", "functools.partial(add, 5)"),
        task("n1", None, callee=out("n0"), b=X),
        python("n2", "add.override(short_name='other')"),
        task("n3", None, callee=out("n2"), _0=X),
        python("n4", "twice"),
        task("n5", None, callee=out("n4"), _0=X),
        python("n6", "lambda *xs, **kw: [*xs, kw]"),
        task("n7", None, callee=out("n6"), _0=X, k=X),
        python("n8", "add.aio"),
        task("n9", None, callee=out("n8"), _0=X, deferred=True),
        awaits("n10", out("n9")),
        task("n11", "add", a=X, overrides=named(short_name=const("named"))),
        python("n12", "[1, 2]"),
        TaskNode(
            id="n13", task="add", module="main", function="add", callee=None, overrides=(),
            inputs=(NamedOperand(name="*", value=out("n12")),), deferred=False, type=None,
            place=PLACE,
        ),
        pack("n14", "list", *map(out, ("n1", "n3", "n5", "n7", "n10", "n11", "n13"))),
    )  # fmt: skip
    assert run_body(returns(*nodes, value=out("n14"))) == [8, 13, 6, [3, {"k": 3}], 13, 13, 3]
    assert [slot for slot, _ in run_body.slots()] == sorted(["n1", "n3", "n5", "n9", "n11", "n13"])


def test_wrong_arguments_of_a_deferred_call_raise_where_it_stands(run_body: Runner) -> None:
    handled = TryNode(
        id="n0", body=region(task("n1", "add", deferred=True, _0=X, a=X)), handlers=(),
        orelse=None, final=region(python("n2", "LOG.append('finally')")), is_group=False,
        place=PLACE,
    )  # fmt: skip
    with pytest.raises(TypeError, match="argument `a` is given twice"):
        run_body(returns(handled, value=NONE))
    assert run_body.log == ["finally"]


def test_a_gather_over_a_comprehension(run_body: Runner) -> None:
    body = region(
        python("n2", "LOG.append(f'row {i}') or i", i=enters("n1")),
        task("n3", "inc", x=out("n2"), deferred=True),
        end=out("n3"),
    )
    gathered = mapped("n1", "gather", body, out("n0"))
    result = pack("n4", "list", out("n1"), unpacked=(0,))
    nodes = (python("n0", "range(3)"), gathered, result)
    assert run_body(returns(*nodes, value=out("n4"))) == [1, 2, 3]
    assert run_body.log == ["row 0", "row 1", "row 2", "inc 0", "inc 1", "inc 2"]
    assert [slot for slot, _ in run_body.slots()] == ["n3[0]", "n3[1]", "n3[2]"]


def test_a_map_of_statements_stops_at_its_first_error(run_body: Runner) -> None:
    body = region(
        python("n2", "[i, i / (i - 2)][0]", i=enters("n1")),
        task("n3", "inc", x=out("n2")),
        end=out("n3"),
    )
    stops = mapped("n1", "statements", body, out("n0"))
    with pytest.raises(ZeroDivisionError):
        run_body(returns(python("n0", "range(4)"), stops, value=out("n1")))
    assert run_body.log == ["inc 0", "inc 1"]
    assert run_body(returns(python("n0", "range(2)"), stops, value=out("n1"))) == [1, 2]


@pytest.mark.parametrize(("driver", "callee"), [("main", "twice"), ("sync_main", "inc")])
def test_flyte_map_is_lazy_and_ordered(run_body: Runner, driver: str, callee: str) -> None:
    body = region(task("n2", callee, x=enters("n1")), end=out("n2"))
    options = named(concurrency=const(2), group_name=const("rows"))
    nodes = (
        python("n0", "iter([3, 1, 2])"),
        mapped("n1", "map", body, out("n0"), options=options),
        python("n3", "[LOG.append('before'), *results][1:]", results=out("n1")),
    )
    value = [6, 2, 4] if callee == "twice" else [4, 2, 3]
    assert run_body(returns(*nodes, value=out("n3")), driver=driver) == value
    assert run_body.log[0] == "before"
    assert run_body.slots() == [(f"n2[{n}]", f"{callee}_rows") for n in range(3)]


def test_flyte_map_aio_gives_errors_in_their_place(run_body: Runner) -> None:
    body = region(task("n2", "add", a=enters("n1"), b=enters("n1", f"{ELEMENT}1")), end=out("n2"))
    nodes = (
        python("n0", "range(3)"),
        mapped("n1", "map", body, out("n0"), out("n0"), is_async=True),
        loop("n3", out("n1"), region(end=enters("n3")), kind="async for", collected="list"),
    )
    assert run_body(returns(*nodes, value=out("n3", VALUE))) == [0, 2, 4]


def test_what_flyte_map_runs_may_be_a_value(run_body: Runner) -> None:
    body = region(task("n2", None, callee=out("n4"), _0=enters("n1")), end=out("n2"))
    nodes = (
        python("n0", "range(3)"),
        python("n4", "functools.partial(add, b=1)"),
        mapped("n1", "map", body, out("n0"), is_async=True),
        loop("n3", out("n1"), region(end=enters("n3")), kind="async for", collected="list"),
    )
    assert run_body(returns(*nodes, value=out("n3", VALUE))) == [1, 2, 3]
    plain = (nodes[0], python("n4", "len"), *nodes[2:])
    with pytest.raises(TypeError, match="runs tasks, not builtin_function_or_method"):
        run_body(returns(*plain, value=out("n3", VALUE)))


def test_leaving_a_map_early_gives_up_the_rest(run_body: Runner) -> None:
    body = region(task("n2", "inc", x=enters("n1")), end=out("n2"))
    leaving = Region(nodes=(), end=BreakEnd())
    nodes = (
        python("n0", "range(40)"),
        mapped("n1", "map", body, out("n0"), options=named(concurrency=const(2))),
        loop("n3", out("n1"), leaving),
        python("n4", "[len(LOG) < 5]"),
    )
    assert run_body(returns(*nodes, value=out("n4")), driver="sync_main") == [True]


def test_a_with_that_swallows_gives_what_it_says(run_body: Runner) -> None:
    raising = region(python("n2", "1 / 0"), end=YieldEnd(variables=named(y=out("n2"), z=const(1))))
    made = WithNode(
        id="n1", manager=out("n0"), body=raising, is_async=False, group=None,
        otherwise=named(y=UnboundOperand(name="y"), z=X), label="", place=PLACE,
    )  # fmt: skip
    nodes = (
        python("n0", "Manager('m', swallow=True)"),
        made,
        python("n3", "[z, 'y' in locals()]", y=out("n1", "y"), z=out("n1", "z")),
    )
    assert run_body(returns(*nodes, value=out("n3"))) == [3, False]


def test_what_a_try_yields_enters_its_else(run_body: Runner) -> None:
    yields = YieldEnd(variables=named(y=out("n2")))
    made = TryNode(
        id="n1", body=region(task("n2", "inc", x=X), end=yields), handlers=(),
        orelse=region(
            python("n3", "y * 100", y=enters("n1", "y")),
            end=YieldEnd(variables=named(y=out("n3"))),
        ), final=region(python("n4", "LOG.append('finally')")), is_group=False, place=PLACE,
    )  # fmt: skip
    assert run_body(returns(made, pack("n5", "list", out("n1", "y")), value=out("n5"))) == [400]
    assert run_body.log == ["inc 3", "finally"]


def test_captured_variables_keep_their_values_of_the_moment(run_body: Runner) -> None:
    nested = helper(
        "main.<locals>.work",
        "(n)",
        returns(task("n5", "add", a=enters("h0", "n"), b=enters("h0", "k")), value=out("n5")),
    )
    calling = HelperNode(
        id="n2", helper="h0", inputs=named(n=const(1), k=const(50)), deferred=True, type=None,
        place=PLACE,
    )  # fmt: skip
    nodes = (
        FunctionNode(id="n1", helper="h0", captures=named(k=X), defaults=(), place=PLACE),
        calling,
        python("n3", "[f(1), c, f(2)]", f=out("n1"), c=out("n2")),
        pack("n4", "gather", out("n3", 0), out("n3", 1), out("n3", 2)),
    )
    assert run_body(returns(*nodes, value=out("n4")), helpers=(nested,)) == [4, 51, 5]
    slots = [slot for slot, _ in run_body.slots()]
    assert slots[-1] == "n2/n5"
    assert all(slot.startswith("n1/") for slot in slots[:-1])
    assert all("#" not in slot for slot in slots)
