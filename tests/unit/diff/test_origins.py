"""Where an argument of a call may come from, through all that stands between two calls."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from flyte_compiler.diff.model import Origin, OriginKind
from flyte_compiler.diff.origins import Flow
from flyte_compiler.diff.program import PlacedPlan
from flyte_compiler.diff.walk import all_nodes
from flyte_plan.plan import PlannedTask, TaskNode

Plans = Callable[[str], tuple[PlacedPlan, ...]]

TASKS = """
@env.task
async def load(path: str) -> list[str]:
    return [path]

@env.task
async def clean(rows: list[str]) -> list[str]:
    return rows

@env.task
async def train(rows: list[str]) -> float:
    return 1.0

async def passed(x):
    await clean(x)
    return x

"""


def driver(plans: Plans, body: str) -> PlannedTask:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    text = f"{TASKS}\n@env.task\nasync def main(path: str, n: int) -> object:\n{lines}"
    ((placed,), name) = plans(text), "etl.main"
    return next(task for task in placed.plan.tasks if task.name == name)


def trained_on(task: PlannedTask) -> set[str]:
    """What the driver's only training may come from."""
    assert task.graph is not None
    assert task.graph.compiled
    (node,) = (
        node
        for node in all_nodes(task.graph)
        if isinstance(node, TaskNode) and node.task == "etl.train"
    )
    return {origin.name for origin in Flow(task).of(node.inputs[0].value)}


@pytest.mark.parametrize(
    ("body", "origins"),
    [
        ("await train([])", set()),
        ("await train(path)", {"path"}),
        ("await train([r for r in await load(path) if r])", {"etl.load"}),
        ("await train(await load(path) if path else await clean([]))", {"etl.load", "etl.clean"}),
        ("a, b = await asyncio.gather(load(path), clean([]))\nawait train(b)", {"etl.clean"}),
        ("x = load(path)\ny = clean([])\nawait y\nawait train(await x)", {"etl.load"}),
        ("rs = []\nfor i in range(3):\n    rs.append(await load(path))\nawait train(rs)",
         {"etl.load"}),
        ("rs = []\nfor r in await load(path):\n    rs = await clean([r])\nawait train(rs)",
         {"etl.clean"}),
        ("try:\n    r = await load(path)\nexcept ValueError:\n    r = await clean([])\n"
         "await train(r)", {"etl.load", "etl.clean"}),
        ("def inner(p):\n    return clean(p)\nawait train(await inner(await load(path)))",
         {"etl.clean"}),
        ("with flyte.group('g'):\n    r = await load(path)\nawait train(r)", {"etl.load"}),
        ("r = await asyncio.gather(*[load(str(i)) for i in range(3)])\nawait train(r[0])",
         {"etl.load"}),
        ("r = await load(path)\nx = {'rows': []}\nx['rows'].extend(r)\nawait train(x['rows'])",
         {"etl.load"}),
        ("r = [x async for x in flyte.map.aio(load, [path])]\nawait train(r)", {"etl.load"}),
        ("await train(await passed(await load(path)))", {"etl.load"}),
    ],
)  # fmt: skip
def test_values_are_followed(body: str, origins: set[str], plans: Plans) -> None:
    assert trained_on(driver(plans, body)) == origins


def test_a_parameter_that_a_loop_rebinds_may_be_both(plans: Plans) -> None:
    body = "rows = path\nfor _ in range(n):\n    rows = await clean(rows)\nawait train(rows)"
    assert trained_on(driver(plans, body)) == {"path", "etl.clean"}


def test_a_loop_left_early_hands_on_what_it_had(plans: Plans) -> None:
    body = (
        "rows = []\nwhile n:\n    rows = await load(path)\n    if n > 3:\n"
        "        rows = await clean([])\n        break\n    n -= 1\nawait train(rows)"
    )
    assert trained_on(driver(plans, body)) == {"etl.load", "etl.clean"}


def test_a_variable_of_a_nested_function_comes_from_whoever_binds_it(plans: Plans) -> None:
    body = (
        "rows = []\nasync def more():\n    nonlocal rows\n    rows = await load(path)\n"
        "await more()\nawait train(rows)"
    )
    assert trained_on(driver(plans, body)) == {"etl.load"}


def test_a_helper_that_calls_itself_ends(plans: Plans) -> None:
    body = (
        "async def again(k, rows):\n    if not k:\n        return rows\n"
        "    return await again(k - 1, await clean(rows))\n"
        "await train(await again(n, await load(path)))"
    )
    assert trained_on(driver(plans, body)) == {"etl.load", "etl.clean"}


def test_literals_are_told_as_source_has_them(plans: Plans) -> None:
    task = driver(plans, "await train('a b')")
    assert task.graph is not None
    (node,) = task.graph.body.nodes
    assert isinstance(node, TaskNode)
    (origin,) = Flow(task).of(node.inputs[0].value)
    assert origin == Origin(kind=OriginKind.LITERAL, name="'a b'")
