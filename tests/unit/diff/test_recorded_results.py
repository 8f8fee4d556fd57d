"""Which recorded results stay valid, and the first cause against each other one."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flyte_compiler.diff.model import Cause, CauseKind, Difference

Compare = Callable[[str, str], Difference]

PROGRAM = """
def helper(n): return n

@env.task
async def load(n: int) -> int:
    return helper(n)

@env.task
async def save(n: int) -> None: ...

@env.task
async def inner(n: int) -> int:
    return await load(n)

@env.task
async def outer(n: int) -> int:
    return await inner(n)

@env.task
async def alone(n: int) -> None:
    await save(n)

@env.task
async def again(n: int) -> int:
    return await again(n - 1) if n else 0
"""


def causes(found: Difference) -> dict[str, Cause | None]:
    return {result.task.name.removeprefix("etl."): result.cause for result in found.results}


def test_a_driver_is_no_more_valid_than_what_it_reaches(compared: Compare) -> None:
    found = compared(PROGRAM, PROGRAM.replace("return helper(n)", "return helper(n) + 1"))
    assert causes(found) == {
        "load": Cause(kind=CauseKind.BODY),
        "save": None,
        "inner": Cause(kind=CauseKind.CALLEE, name="etl.load"),
        "outer": Cause(kind=CauseKind.CALLEE, name="etl.load", through=("etl.inner",)),
        "alone": None,
        "again": None,
    }
    assert [task.name for task in found.pinned] == ["etl.load"]


def test_a_driver_whose_callee_changed_is_no_changed_task(compared: Compare) -> None:
    found = compared(PROGRAM, PROGRAM.replace("return helper(n)", "return 1"))
    assert [each.task.name for each in found.changed] == ["etl.load"]


def test_a_changed_helper_is_the_cause(compared: Compare) -> None:
    found = causes(compared(PROGRAM, PROGRAM.replace("return n\n", "return -n\n")))
    assert found["load"] == Cause(kind=CauseKind.PART, name="main:helper")


def test_a_task_that_calls_itself_rests_on_itself(compared: Compare) -> None:
    found = causes(compared(PROGRAM, PROGRAM.replace("else 0", "else 1")))
    assert found["again"] == Cause(kind=CauseKind.BODY)


@pytest.mark.parametrize(
    ("option", "kind"),
    [("retries=3", None), ("cache='auto'", CauseKind.CACHE)],
)
def test_only_the_cache_option_is_a_cause(
    option: str, kind: CauseKind | None, compared: Compare
) -> None:
    new = PROGRAM.replace("@env.task\nasync def save", f"@env.task({option})\nasync def save")
    found = causes(compared(PROGRAM, new))
    assert found["save"] == (kind and Cause(kind=kind, name="cache"))
    assert found["alone"] is None


def test_results_are_recorded_under_a_name(compared: Compare) -> None:
    found = compared(PROGRAM, f'env = flyte.TaskEnvironment("elt")\n{PROGRAM}')
    assert {each.cause and each.cause.kind for each in found.results} == {CauseKind.NAME}
    assert not found.pinned


def test_a_callee_behind_a_table_may_come_and_go(compared: Compare) -> None:
    table = f"{PROGRAM}\nTABLE = {{'load': load}}\n"
    driver = "\n@env.task\nasync def main(k: str) -> int:\n    return await TABLE[k](1)\n"
    old, new = f"{table}{driver}", f"{table}{driver}".replace("load}", "load, 'inner': inner}")
    for found in (compared(old, new), compared(new, old)):
        assert causes(found)["main"] is not None
