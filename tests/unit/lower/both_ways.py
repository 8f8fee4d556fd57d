"""Runs a program as plain Python and from its plan, with the real executor, and compares."""

from __future__ import annotations

import contextlib
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from flyte._engine.failure import decode_error
from flyte._environment import forget_environments
from flyte._journal import open_store
from flyte._load import load_module, tasks_of
from flyte._run import RunOptions, start
from flyte_compiler.pipeline import compile_paths, plan_module
from flyte_plan.plan import encode_plan


class StaysDynamicError(Exception):
    """There is no plan to run a driver by; it holds the program."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What a run came to."""

    outcome: object
    """Its outputs, or its error's type and text."""
    calls: Counter[object]
    """Task, inputs and outcome of every action; of a failed run, without the outcomes of those
    that go on when it fails."""
    log: list[object]
    """What the program noted in its global `log`, if it has one."""


def run_both_ways(files: Mapping[str, str], folder: Path, **arguments: object) -> tuple[Ran, Ran]:
    """What the task `main` of `main.py` comes to as dynamic Python, and from its plan.


    Raises:
        StaysDynamicError: the plan has a driver that does.
    """
    for name, text in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    main, store = folder / "main.py", folder / "store"
    with _modules_of_its_own(folder), pytest.MonkeyPatch.context() as patch:
        patch.setenv("FLYTE_STORE", str(store))
        forget_environments()
        module = load_module(main)
        tasks = tasks_of(module)
        (task,) = (task for name, task in tasks.items() if name.endswith(".main"))
        dynamic = RunOptions(name="dynamic")
        compiled = RunOptions(name="compiled", plan=_plan(main), source=main)
        given = task.interface.bind((), arguments)
        log = getattr(module, "log", [])
        return _ran(task, given, dynamic, store, log), _ran(task, given, compiled, store, log)


def _ran(
    task: Any, arguments: dict[str, object], options: RunOptions, store: Path, log: list[object]
) -> Ran:
    log.clear()
    outcome = _outcome(task, arguments, options)
    return Ran(outcome=outcome, calls=_calls(store, options.name), log=list(log))


@contextlib.contextmanager
def _modules_of_its_own(folder: Path) -> Iterator[None]:
    """Forget afterwards what the program imported of itself: the next one's modules have the
    same names."""
    before, paths = set(sys.modules), list(sys.path)
    try:
        yield
    finally:
        sys.path[:] = paths
        for name, module in list(sys.modules.items()):
            file = getattr(module, "__file__", None)
            if name not in before and file is not None and folder in Path(file).parents:
                del sys.modules[name]


def _plan(file: Path) -> bytes:
    (compiled,) = compile_paths([file]).programs
    drivers = [d for d in compiled.call_graph.definitions if d.is_task and d.module == file.stem]
    plan = plan_module(compiled, file.stem, drivers)
    if not all(task.graph.compiled for task in plan.tasks if task.graph is not None):
        raise StaysDynamicError(file.read_text())
    return encode_plan(plan)


def _outcome(task: Any, arguments: dict[str, object], options: RunOptions) -> object:
    try:
        return start(task, arguments, options).outputs()
    except Exception as error:
        return type(error).__name__, str(error)


def _calls(store: Path, run: str | None) -> Counter[object]:
    assert run is not None
    journal = open_store(store)
    try:
        actions = journal.actions(run)
    finally:
        journal.close()
    (root,) = (action for action in actions if action.parent is None)
    if root.outcome is not None and root.outcome.kind == "value":
        return Counter(
            (action.task, action.kind, action.inputs, _shown(action.outcome)) for action in actions
        )
    return Counter(
        (action.task, action.kind, action.inputs)
        for action in actions
        if action.parent in (None, root.id)
    )


def _shown(outcome: Any) -> object:
    if outcome is None or outcome.kind == "value":
        return outcome
    error = decode_error(outcome.payload)  # its traceback's frames are the executor's own business
    return type(error).__name__, str(error)
