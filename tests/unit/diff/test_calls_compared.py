"""Edges between calls are compared by what they join, not by where they stand."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flyte_compiler.diff.model import (
    ArgumentChanged,
    BodyChanged,
    CallMoved,
    CallsChanged,
    Change,
    Difference,
    Origin,
    OriginKind,
    OutcomeChanged,
)

Compare = Callable[[str, str], Difference]

TASKS = """
@env.task
async def load(path: str) -> list[str]:
    return [path]

@env.task
async def clean(rows: list[str]) -> list[str]:
    return rows

@env.task
async def train(rows: list[str], rate: float = 0.1) -> float:
    return rate
"""


def call(name: str) -> Origin:
    return Origin(kind=OriginKind.CALL, name=f"etl.{name}")


def literal(text: str) -> Origin:
    return Origin(kind=OriginKind.LITERAL, name=text)


PATH = Origin(kind=OriginKind.PARAMETER, name="path")


def program(body: str, before: str = "") -> str:
    lines = "".join(f"    {line}\n" for line in body.strip().splitlines())
    return f"{TASKS}\n{before}\n@env.task\nasync def main(path: str) -> object:\n{lines}"


@pytest.fixture
def edges(compared: Compare) -> Callable[[str, str], list[Change]]:
    """What changed between two bodies, but for the body itself."""

    def edges_of(old: str, new: str, before: str = "") -> list[Change]:
        found = compared(program(old, before), program(new, before))
        (changed,) = found.changed
        return [each for each in changed.changes if not isinstance(each, BodyChanged)]

    return edges_of


Edges = Callable[..., list[Change]]

CHAIN = """
rows = await load(path)
rows = await clean(rows)
return await train(rows)
"""


@pytest.mark.parametrize(
    "other",
    [
        "print(path)\n" + CHAIN.strip(),
        "print(path)\nif path:\n    print(1)\n" + CHAIN.strip(),
        "return await train(await clean(await load(path)))",
        "rows = await load(path.strip())\ndone = await clean(list(rows))\nreturn await train(done)",
    ],
)
def test_statements_between_renumber_nodes_and_change_no_edge(other: str, edges: Edges) -> None:
    assert edges(CHAIN, other) == []


def test_an_argument_that_comes_from_elsewhere_is_told(edges: Edges) -> None:
    found = edges(CHAIN, CHAIN.replace("rows = await clean", "_ = await clean"))
    assert found == [
        ArgumentChanged(
            callee="etl.train", argument="rows", old=(call("clean"),), new=(call("load"),)
        )
    ]


def test_one_more_call_is_told_with_its_place(edges: Edges) -> None:
    new = CHAIN.replace("return", "for x in range(3):\n    await train(rows, x)\nreturn")
    assert edges(CHAIN, new) == [CallsChanged(callee="etl.train", old=1, new=2, within=("a loop",))]


def test_calls_that_come_and_go_are_told(edges: Edges) -> None:
    found = edges(CHAIN, "await load(path)\nreturn 1.0")
    assert CallsChanged(callee="etl.clean", old=1, new=0, within=()) in found
    assert CallsChanged(callee="etl.train", old=1, new=0, within=()) in found
    assert OutcomeChanged(old=(call("train"),), new=(literal("1.0"),)) in found


def test_calls_of_one_task_are_matched_by_what_they_take(edges: Edges) -> None:
    old = "a = await load(path)\nb = await clean(a)\nawait train(a)\nreturn await train(b)"
    new = "a = await load(path)\nb = await clean(a)\nx = await train(b)\nawait train(a)\nreturn x"
    assert edges(old, new) == []


def test_a_call_that_moves_into_a_branch_is_told(edges: Edges) -> None:
    old = "rows = await load(path)\nawait clean(rows)"
    new = "rows = await load(path)\nif path:\n    await clean(rows)"
    assert edges(old, new) == [CallMoved(callee="etl.clean", old=(), new=("a branch",))]
