"""Compiled ≡ dynamic: the same source, run from its plan and as Python, gives the same result or
the same error, and makes the same calls with the same inputs and outcomes.
"""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from flows import blocking_programs, flow_program, flow_programs
from found_programs import ASYNC, SYNC
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from strategies import Program, programs

from flyte._engine.failure import decode_error
from flyte._journal import open_store
from flyte._load import load_module, tasks_of
from flyte._run import RunOptions, start
from flyte_compiler.ir.walk import dynamic_nodes
from flyte_compiler.pipeline import compile_paths, plan_module
from flyte_plan.plan import encode_plan

_numbers = itertools.count()


def outcome_of(task: Any, arguments: dict[str, object], options: RunOptions) -> object:
    """What a run gives: its outputs, or its error."""
    try:
        return start(task, arguments, options).outputs()
    except Exception as error:
        return chain(error)


def chain(error: BaseException | None) -> object:
    """An error, with those that it came from or was raised beside."""
    if error is None:
        return None
    group = error.exceptions if isinstance(error, BaseExceptionGroup) else ()
    name, text = type(error).__name__, str(error)
    if isinstance(error, NameError):
        # To Python a comprehension's reads are those of a free variable; it depends on its version.
        name, text = "NameError", text.replace("free", "local").removesuffix(" in enclosing scope")
    return (
        name,
        text,
        chain(error.__cause__),
        chain(error.__context__) if not error.__suppress_context__ else None,
        [chain(each) for each in group],
    )


def ran(file: Path, env: str, arguments: dict[str, object], options: RunOptions) -> object:
    """All that can be seen of a run: its outcome, what it left in the module, its calls."""
    module = load_module(file)
    module.STATE = [0]
    outcome = outcome_of(tasks_of(module)[f"{env}.main"], arguments, options)
    assert options.name is not None
    return outcome, list(module.STATE), calls_of(file.parent / "store", options.name, env)


def calls_of(store: Path, run: str, env: str) -> Counter[object]:
    """The calls that a run made: task, inputs, outcome; the root's own inputs and outcome too.

    The members of a gather that go on when the run fails are cut short anywhere: of a failed run
    only that a call of the root's was made.
    """
    journal = open_store(store)
    actions = journal.actions(run)
    journal.close()
    (root,) = (action for action in actions if action.parent is None)
    if root.outcome is not None and root.outcome.kind == "value":
        return Counter((*_call(action, env), _shown(action.outcome)) for action in actions)
    return Counter(_call(action, env) for action in actions if action.parent in (None, root.id))


def _call(action: Any, env: str) -> tuple[object, ...]:
    return action.task.replace(env, "env"), action.kind, action.inputs


def _shown(outcome: Any) -> object:
    if outcome is None or outcome.kind == "value":
        return outcome
    error = decode_error(outcome.payload)  # its traceback's frames are the executor's own business
    return type(error).__name__, str(error), error.args


STAYS_DYNAMIC = (
    "a chain of comparisons",
    "the message of an `assert`",
    "an assignment to a computed place",
    "a comprehension of functions",
    "a `match`",  # whose guards call
)
"""What isn't compiled, by how its reason begins."""


def planned(file: Path) -> bytes:
    """The plan of a file, all of whose drivers must have compiled as far as they can."""
    compilation = compile_paths([file])
    (compiled,) = compilation.programs
    module = file.stem
    left = [
        node.message
        for graph in compiled.graphs
        for node in dynamic_nodes(graph)
        if not node.message.startswith(STAYS_DYNAMIC)
    ]
    assert not left, left
    tasks = [d for d in compiled.call_graph.definitions if d.is_task and d.module == module]
    return encode_plan(plan_module(compiled, module, tasks))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for all examples: a folder each would be thousands."""
    return tmp_path_factory.mktemp("programs")


# Python drops the coroutines of a gather whose later argument raises.
@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(program=programs, x=st.integers(-3, 6), y=st.integers(-3, 6))
def test_a_plan_runs_as_the_program_does(
    folder: Path, program: Program, x: int, y: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(folder, program, {"x": x, "y": y}, monkeypatch)


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(program=flow_programs, x=st.integers(-3, 6), y=st.integers(-3, 6))
def test_a_plan_with_regions_runs_as_the_program_does(
    folder: Path, program: Program, x: int, y: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(folder, program, {"x": x, "y": y}, monkeypatch)


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(program=blocking_programs, x=st.integers(-3, 6), y=st.integers(-3, 6))
def test_a_plan_of_a_synchronous_driver_runs_as_the_program_does(
    folder: Path, program: Program, x: int, y: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    check(folder, program, {"x": x, "y": y}, monkeypatch)


@pytest.mark.parametrize("found", [*ASYNC, *SYNC])
def test_a_plan_runs_as_a_program_that_once_was_another(
    folder: Path, found: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_async = found in ASYNC
    program = flow_program((ASYNC if is_async else SYNC)[found].strip(), is_async=is_async)
    for x in range(4):
        check(folder, program, {"x": x, "y": 2}, monkeypatch)


def check(
    folder: Path, program: Program, arguments: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run a program both ways."""
    number = next(_numbers)
    env = f"env{number}"
    source = program.source(env)
    file = folder / f"program{number}.py"
    file.write_text(source)
    (folder / f"second_{env}.py").write_text(program.second.format(env=env))
    monkeypatch.setenv("FLYTE_STORE", str(folder / "store"))
    try:
        compile(source, str(file), "exec")
    except SyntaxError:
        assume(False)
    plan = planned(file)
    dynamic = ran(file, env, arguments, RunOptions(name=f"dynamic{number}"))
    compiled = ran(
        file, env, arguments, RunOptions(name=f"compiled{number}", plan=plan, source=file)
    )
    assert dynamic == compiled
