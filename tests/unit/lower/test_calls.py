"""Calls: how arguments meet parameters, and what a call's node says of its callee."""

from __future__ import annotations

import textwrap

import pytest
from lowering import driver, lower, lower_all, nodes_of

from flyte_compiler.ir.leaves import TaskNode
from flyte_compiler.ir.values import Callee
from flyte_compiler.ir.walk import dynamic_nodes, nodes_in


def test_a_nested_call_comes_before_the_call_that_takes_it() -> None:
    assert nodes_of("return await t(await t(1), y=await traced(2))") == (
        "n0 = task e.t(x=1) -> int\n"
        "n1 = trace main.traced(x=2) -> int\n"
        "n2 = task e.t(x=n0, y=n1) -> int\n"
        "return n2"
    )


def test_a_sync_task_is_a_node_in_a_sync_driver_and_in_an_async_one() -> None:
    expected = "n0 = task e.s(x=%n) -> int\nreturn n0"
    assert nodes_of("return s(n)", kind="def") == expected
    assert nodes_of("return s(n)") == expected
    assert nodes_of("return await s.aio(n)") == expected


@pytest.mark.parametrize(
    ("call", "inputs"),
    [
        ("t(y=note(1), x=note(2))", ["y", "x"]),
        ("t(n, y=2)", ["x", "y"]),
        ("t(*[1, 2])", ["*"]),
        ("t(y=1, *[2])", ["*", "y"]),
        ("t(1, **{})", ["0", "**"]),
        ("t.override(retries=n + 1)(n * 2)", ["x"]),
    ],
)
def test_inputs_keep_the_order_in_which_the_call_evaluates_them(
    call: str, inputs: list[str]
) -> None:
    nodes = nodes_in(lower(f"return await {call}").body)
    (node,) = (node for node in nodes if isinstance(node, TaskNode))
    assert [name for name, _ in node.inputs] == inputs


def test_overrides_are_evaluated_before_arguments_and_the_last_one_holds() -> None:
    graph = lower("return await t.override(retries=note(1)).override(retries=note(2))(note(3))")
    *_, node = nodes_in(graph.body)
    assert isinstance(node, TaskNode)
    assert node.overrides[0][1].node == "n1"  # type: ignore[union-attr]  # of the second fragment
    assert [name for name, _ in node.overrides] == ["retries"]


@pytest.mark.parametrize(
    ("literal", "shown"),
    [
        ("None", "None"),
        ("-3", "-3"),
        ("1.5", "1.5"),
        ("'a' 'b'", "'ab'"),
        ("b'x'", "b'x'"),
        ("True", "True"),
        ("0x10", "16"),
    ],
)
def test_constants_are_literals(literal: str, shown: str) -> None:
    assert nodes_of(f"await t({literal})").startswith(f"n0 = task e.t(x={shown}) -> int")


def test_a_callee_shows_its_whole_signature() -> None:
    (graph,) = lower_all(
        "import flyte\nenv = flyte.TaskEnvironment('e')\n"
        "@env.task\ndef f(a: int, /, b, *, c: str = 'x', d=1) -> int: ...\n"
        "@env.task\ndef main(): return f(1, 2)\n"
    )
    (node,) = graph.body.nodes
    assert isinstance(node, TaskNode)
    assert node.callee == Callee(
        name="e.f",
        module="main",
        function="f",
        environment="e",
        signature="(a: int, /, b, *, c: str = 'x', d=1) -> int",
        is_async=False,
    )
    assert node.input_types == ("int", None)


@pytest.mark.parametrize(
    "call", ["t()", "t(1, 2, 3)", "t(1, x=2)", "t(1, z=2)", "t.override(3)(1)"]
)
def test_a_call_that_does_not_fit_stays_python(call: str) -> None:
    (node,) = dynamic_nodes(lower(f"await {call}"))
    assert node.message == "a call of `t` that does not fit its parameters"


def test_a_refused_statement_leaves_nothing_of_itself_behind() -> None:
    graph = lower(
        """
        if n:
            x = await t(await t(1), 2, 3)
        return await t(x)
        """
    )
    branch, *_ = graph.body.nodes
    ids = [node.id for node in nodes_in(graph.body)]
    assert ids == [f"n{number}" for number in range(len(ids))]
    assert [node.outputs for node in dynamic_nodes(graph)] == [("x",)]
    assert branch.id == "n0"


@pytest.mark.parametrize("form", ["s.forward(n)", "flyte.run(t, n)"])
def test_what_runs_no_action_of_this_driver_is_plain_python(form: str) -> None:
    assert f"`x = {form}`" in nodes_of(f"await act(1)\nx = {form}\nawait act(2)\nreturn x")


def test_forwarding_to_a_driver_is_a_helper_however_drivers_forward_to_each_other() -> None:
    program = (
        "import flyte\nenv = flyte.TaskEnvironment('e')\n"
        "@env.task\ndef leaf(): ...\n"
        "@env.task\ndef a(): return b.forward()\n"
        "@env.task\ndef b():\n    leaf()\n    return a.forward()\n"
    )
    one, other = lower_all(program)
    assert not dynamic_nodes(one)
    assert [helper.name for helper in one.helpers] == ["main.b", "main.a"]
    assert [helper.name for helper in other.helpers] == ["main.a", "main.b"]


def test_a_helper_is_lowered_once_however_often_it_is_called() -> None:
    helper = "async def helper(x):\n    return await t(x)\n"
    program = driver("return await helper(1) + await helper(await helper(2))")
    (graph,) = lower_all(
        program.replace("\n@env.task\nasync def main", f"\n{helper}\n\n@env.task\nasync def main")
    )
    assert [each.name for each in graph.helpers] == ["main.helper"]


def test_names_of_our_own_keep_clear_of_the_users() -> None:
    text = textwrap.dedent(nodes_of("__c0 = n\nreturn __c0 + await t(1)"))
    assert "(__c_0)" in text
