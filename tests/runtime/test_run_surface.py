"""Runs as programs make them, look at them, and run them again."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from program import Program

import flyte
import flyte.remote
from flyte._condition import answer, questions
from flyte._environment import _ENVIRONMENTS
from flyte._logs import read_logs
from flyte.models import ActionPhase

env = flyte.TaskEnvironment("surface")
other = flyte.TaskEnvironment("surface_other")


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    # A test of the command line forgets environments, as a new process would.
    for each in (env, other):
        monkeypatch.setitem(_ENVIRONMENTS, each.name, each)


@env.task
async def part(x: int) -> int:
    return x * 10


@env.task
async def main(n: int) -> list[int]:
    return list(await asyncio.gather(*[part(x) for x in range(n)]))


@env.task
def pair(x: int) -> tuple[int, str]:
    return x, str(x)


@env.task
async def broken(x: int) -> int:
    await part(x)
    raise KeyError("told to")


def test_a_run_has_its_name_phase_address_and_values() -> None:
    run = flyte.with_runcontext(name="named").run(main, 2)
    assert (run.name, run.phase, run.phase.is_terminal) == ("named", "succeeded", True)
    assert run.phase is ActionPhase.SUCCEEDED
    assert run.url.endswith("#named")
    assert run.outputs() == ([0, 10],)
    assert run.outputs().o0 == [0, 10]
    assert run.inputs() == {"n": 2}
    assert run.done() is True
    assert run.wait() is None
    assert run.raise_for_status() is None
    assert run.get_debug_url() is None


def test_every_method_has_a_twin_for_asynchronous_code() -> None:
    async def look() -> list[Any]:
        run = await flyte.with_runcontext(name="a").run.aio(main, 1)
        await run.wait.aio()
        again = await flyte.Run.get.aio("a")
        return [
            await run.outputs.aio(),
            await run.inputs.aio(),
            await run.done.aio(),
            (await run.details.aio()).task_name,
            (await again.sync.aio()).phase,
        ]

    assert asyncio.run(look()) == [([0],), {"n": 1}, True, "surface.main", "succeeded"]


def test_details_tell_of_each_action() -> None:
    run = flyte.run(main, 2)
    details = run.details()
    root, *children = details.actions
    assert (root.task_name, root.parent_name, root.outputs) == ("surface.main", None, [0, 10])
    assert [child.inputs for child in children] == [{"x": 0}, {"x": 1}]
    assert {child.parent_name for child in children} == {root.name}
    assert details.done()


def test_runs_are_got_by_name_and_listed() -> None:
    for name in ("one", "two"):
        flyte.with_runcontext(name=name).run(pair, 1)
    assert [run.name for run in flyte.Run.listall()] == ["two", "one"]
    assert [run.name for run in flyte.remote.Run.listall(task_name="surface.main")] == []
    assert flyte.Run.get("one").outputs() == (1, "1")
    with pytest.raises(flyte.errors.InitializationError, match="did you mean `one`"):
        flyte.Run.get("on")


def test_outputs_and_inputs_can_be_had_as_types() -> None:
    run = flyte.run(pair, 1)
    assert run.typed_outputs({"o0": int, "o1": str}) == {"o0": 1, "o1": "1"}
    assert run.typed_inputs({"x": float}, {float: float}) == {"x": 1.0}
    with pytest.raises(TypeError, match="`o0` is `int`, not `str`"):
        run.typed_outputs({"o0": str})


def test_a_name_is_one_run() -> None:
    nightly = flyte.with_runcontext(name="nightly")
    first = nightly.run(main, 3)
    again = nightly.run(main, 3)
    assert (again.outputs(), again.counts.executed) == (first.outputs(), 0)
    with pytest.raises(flyte.errors.InitializationError, match="with other inputs"):
        nightly.run(main, 4)
    with pytest.raises(flyte.errors.InitializationError, match=r"of task `surface\.main`"):
        nightly.run(pair, 3)


def test_a_failed_run_by_name_fails_again_and_executes_nothing() -> None:
    for executed in (2, 0):
        with pytest.raises(KeyError) as caught:
            flyte.with_runcontext(name="bad").run(broken, 1)
        run: flyte.Run[Any] = vars(caught.value)["run"]
        assert (run.phase, run.counts.executed) == ("failed", executed)
    with pytest.raises(KeyError):
        flyte.Run.get("bad").raise_for_status()


def test_an_interrupted_run_by_name_goes_on(program: Callable[[str], Program]) -> None:
    program_ = program(
        "import flyte\nenv = flyte.TaskEnvironment('p')\n"
        "@env.task\nasync def one(x: int) -> int:\n    effect(f'one {x}')\n    return x\n"
        "@env.task\nasync def main() -> int:\n"
        "    a = await one(1)\n    die('middle')\n    return a + await one(2)\n"
        "if __name__ == '__main__':\n"
        "    run = flyte.with_runcontext(name='nightly').run(main)\n"
        "    print(run.outputs().o0)\n"
    )
    assert program_.run("run", "--name", "nightly", "main.py", "main", die="middle").returncode < 0
    done = program_.run("run", "--name", "nightly", "main.py", "main")
    assert done.returncode == 0, done.stderr
    assert program_.effects() == {"one 1": 1, "one 2": 1}


def test_a_rerun_is_a_new_run_with_the_same_inputs() -> None:
    flyte.with_runcontext(name="source").run(main, 3)
    again = flyte.rerun("source")
    assert (again.outputs(), again.counts.executed) == (([0, 10, 20],), 4)
    changed = flyte.with_runcontext(name="changed").rerun("source", n=1)
    assert (changed.name, changed.outputs()) == ("changed", ([0],))


def test_a_recovery_reuses_what_succeeded() -> None:
    flyte.with_runcontext(name="source").run(main, 3)
    grown = flyte.rerun("source", recover=True, n=4)
    assert (grown.counts.cached, grown.counts.executed) == (3, 2)
    assert asyncio.run(flyte.rerun.aio("source", recover=True)).counts.executed == 0
    forced = flyte.rerun("source", recover=True, force_rerun_actions=["surface.part"])
    assert (forced.counts.cached, forced.counts.executed) == (0, 4)


def test_one_action_runs_again_as_a_run() -> None:
    run = flyte.with_runcontext(name="source").run(main, 3)
    last = run.details().actions[-1]
    assert flyte.rerun("source", action_name=last.name[:12]).outputs() == (20,)
    with pytest.raises(ValueError, match="for a whole run"):
        flyte.rerun("source", action_name=last.name, recover=True)
    with pytest.raises(flyte.errors.ActionNotFoundError):
        flyte.rerun("source", action_name="zzz")


@pytest.mark.parametrize(
    ("options", "error", "words"),
    [
        ({"mode": "remote"}, NotImplementedError, "mode='remote'"),
        ({"mode": "far"}, ValueError, "'local', 'remote', 'hybrid'"),
        ({"durability": "off"}, ValueError, "`durability`"),
        ({"executor": "gpu"}, ValueError, "`executor`"),
        ({"workers": 0}, ValueError, "`workers` is at least 1, not 0"),
        ({"max_action_concurrency": 1}, ValueError, "at least 2, not 1"),
        ({"name": "a/b"}, RuntimeError, "can't name a run"),
        ({"env_vars": {"A": 1}}, TypeError, "`env_vars` maps `str` to `str`"),
        ({"copy_style": "some"}, ValueError, "`copy_style`"),
        ({"queue": 3}, TypeError, "`queue`"),
        ({"overwrite_cache": "yes"}, TypeError, "`overwrite_cache`"),
        ({"nosuch": 1}, TypeError, "nosuch"),
    ],
)
def test_a_wrong_option_is_refused_where_it_is_said(
    options: dict[str, Any], error: type[Exception], words: str
) -> None:
    with pytest.raises(error, match=words):
        flyte.with_runcontext(**options)


@other.task(cache="auto")
def counted(x: int) -> float:
    return time.monotonic()


def test_the_cache_can_be_left_out_of_a_run() -> None:
    first = flyte.run(counted, 1).outputs()
    assert flyte.run(counted, 1).outputs() == first
    unread = flyte.with_runcontext(disable_run_cache=True).run(counted, 1).outputs()
    assert unread != first
    assert flyte.run(counted, 1).outputs() == first
    fresh = flyte.with_runcontext(overwrite_cache=True).run(counted, 1).outputs()
    assert fresh != first
    assert flyte.run(counted, 1).outputs() == fresh


@other.task
def words() -> dict[str, str]:
    return flyte.get_custom_context()


@other.task
async def words_below() -> list[dict[str, str]]:
    outer = await words.aio()
    with flyte.custom_context(step="two"):
        inner = await words.aio()
    return [outer, inner, await words.aio()]


def test_custom_context_reaches_the_tasks_that_are_called() -> None:
    run = flyte.with_runcontext(custom_context={"who": "me"}).run(words_below)
    assert run.outputs().o0 == [{"who": "me"}, {"who": "me", "step": "two"}, {"who": "me"}]
    assert flyte.get_custom_context() == {}


@other.task
async def two_answers() -> list[object]:
    approve = flyte.new_condition("approve", prompt="Ship it?")
    answers: list[object] = [await approve.wait.aio(), await approve.wait.aio()]
    return [*answers, await flyte.new_condition("how many", data_type=int).wait.aio()]


@other.task
def hurried() -> bool:
    return flyte.new_condition("approve", timeout=0.2).wait()


def test_conditions_wait_for_answers_and_are_not_asked_again() -> None:
    asked: list[str] = []

    def person(texts: list[str]) -> None:
        for text in texts:
            while not (new := [q for q in questions("ask") if q.action not in asked]):
                time.sleep(0.01)
            asked.append(new[0].action)
            answer("ask", new[0], text)

    thread = threading.Thread(target=person, args=(["yes", "no", "7"],))
    thread.start()
    run = flyte.with_runcontext(name="ask").run(two_answers)
    thread.join()
    assert run.outputs().o0 == [True, False, 7]
    assert flyte.with_runcontext(name="ask").run(two_answers).outputs().o0 == [True, False, 7]
    assert questions("ask") == []


def test_a_condition_that_nobody_answers_times_out() -> None:
    with pytest.raises(flyte.errors.ConditionTimedoutError, match="`approve`"):
        flyte.run(hurried)


def test_a_condition_is_checked_where_it_is_made() -> None:
    with pytest.raises(ValueError, match="`data_type`"):
        flyte.new_condition("x", data_type=list)  # type: ignore[type-var]  # what is refused
    with pytest.raises(ValueError, match="`timeout`"):
        flyte.new_condition("x", timeout=0)
    with pytest.raises(flyte.errors.NotInTaskContextError):
        flyte.new_condition("x").wait()


@other.task
def talks() -> str:
    print("to", end=" ")
    print("you")
    print("to nobody", file=sys.stderr)
    logging.getLogger("talks").error("loud %s", "and clear")
    print("no end", end="")
    return flyte.ctx().idempotency_key


def test_what_an_action_prints_is_kept_and_printed(
    store: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    run = flyte.with_runcontext(name="talk").run(talks)
    lines = read_logs(store / "runs" / "talk" / "logs", run.outputs().o0)
    assert [(line.stream, line.text) for line in lines] == [
        ("stdout", "to you"),
        ("stderr", "to nobody"),
        ("error", "loud and clear"),
        ("stdout", "no end"),
    ]
    printed = capsys.readouterr()
    assert printed.out == "to you\nno end"
    assert printed.err.startswith("to nobody\n")
    assert [line.text for line in run.get_logs()] == [line.text for line in lines]
    run.show_logs(max_lines=1, raw=True)
    assert capsys.readouterr().out == "no end\n"


def test_the_standard_streams_are_what_they_were_behind_a_run() -> None:
    before = (sys.stdout, sys.stderr, logging.Logger.callHandlers)
    flyte.run(talks)
    assert (sys.stdout, sys.stderr, logging.Logger.callHandlers) == before


@env.task(retries=1)
def saves(x: int) -> str:
    checkpoint = flyte.ctx().checkpoint
    assert checkpoint is not None
    found = checkpoint.load_sync()
    if found is None:
        checkpoint.save_sync(b"half done")
        raise RuntimeError("again")
    return f"{found.read_text()} {flyte.ctx().attempt_number}"


def test_a_checkpoint_is_there_for_the_next_attempt() -> None:
    assert flyte.run(saves, 1).outputs().o0 == "half done 1"


@flyte.trace
async def traced(x: int) -> str:
    return flyte.ctx().idempotency_key


@env.task
async def keys() -> list[str]:
    return [flyte.ctx().idempotency_key, await traced(1), await traced(1)]


def test_a_traced_call_has_a_key_of_its_own() -> None:
    run = flyte.run(keys)
    assert run.outputs().o0 == [action.name for action in run.details().actions]


def test_a_remote_task_is_found_in_this_process() -> None:
    ref = flyte.remote.Task.get("surface.part", auto_version="latest")
    assert flyte.run(ref, 2).outputs() == (20,)  # type: ignore[arg-type]  # as the stubs have it
    assert asyncio.run(ref(x=3)) == 30
    details = ref.fetch()
    assert (details.name, details.required_args) == ("surface.part", ("x",))
    assert "surface.part" in [
        task.name for task in flyte.remote.Task.listall(by_task_env="surface")
    ]
    with pytest.raises(flyte.errors.RemoteTaskNotFoundError, match=r"did you mean `surface\.part`"):
        asyncio.run(flyte.remote.Task.get("surface.prt", version="1")(x=3))
    with pytest.raises(ValueError, match="say which version"):
        flyte.remote.Task.get("surface.part")


def test_actions_are_got_from_the_store() -> None:
    flyte.with_runcontext(name="acts").run(main, 1)
    root, child = flyte.remote.Action.listall("acts")
    got = flyte.remote.Action.get(run_name="acts", name=child.name)
    assert (got.task_name, got.parent_name, got.phase) == ("surface.part", root.name, "succeeded")


def test_a_run_in_memory_says_that_it_keeps_nothing() -> None:
    run = flyte.with_runcontext(durability="memory").run(main, 1)
    assert run.url.startswith("memory:")
    with pytest.raises(flyte.errors.InitializationError, match="kept in memory"):
        run.details()
