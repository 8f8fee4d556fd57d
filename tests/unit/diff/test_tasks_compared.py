"""Each kind of change of a task is told, and nothing else is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flyte_compiler.diff.compare import compare
from flyte_compiler.diff.model import (
    BodyChanged,
    Change,
    Difference,
    ExecutionChanged,
    OptionChanged,
    ParameterChanged,
    ParametersReordered,
    PartChanged,
    Presence,
    ResultChanged,
    TaskName,
    Trait,
    TraitChanged,
)

Compare = Callable[[str, str], Difference]

LEAF = """
@env.task
def act(n: int = 1) -> int:
    total = n + 1
    return total
"""
DRIVER = f"""{LEAF}
def helper(n):
    return n

@env.task
async def main(n: int) -> int:
    return await act.aio(helper(n))
"""


def changes_of(found: Difference, name: str = "etl.act") -> tuple[Change, ...]:
    (changed,) = (each for each in found.changed if each.task.name == name)
    return changed.changes


def test_a_program_is_like_itself(compared: Compare) -> None:
    found = compared(DRIVER, DRIVER)
    assert found.is_empty
    assert [result.cause for result in found.results] == [None, None]


@pytest.mark.parametrize(
    "other",
    [
        DRIVER.replace("total = n + 1", "# one more\n    total = (n  +  1)  # that"),
        DRIVER.replace("return total", "\n\n    return total"),
        DRIVER.replace("-> int:\n    total", '-> int:\n    """Add one."""\n    total'),
        f"\n\n\nimport os\n\n{DRIVER}",
        DRIVER.replace("(n: int = 1)", "(\n    n: int = 1,\n)"),
    ],
)
def test_comments_layout_and_what_is_not_reached_are_no_difference(
    other: str, compared: Compare
) -> None:
    assert compared(DRIVER, other).is_empty


def test_options_in_another_layout_are_no_difference(compared: Compare) -> None:
    old = "@env.task(retries=2, cache='auto')\ndef act() -> None: ...\n"
    new = '@env.task(\n    cache="auto",  # kept\n    retries=(2),\n)\ndef act() -> None: ...\n'
    assert compared(old, new).is_empty


def test_a_renamed_local_variable_changes_the_body_only(compared: Compare) -> None:
    found = compared(DRIVER, DRIVER.replace("total", "sum_"))
    assert [each.task.name for each in found.changed] == ["etl.act"]
    assert changes_of(found) == (BodyChanged(),)


def test_a_renamed_local_variable_of_a_driver_changes_no_edge(compared: Compare) -> None:
    old = f"{LEAF}\n@env.task\ndef main() -> int:\n    a = act(1)\n    return act(a)\n"
    found = compared(old, old.replace("a = act", "b = act").replace("act(a)", "act(b)"))
    assert changes_of(found, "etl.main") == (BodyChanged(),)


def test_tasks_come_and_go(compared: Compare) -> None:
    found = compared(LEAF, LEAF.replace("def act", "def other"))
    assert found.added == (TaskName(name="etl.other", module="main"),)
    assert found.removed == (TaskName(name="etl.act", module="main"),)
    assert not found.changed
    assert not found.results


def test_a_task_of_a_renamed_environment_is_the_same_task(compared: Compare) -> None:
    environment = 'env = flyte.TaskEnvironment("elt")\n'
    found = compared(DRIVER, f"{environment}{DRIVER}")
    assert not found.added
    assert not found.removed
    assert TraitChanged(trait=Trait.NAME, old="etl.act", new="elt.act") in changes_of(
        found, "elt.act"
    )
    assert not any(each.__class__.__name__ == "CallsChanged" for each in found.changed[1].changes)


def test_parameters_and_result_are_told_apart(compared: Compare) -> None:
    found = compared(
        LEAF, LEAF.replace("(n: int = 1) -> int", "(n: float, *, x: int = 3) -> float")
    )
    assert changes_of(found) == (
        ParameterChanged(name="n", old="n: int = 1", new="n: float"),
        ParameterChanged(name="x", old=None, new="x: int = 3 (keyword-only)"),
        ResultChanged(old="int", new="float"),
        BodyChanged(),
    )


def test_parameters_in_another_order_are_told(compared: Compare) -> None:
    old = "@env.task\ndef act(a: int, b: int) -> None: ...\n"
    found = compared(old, old.replace("a: int, b: int", "b: int, a: int"))
    assert ParametersReordered(old=("a", "b"), new=("b", "a")) in changes_of(found)


def test_options_that_change_leave_the_version(compared: Compare) -> None:
    old = LEAF.replace("@env.task", "@env.task(retries=2, timeout=3)")
    new = LEAF.replace("@env.task", "@env.task(retries=3, short_name='a')")
    found = compared(old, new)
    assert changes_of(found) == (
        OptionChanged(name="retries", old="2", new="3"),
        OptionChanged(name="short_name", old=None, new="'a'"),
        OptionChanged(name="timeout", old="3", new=None),
    )
    assert found.results[0].cause is None
    assert not found.pinned


def test_a_helper_that_is_reached_is_named(compared: Compare) -> None:
    old = DRIVER.replace("def helper(n):", "K = 1\n\ndef helper(n):\n    n += K")
    found = compared(old, old.replace("K = 1", "K = 2").replace("return n\n", "return -n\n"))
    assert changes_of(found, "etl.main") == (
        PartChanged(part="main:K", presence=Presence.CHANGED),
        PartChanged(part="main:helper", presence=Presence.CHANGED),
    )


def test_a_helper_that_comes_or_goes_is_named(compared: Compare) -> None:
    with_helper = LEAF.replace("n + 1", "more(n)") + "def more(n): return n\n"
    added, removed = compared(LEAF, with_helper), compared(with_helper, LEAF)
    assert PartChanged(part="main:more", presence=Presence.ADDED) in changes_of(added)
    assert PartChanged(part="main:more", presence=Presence.REMOVED) in changes_of(removed)


def test_kind_declaration_and_calling_are_told(compared: Compare) -> None:
    new = DRIVER.replace(
        "@env.task\ndef act(n: int = 1) -> int:",
        "@env.compiled_task\nasync def act(n: int = 1) -> int:\n    n = await leaf()",
    ).replace("act.aio", "act")
    found = compared(DRIVER, f"{new}\n@env.task\nasync def leaf() -> int:\n    return 1\n")
    assert changes_of(found)[:3] == (
        TraitChanged(trait=Trait.DECLARED, old="task", new="compiled_task"),
        TraitChanged(trait=Trait.KIND, old="leaf", new="driver"),
        TraitChanged(trait=Trait.CALLING, old="sync", new="async"),
    )


def test_a_driver_that_gets_dynamic_says_why(compared: Compare) -> None:
    old = f"{LEAF}\n@env.task\ndef main(ns: list[int]) -> int:\n    act(1)\n    return 1\n"
    new = old.replace("    act(1)\n", "    locals()\n    act(1)\n")
    found = changes_of(compared(old, new), "etl.main")
    (execution,) = (each for each in found if isinstance(each, ExecutionChanged))
    assert (execution.old, execution.new) == ("compiled", "dynamic")
    assert execution.reasons[0].code.startswith("FC6")
    back = changes_of(compared(new, old), "etl.main")
    assert ExecutionChanged(old="dynamic", new="compiled", reasons=()) in back


def test_the_order_of_plans_does_not_matter(plans: Callable[[str], tuple]) -> None:
    first, second = plans(DRIVER), plans(LEAF.replace("act", "other"))
    assert compare([*first, *second], [*second, *first]).is_empty
