"""Plans: what is in one, and that the same source gives the same bytes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lowering import driver

from flyte_compiler.callgraph.build import build_call_graph
from flyte_compiler.callgraph.program import load_program
from flyte_compiler.lower.task import is_driver, lower_task
from flyte_compiler.plan.build import build_plan
from flyte_compiler.plan.schema import plan_faults
from flyte_compiler.plan.text import print_plan
from flyte_plan.closure import Sources
from flyte_plan.plan import (
    BranchNode,
    LoopNode,
    Node,
    PackNode,
    Plan,
    PlannedOption,
    PythonNode,
    Region,
    TaskNode,
    TraceNode,
    decode_plan,
    encode_plan,
)

BODY = """\
a, b = await asyncio.gather(t(n), t(1, y=-1))
c = await traced(a)
d = f"{c}" + str(b)
for i in range(c):
    await act(i)
return d
"""


def plan_of(folder: Path, text: str, module: str = "main", **others: str) -> Plan:
    """The plan of a module of a program in a folder."""
    for name, content in {module: text, **others}.items():
        file = folder.joinpath(*name.split(".")).with_suffix(".py")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(content)
    (program,) = load_program([folder.joinpath(*module.split(".")).with_suffix(".py")]).programs
    graph = build_call_graph(program.modules)
    graphs = [lower_task(d, graph) for d in graph.definitions if is_driver(d, graph)]
    return build_plan(module, graphs, graph.definitions, Sources(roots=(program.root,)))


def test_a_plan_survives_its_encoding(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, driver(BODY))
    assert decode_plan(encode_plan(plan)) == plan


def test_the_same_source_gives_the_same_bytes_wherever_it_lies(tmp_path: Path) -> None:
    one = encode_plan(plan_of(tmp_path / "one", driver(BODY)))
    other = encode_plan(plan_of(tmp_path / "other", driver(BODY)))
    assert one == other
    assert str(tmp_path).encode() not in one


def nodes_of(region: Region) -> Iterator[Node]:
    for node in region.nodes:
        yield node
        if isinstance(node, LoopNode):
            yield from nodes_of(node.body)
        if isinstance(node, BranchNode):
            for arm in node.arms:
                yield from nodes_of(arm.body)


def test_a_plan_holds_what_the_driver_does(tmp_path: Path) -> None:
    (main,) = [task for task in plan_of(tmp_path, driver(BODY)).tasks if task.function == "main"]
    assert main.graph is not None
    kinds = {type(node) for node in nodes_of(main.graph.body)}
    assert kinds >= {TaskNode, PackNode, TraceNode, PythonNode}
    assert main.graph.actions == 4


def test_a_plan_is_valid_by_the_published_schema(tmp_path: Path) -> None:
    assert plan_faults(encode_plan(plan_of(tmp_path, driver(BODY)))) == ()


def test_the_options_of_a_task_are_as_written(tmp_path: Path) -> None:
    text = MAIN.replace("@env.task", "@other\n@env.task(cache='auto', retries=1 + 2)")
    plan = plan_of(tmp_path, text, shared=SHARED)
    assert plan.tasks[0].options == (
        PlannedOption(name="cache", text="'auto'"),
        PlannedOption(name="retries", text="1 + 2"),
    )


def test_leaves_are_in_the_plan_without_a_graph(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, driver(BODY))
    assert [(task.name, task.graph is None) for task in plan.tasks] == [
        ("e.t", True),
        ("e.s", True),
        ("e.pair", True),
        ("e.act", True),
        ("e.main", False),
    ]


def test_a_compiled_task_without_calls_is_a_leaf(tmp_path: Path) -> None:
    text = f"{SHARED.split('@', maxsplit=1)[0]}@env.compiled_task\ndef leaf(): return 1\n"
    (tmp_path / "main.py").write_text(text)
    (program,) = load_program([tmp_path / "main.py"]).programs
    graph = build_call_graph(program.modules)
    graphs = [lower_task(definition, graph) for definition in graph.definitions]
    plan = build_plan("main", graphs, graph.definitions, Sources(roots=(tmp_path,)))
    assert [(task.declared, task.graph) for task in plan.tasks] == [("compiled_task", None)]


SHARED = "import flyte\nenv = flyte.TaskEnvironment('s')\n\n@env.task\ndef used(): ...\n\n"
MAIN = (
    "import flyte\nfrom shared import used\nenv = flyte.TaskEnvironment('m')\n\n"
    "@env.task\ndef main(): return used()\n"
)


def test_tasks_of_other_modules_are_in_the_plan_where_they_are_reached(tmp_path: Path) -> None:
    shared = SHARED + "@env.task\ndef unused(): ...\n"
    plan = plan_of(tmp_path, MAIN, shared=shared)
    assert [task.name for task in plan.tasks] == ["m.main", "s.used"]


def test_a_changed_callee_changes_its_own_digest_alone(tmp_path: Path) -> None:
    before = plan_of(tmp_path / "a", MAIN, shared=SHARED)
    after = plan_of(tmp_path / "b", MAIN, shared=SHARED.replace("...", "return 1"))
    assert before.tasks[0].digest == after.tasks[0].digest
    assert before.tasks[1].digest != after.tasks[1].digest


def test_a_module_in_a_package_is_named_from_its_root(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "__init__.py").touch()
    plan = plan_of(tmp_path, driver(BODY), "a.b")
    assert (plan.module, plan.file) == ("a.b", "a/b.py")


def test_a_fragments_digest_follows_its_text_and_not_its_place(tmp_path: Path) -> None:
    def digests(body: str) -> list[str]:
        (main,) = [t for t in plan_of(tmp_path, driver(body)).tasks if t.function == "main"]
        assert main.graph is not None
        return [n.digest for n in nodes_of(main.graph.body) if isinstance(n, PythonNode)]

    (before,) = digests("a = await t(1)\nreturn a + 1")
    (moved,) = digests("# here\nawait t(2)\na = await t(1)\nreturn a + 1")
    (changed,) = digests("a = await t(1)\nreturn a + 2")
    assert before == moved
    assert before != changed


def test_a_task_inside_a_function_is_in_no_plan(tmp_path: Path) -> None:
    text = (
        driver("return n")
        + "\ndef make():\n    @env.task\n    def inner(): ...\n    return inner\n"
    )
    assert "inner" not in {
        task.function.rpartition(".")[2] for task in plan_of(tmp_path, text).tasks
    }


def test_the_text_of_a_plan_shows_tasks_and_nodes(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, MAIN, shared=SHARED)
    main, used = (task.digest[:12] for task in plan.tasks)
    assert print_plan(plan) == (
        "plan main (main.py, version 3)\n"
        "\n"
        "task m.main()\n"
        f"  from main:6, digest {main}\n"
        "  compiled, 1 actions, depth 1, width 1\n"
        "  longest path n0\n"
        "    n0 task s.used at 6:20\n"
        "\n"
        "task s.used()\n"
        f"  from shared:5, digest {used}\n"
    )
