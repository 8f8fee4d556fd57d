"""Plans with regions mean what their Python means: each program runs both ways."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from async_programs import STRANDS
from flow_programs import FLOW
from function_programs import FUNCTIONS
from plain_lowering import plan_of_file
from region_programs import HEAD

from flyte._journal import open_store
from flyte._load import load_module, tasks_of
from flyte._run import RunOptions, start

PROGRAMS = {**FLOW, **FUNCTIONS, **STRANDS}

_numbers = itertools.count()

Ran = tuple[object, list[object], Counter[object]]


def run(file: Path, store: Path, x: int, plan: bytes | None) -> Ran:
    """The result or error of `main(x)`, its log, and the calls that it made."""
    module = load_module(file)
    log: list[object] = module.LOG
    log.clear()
    name = f"r{next(_numbers)}"
    options = RunOptions(name=name, plan=plan, source=file)
    task = tasks_of(module)[f"{file.stem}.main"]
    outcome: object
    try:
        outcome = start(task, {"x": x}, options).outputs()
    except Exception as error:
        outcome = [f"{type(each).__name__}: {each}" for each in causes(error)]
    journal = open_store(store)
    actions = journal.actions(name)
    journal.close()
    calls: Counter[object] = Counter(
        (each.task, each.kind, each.inputs, each.group) for each in actions
    )
    return outcome, list(log), calls


def causes(error: BaseException | None) -> list[BaseException]:
    """An error and what it came from."""
    found = []
    while error is not None:
        found.append(error)
        error = error.__cause__
    return found


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Path]:
    """A module of its own name."""

    def write(source: str) -> Path:
        file = tmp_path / f"regions{next(_numbers)}.py"
        file.write_text(HEAD + source)
        return file

    return write


@pytest.mark.filterwarnings("ignore:coroutine .* was never awaited:RuntimeWarning")
@pytest.mark.parametrize("x", [0, 1, 2])
@pytest.mark.parametrize("name", PROGRAMS)
def test_a_plan_runs_as_its_python(
    name: str, x: int, written: Callable[[str], Path], store: Path
) -> None:
    file = written(PROGRAMS[name])
    drivers = ("main", "inner", "plain") if "def plain" in PROGRAMS[name] else ("main",)
    plan = plan_of_file(file, drivers)
    assert run(file, store, x, plan) == run(file, store, x, None)
