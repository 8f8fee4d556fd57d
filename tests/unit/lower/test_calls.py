"""Calls: positions in which they are lowered, and how arguments meet parameters."""

from __future__ import annotations

import pytest
from lowering import driver, lower_all, nodes_of

from flyte_compiler.ir.model import Callee, TaskNode


def test_calls_follow_each_other_and_hand_their_results_on() -> None:
    assert nodes_of(
        """
        a = await t(1)
        b = await t(x=a, y=n)
        return b
        """
    ) == ("n0 = task e.t(x=1) -> int\nn1 = task e.t(x=n0, y=%n) -> int\nreturn n1")


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


def test_overrides_are_evaluated_before_arguments() -> None:
    assert nodes_of("return await t.override(retries=n + 1, cache='auto')(n * 2)") == (
        'n0 = python [n=%n] "n + 1"\n'
        'n1 = python [n=%n] "n * 2"\n'
        "n2 = task e.t.override(retries=n0, cache='auto')(x=n1) -> int\n"
        "return n2"
    )


def test_an_override_before_aio_is_found() -> None:
    assert nodes_of("return await s.override(retries=3).aio(n)") == (
        "n0 = task e.s.override(retries=3)(x=%n) -> int\nreturn n0"
    )


def test_a_call_that_is_there_for_its_effect_has_no_result() -> None:
    assert nodes_of("await act(1)\nawait t(2)") == (
        "n0 = task e.act(x=1) -> None\nn1 = task e.t(x=2) -> int"
    )


def test_inputs_keep_the_order_in_which_the_call_evaluates_them() -> None:
    assert nodes_of("await t(y=note(1), x=note(2))") == (
        'n0 = python [] "note(1)"\nn1 = python [] "note(2)"\nn2 = task e.t(y=n0, x=n1) -> int'
    )


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
    assert nodes_of(f"await t({literal})") == f"n0 = task e.t(x={shown}) -> int"


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
    "call",
    ["t()", "t(1, 2, 3)", "t(1, x=2)", "t(1, z=2)", "t(1, y=1, y=2)", "t.override(3)(1)"],
)
def test_a_call_that_does_not_fit_stays_python(call: str) -> None:
    if "y=1, y=2" in call:  # Python itself rejects it
        return
    assert nodes_of(f"await {call}").startswith(
        'n0 = dynamic unbindable-call "a call of `t` that does not fit its parameters"'
    )


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("await t(*[1, 2])", 'starred-arguments "a call of `t` with `*` or `**` arguments"'),
        ("await t(**{})", 'starred-arguments "a call of `t` with `*` or `**` arguments"'),
        ("t(1)", 'coroutine "a call of `t` that is not awaited in place"'),
        ("c = t(1)", 'coroutine "a call of `t` that is not awaited in place"'),
        ("asyncio.create_task(t(1))", 'coroutine "a call of `t` that is not awaited in place"'),
        ("await s(1)", 'coroutine "an `await` of `s`, which is not async"'),
        ("await (n and t(1))", 'conditional-evaluation "an `and` or `or` that calls `t`"'),
        ("x = lambda: t(1)", 'nested-function "a `lambda` that calls `t`"'),
        ("x = await t(1) if n else 2", 'conditional-evaluation "a conditional expression'),
        ("n < 1 < await t(1)", 'conditional-evaluation "a chain of comparisons that calls `t`"'),
        ("[await t(i) for i in [1]]", 'comprehension "a comprehension that calls `t`"'),
        ("x = flyte.map(s, [1])", 'map "a map over `s`"'),
    ],
)
def test_what_is_not_lowered_yet_says_why(body: str, reason: str) -> None:
    assert nodes_of(body).startswith(f"n0 = dynamic {reason}")


def test_the_rest_of_a_driver_is_lowered_around_what_is_not() -> None:
    assert nodes_of(
        """
        a = await t(1)
        for i in range(a):
            b = await t(i)
        return await t(b)
        """
    ) == (
        "n0 = task e.t(x=1) -> int\n"
        'n1 = dynamic loop "a loop that calls `t`" [a=n0] '
        '"for i in range(a):\\n        b = await t(i)" calls (e.t) -> (b)\n'
        'n2 = python [b=n1.b] "b"\n'
        "n3 = task e.t(x=n2) -> int\n"
        "return n3"
    )


def test_a_helper_that_calls_tasks_is_named_with_what_it_calls() -> None:
    program = driver("return await help_out(n)").replace(
        "\n@env.task\nasync def main",
        "\nasync def help_out(x): return await t(x)\n\n@env.task\nasync def main",
    )
    (graph,) = lower_all(program)
    (node,) = graph.dynamic_nodes
    assert node.message == "a call of `help_out`, which calls tasks or traces itself"
    assert [callee.name for callee in node.callees] == ["e.t"]


def test_a_refused_statement_leaves_nothing_of_itself_behind() -> None:
    text = nodes_of("x = [await t(1), await t(*[2])]\nreturn x")
    assert text.startswith("n0 = dynamic starred-arguments")
    assert text.endswith("return n0.x")


@pytest.mark.parametrize("form", ["t.forward(n)", "flyte.run(t, n)"])
def test_what_runs_no_action_of_this_driver_is_plain_python(form: str) -> None:
    assert f'"x = {form}"' in nodes_of(f"await act(1)\nx = {form}\nawait act(2)\nreturn x")


def test_forwarding_to_a_driver_is_a_helper_however_drivers_forward_to_each_other() -> None:
    program = (
        "import flyte\nenv = flyte.TaskEnvironment('e')\n"
        "@env.task\ndef leaf(): ...\n"
        "@env.task\ndef a(): return b.forward()\n"
        "@env.task\ndef b():\n    leaf()\n    return a.forward()\n"
    )
    one, other = lower_all(program)
    assert [node.reason.value for node in one.dynamic_nodes] == ["helper"]
    assert [node.reason.value for node in other.dynamic_nodes] == ["helper"]


def test_a_driver_inside_a_function_stays_whole() -> None:
    program = driver("return await t(n)") + (
        "\ndef make(k):\n    @env.task\n    async def inner():\n        return await t(k)\n"
    )
    inner = next(g for g in lower_all(program) if g.task.function != "main")
    (node,) = inner.body.nodes
    assert inner.dynamic_nodes == (node,)
    assert inner.dynamic_nodes[0].message == "a driver that is defined inside a function"
