"""Statements: runs of plain ones, assignments of results, and what stays a fragment."""

from __future__ import annotations

import pytest
from lowering import driver, lower, lower_all, nodes_of, run_graph, run_python

from flyte_compiler.ir.model import PythonNode


def test_plain_statements_between_calls_are_one_node() -> None:
    assert nodes_of(
        """
        a = await t(1)
        b = a * 2
        # a comment
        if b > 3:
            raise ValueError("large")
        return b
        """
    ) == (
        "n0 = task e.t(x=1) -> int\n"
        'n1 = python [a=n0] "b = a * 2\\n    # a comment\\n    if b > 3:\\n'
        '        raise ValueError(\\"large\\")" -> (b)\n'
        "return n1.b"
    )


def test_results_are_unpacked_where_the_number_is_known() -> None:
    assert nodes_of("a, b = await pair(1)\nreturn b") == (
        "n0 = task e.pair(x=1) -> tuple[int, str]\nreturn n0[1]"
    )


@pytest.mark.parametrize("target", ["a, b", "(a, *b)", "[a, (b, c)]", "a, b, c"])
def test_other_results_are_unpacked_by_python(target: str) -> None:
    call = "pair(1)" if target == "a, b, c" else "t(1)"
    assert f'[__c0=n0] "{target} = (__c0)" -> (a)' in nodes_of(f"{target} = await {call}\nreturn a")


def test_a_chain_of_targets_names_one_result() -> None:
    assert nodes_of("a = b = await t(1)\nreturn a + b") == (
        'n0 = task e.t(x=1) -> int\nn1 = python [a=n0, b=n0] "a + b"\nreturn n1'
    )


def test_values_of_a_tuple_are_bound_one_by_one() -> None:
    assert nodes_of("a, b = await t(1), n\nreturn b, a") == (
        "n0 = task e.t(x=1) -> int\nn1 = tuple [%n, n0] -> tuple[int, int]\nreturn n1"
    )


def test_an_annotated_target_is_a_target() -> None:
    assert nodes_of("a: int = await t(1)\nreturn a") == "n0 = task e.t(x=1) -> int\nreturn n0"


def test_a_call_inside_an_expression_leaves_a_hole_with_its_line_breaks() -> None:
    graph = lower("a = n + await t(\n    1,\n)\nreturn a")
    fragment = graph.body.nodes[1]
    assert isinstance(fragment, PythonNode)
    assert fragment.source == "a = n + (__c0\n\n)"
    assert fragment.indent == "    "


def test_what_follows_a_hole_belongs_to_the_same_node() -> None:
    assert nodes_of("a = await t(1) + 1\nb = a * 2\nreturn b") == (
        "n0 = task e.t(x=1) -> int\n"
        'n1 = python [__c0=n0] "a = (__c0) + 1\\n    b = a * 2" -> (b)\n'
        "return n1.b"
    )


def test_only_variables_that_are_read_later_are_outputs() -> None:
    assert nodes_of("a = 1\nb = a\nawait t(b)") == (
        'n0 = python [] "a = 1\\n    b = a" -> (b)\nn1 = task e.t(x=n0.b) -> int'
    )


def test_a_variable_that_may_stay_as_it_was_is_an_input_too() -> None:
    assert nodes_of("a = await t(1)\nif n:\n    a = 2\nreturn await t(a)") == (
        "n0 = task e.t(x=1) -> int\n"
        'n1 = python [a=n0, n=%n] "if n:\\n        a = 2" -> (a)\n'
        "n2 = task e.t(x=n1.a) -> int\n"
        "return n2"
    )


def test_a_variable_that_is_bound_on_some_paths_only_is_an_output() -> None:
    body = "if n:\n    a = 2\nawait t(1)\nreturn a"
    assert "-> (a)" in nodes_of(body)
    program = driver(body)
    (graph,) = lower_all(program)
    for argument in (0, 1):
        assert run_graph(graph, program, argument) == run_python(program, argument)


def test_a_loop_variable_of_another_loop_is_no_input() -> None:
    assert nodes_of("for i in [n]:\n    note(i)\nawait t(1)\nfor i in [2]:\n    note(i)").endswith(
        'n2 = python [] "for i in [2]:\\n        note(i)" -> ()'
    )


def test_a_place_in_an_object_is_read_before_the_call_and_changed_after_it() -> None:
    assert nodes_of("d = {}\nd[n] += await t(1)") == (
        'n0 = python [] "d = {}" -> (d)\n'
        'n1 = python [d=n0.d, n=%n] "d[n]"\n'
        "n2 = task e.t(x=1) -> int\n"
        'n3 = python [__c0=n1, __c1=n2, d=n0.d, n=%n] "(__c0) += (__c1); d[n] = __c0" -> ()'
    )


def test_a_walrus_binds_its_name_in_the_driver() -> None:
    assert nodes_of("note(a := await t(1))\nreturn a") == (
        'n0 = task e.t(x=1) -> int\nn1 = python [__c0=n0] "note((__c0))" -> ()\nreturn n0'
    )


def test_a_display_of_calls_is_a_pack() -> None:
    assert nodes_of("return [await t(1), s(2), n]") == (
        "n0 = task e.t(x=1) -> int\n"
        "n1 = task e.s(x=2) -> int\n"
        "n2 = list [n0, n1, %n] -> list[int]\n"
        "return n2"
    )


def test_docstrings_and_pass_are_no_nodes() -> None:
    assert nodes_of('"""Docs."""\npass\nx: int\nawait t(1)') == "n0 = task e.t(x=1) -> int"


def test_what_follows_a_return_is_left_out() -> None:
    assert nodes_of("return await t(1)\nawait t(2)") == "n0 = task e.t(x=1) -> int\nreturn n0"


def test_a_return_in_a_plain_if_is_an_early_exit() -> None:
    text = nodes_of("if n:\n    return 1\nreturn await t(2)")
    assert text.startswith('n0 = dynamic early-exit "a `return` inside an `if`"')
    assert "calls () returns" in text


@pytest.mark.parametrize(
    ("body", "reason", "message"),
    [
        ("while await t(1):\n    pass", "loop", "a loop that calls `t`"),
        ("if n:\n    await t(1)", "branch", "an `if` that calls `t`"),
        ("match n:\n    case 1:\n        await t(1)", "branch", "a `match` that calls `t`"),
        ("try:\n    await t(1)\nfinally:\n    s(2)", "try", "a `try` that calls `t` and `s`"),
        ("with flyte.group('x'):\n    await t(1)", "with", "a `with` that calls `t`"),
        ("def f():\n    return s(1)", "nested-function", "a nested function that calls `s`"),
        ("for r in flyte.map(s, [1]):\n    pass", "map", "a map over `s`"),
        ("assert n, await t(1)", "conditional-evaluation", "the message of an `assert` that"),
    ],
)
def test_statements_around_calls_say_why_they_stay(body: str, reason: str, message: str) -> None:
    assert nodes_of(body).startswith(f'n0 = dynamic {reason} "{message}')


def test_a_driver_that_yields_stays_whole() -> None:
    assert nodes_of("yield await t(n)").startswith('n0 = dynamic generator "a driver that yields"')


def test_a_function_over_a_variable_that_changes_later_stays() -> None:
    text = nodes_of("a = 1\nf = lambda: a\na = await t(2)\nreturn f()")
    assert 'dynamic nested-function "a nested function that shares `a`' in text


def test_a_function_that_is_used_up_in_place_is_plain() -> None:
    text = nodes_of("a = 1\nb = sum(a for _ in [1])\na = await t(b)\nreturn a")
    assert "dynamic" not in text


def test_a_name_that_nothing_bound_yet_is_no_global_of_the_same_name() -> None:
    assert nodes_of("note(a)\na = await t(1)").startswith(
        'n0 = dynamic unbound-name "a read of `a` before anything binds it"'
    )


def test_a_global_is_bound_in_the_module() -> None:
    body = "global total\ntotal = 1\nawait t(2)\ntotal = await t(3)\nreturn note(total)"
    assert "global total" in nodes_of(body)
    program = driver(body)
    (graph,) = lower_all(program)
    assert run_graph(graph, program) == run_python(program)


def test_names_of_our_own_keep_clear_of_the_users() -> None:
    assert '[__c_0=n0, __c0=%__c0] "a = (__c_0) + __c0"' in nodes_of(
        "a = await t(1) + __c0\nreturn a", "__c0: int = 1"
    )


def test_statements_on_one_line_are_taken_apart() -> None:
    assert nodes_of("a = await t(1); b = a + 1; note(b)\nc = b\nreturn c") == (
        "n0 = task e.t(x=1) -> int\n"
        'n1 = python [a=n0] "b = a + 1; note(b)" -> (b)\n'
        'n2 = python [b=n1.b] "c = b" -> (c)\n'
        "return n2.c"
    )


def test_awaiting_something_that_is_no_task_makes_a_fragment_async() -> None:
    text = nodes_of("await t(1)\nawait asyncio.sleep(0)\nreturn [x async for x in n]")
    assert 'n1 = python await [] "await asyncio.sleep(0)"' in text
    assert 'n2 = python await [n=%n] "[x async for x in n]"' in text


def test_an_async_function_inside_a_fragment_does_not_make_it_async() -> None:
    text = nodes_of("await t(1)\nasync def f():\n    await asyncio.sleep(0)")
    assert "python await" not in text
