"""Compiled ≡ dynamic: the same source, run from its plan and as Python, gives the same result or
the same error, and makes the same calls with the same inputs and outcomes.
"""

from __future__ import annotations

import itertools
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from flows import flow_programs
from strategies import Program, programs

from flyte._engine.failure import decode_error
from flyte._journal import open_store
from flyte._load import load_module, tasks_of
from flyte._run import RunOptions, start
from flyte_compiler.pipeline import compile_paths, plan_module
from flyte_plan.plan import encode_plan

_numbers = itertools.count()


def outcome_of(task: Any, arguments: dict[str, object], options: RunOptions) -> object:
    """What a run gives: its outputs, or its error."""
    try:
        return start(task, arguments, options).outputs()
    except Exception as error:
        return type(error).__name__, str(error)


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


def planned(file: Path) -> bytes:
    """The plan of a file, all of whose drivers must have compiled."""
    compilation = compile_paths([file])
    (compiled,) = compilation.programs
    module = file.stem
    tasks = [d for d in compiled.call_graph.definitions if d.is_task and d.module == module]
    plan = plan_module(compiled, module, tasks)
    assert all(task.graph.compiled for task in plan.tasks if task.graph is not None), plan
    return encode_plan(plan)


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


def check(
    folder: Path, program: Program, arguments: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Run a program both ways."""
    number = next(_numbers)
    env = f"env{number}"
    file = folder / f"program{number}.py"
    file.write_text(program.source(env))
    store = folder / "store"
    monkeypatch.setenv("FLYTE_STORE", str(store))
    try:
        compile(program.source(env), str(file), "exec")
    except SyntaxError:
        assume(False)
    task = tasks_of(load_module(file))[f"{env}.main"]
    dynamic = RunOptions(name=f"dynamic{number}")
    compiled = RunOptions(name=f"compiled{number}", plan=planned(file), source=file)
    assert outcome_of(task, arguments, dynamic) == outcome_of(task, arguments, compiled)
    assert dynamic.name is not None
    assert compiled.name is not None
    assert calls_of(store, dynamic.name, env) == calls_of(store, compiled.name, env)
