"""What the upstream SDK gets wrong in traces, caches, declarations and on the command line.

A test a defect; runs, calls, maps and times are in `test_upstream_defects.py`.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from program import Program

import flyte
import flyte.remote
from flyte._environment import _ENVIRONMENTS
from flyte._recorded import opened_store

env = flyte.TaskEnvironment("kept")
cached = flyte.TaskEnvironment("kept_cached", cache="auto")
Write = Callable[[str], Program]

_seen: list[object] = []


class MyError(Exception):
    pass


@pytest.fixture(autouse=True)
def _nothing_seen() -> None:
    _seen.clear()


@pytest.fixture(autouse=True)
def _known(monkeypatch: pytest.MonkeyPatch) -> None:
    # A test of the command line forgets environments, as a new process would.
    for each in (env, cached):
        monkeypatch.setitem(_ENVIRONMENTS, each.name, each)


@env.task
async def add(x: int, y: int = 10) -> int:
    return x + y


@env.task
def add_blocking(x: int) -> int:
    return x + 1


# Traces --------------------------------------------------------------------------------------


def test_a_trace_that_gave_none_is_replayed(program: Write) -> None:
    made = program(
        "import flyte\nenv = flyte.TaskEnvironment('p')\n"
        "@flyte.trace\nasync def mail() -> None:\n    effect('mail')\n"
        "@env.task\nasync def main() -> int:\n    await mail()\n    die('here')\n    return 1\n"
    )
    made.run("run", "--name", "r", "main.py", "main", die="here")
    assert made.run("resume", "r").returncode == 0
    assert made.effects() == {"mail": 1}


def test_a_traced_generator_is_replayed_and_not_run_again(program: Write) -> None:
    """Upstream gives the recorded items, and then those of a second execution."""
    made = program(
        "import flyte\nenv = flyte.TaskEnvironment('p')\n"
        "@flyte.trace\nasync def items():\n"
        "    for x in range(2):\n        effect(f'item {x}')\n        yield x\n"
        "@env.task\nasync def main() -> list[int]:\n"
        "    got = [x async for x in items()]\n    die('here')\n    return got\n"
    )
    made.run("run", "--name", "r", "main.py", "main", die="here")
    done = made.run("resume", "r")
    assert "[0, 1]" in done.stdout
    assert made.effects() == {"item 0": 1, "item 1": 1}


@flyte.trace
def traced_blocking(x: int) -> int:
    return x + 1


@env.task
async def calls_a_blocking_trace() -> int:
    return traced_blocking(1)


def test_a_synchronous_trace_in_an_asynchronous_task_does_not_deadlock() -> None:
    assert flyte.run(calls_a_blocking_trace).outputs() == (2,)


@flyte.trace
async def traced_task() -> int:
    return await add(1)


@env.task
async def calls_a_task_in_a_trace() -> int:
    return await traced_task()


def test_a_task_inside_a_trace_is_refused_by_name() -> None:
    with pytest.raises(flyte.errors.TraceDoesNotAllowNestedTasksError, match=r"`kept\.add`"):
        flyte.run(calls_a_task_in_a_trace)


# The cache -----------------------------------------------------------------------------------


@cached.task
def shape(values: list[list[int]]) -> list[list[int]]:
    _seen.append(values)
    return values


def test_nested_lists_of_other_shape_are_other_inputs() -> None:
    shapes = [[[1], [2]], [[1, 2]], [[1, 2], []]]
    assert [flyte.run(shape, each).outputs().o0 for each in shapes] == shapes
    assert len(_seen) == 3


CACHED_PROGRAM = (
    "import flyte\nenv = flyte.TaskEnvironment('p')\nK = 1\n"
    "def helper(x):\n    return x + 1\n"
    "@env.task(cache='auto')\nasync def main(x: int) -> int:\n"
    "    effect('main')\n    return helper(x) * K\n"
)


@pytest.mark.parametrize(
    ("old", "new"), [("x + 1", "x + 100"), ("K = 1", "K = 50")], ids=["helper", "constant"]
)
def test_what_a_cached_task_reaches_is_part_of_its_version(
    program: Write, old: str, new: str
) -> None:
    made = program(CACHED_PROGRAM)
    before = made.run("-of", "json", "run", "main.py", "main", "--x", "1").stdout
    program(CACHED_PROGRAM.replace(old, new))
    after = made.run("-of", "json", "run", "main.py", "main", "--x", "1").stdout
    assert before.split('"o0"')[1][:6] != after.split('"o0"')[1][:6]
    assert made.effects() == {"main": 2}


def test_a_docstring_or_an_option_is_no_new_version(program: Write) -> None:
    made = program(CACHED_PROGRAM)
    made.run("run", "main.py", "main", "--x", "1")
    changed = CACHED_PROGRAM.replace("cache='auto'", "cache='auto', retries=2")
    program(changed.replace("    effect", "    'What it is for.'\n    effect"))
    made.run("run", "main.py", "main", "--x", "1")
    assert made.effects() == {"main": 1}


@env.task(cache=flyte.Cache(behavior="override"))
def overrides(x: int) -> float:
    return time.monotonic()


def test_what_an_overriding_run_recorded_is_read_by_others() -> None:
    written = flyte.run(overrides, 1).outputs()
    assert flyte.run(overrides, 1).outputs() != written
    latest = flyte.run(overrides, 1).outputs()
    assert flyte.run(overrides.override(cache="auto"), 1).outputs() == latest


@cached.task
async def slow_once(x: int) -> int:
    _seen.append(x)
    await asyncio.sleep(0.1)
    return x


@env.task
async def three_equal_calls() -> list[int]:
    return list(await asyncio.gather(*[slow_once(7) for _ in range(3)]))


def test_equal_calls_at_once_run_once() -> None:
    assert flyte.run(three_equal_calls).outputs() == ([7, 7, 7],)
    assert _seen == [7]


@env.task(cache=flyte.Cache(serialize=False))
async def slow_each(x: int) -> int:
    _seen.append(x)
    await asyncio.sleep(0.1)
    return x


@env.task
async def three_calls_each() -> list[int]:
    return list(await asyncio.gather(*[slow_each(8) for _ in range(3)]))


def test_equal_calls_run_each_where_that_is_asked_for() -> None:
    assert flyte.run(three_calls_each).outputs() == ([8, 8, 8],)
    assert _seen == [8, 8, 8]


@cached.task
async def fails_first(x: int) -> int:
    _seen.append(x)
    await asyncio.sleep(0.05)
    if len(_seen) == 1:
        raise MyError("the first one")
    return x


@env.task
async def one_of_them_fails() -> list[str]:
    calls = [fails_first(1) for _ in range(3)]
    return [str(each) for each in await asyncio.gather(*calls, return_exceptions=True)]


def test_who_waits_for_an_equal_call_gets_no_error_of_it() -> None:
    assert flyte.run(one_of_them_fails).outputs() == (["the first one", "1", "1"],)
    assert len(_seen) == 2


@env.task
async def gives_the_first_up() -> int:
    first = asyncio.create_task(slow_once(9))
    await asyncio.sleep(0)
    second = asyncio.create_task(slow_once(9))
    await asyncio.sleep(0.02)
    first.cancel()
    return await second


def test_who_waits_for_an_equal_call_runs_when_that_is_cancelled() -> None:
    assert flyte.run(gives_the_first_up).outputs() == (9,)
    assert _seen == [9, 9]


@cached.task
async def calls_itself(x: int) -> int:
    _seen.append(x)
    return 1 if len(_seen) > 3 else 1 + await calls_itself(x)


def test_a_call_below_its_equal_does_not_wait_for_it() -> None:
    assert flyte.run(calls_itself, 5).outputs() == (4,)


def test_a_cached_result_can_grow_too_old() -> None:
    aged = counted_age.override(cache=flyte.Cache(behavior="auto", max_age=timedelta(hours=1)))
    first = flyte.run(aged, 1).outputs()
    assert flyte.run(aged, 1).outputs() == first
    young = counted_age.override(
        cache=flyte.Cache(behavior="auto", max_age=timedelta(microseconds=1))
    )
    assert flyte.run(young, 1).outputs() != first


@cached.task
def counted_age(x: int) -> float:
    return time.monotonic()


def test_a_set_has_one_identity_in_every_process(program: Write) -> None:
    made = program(
        "import flyte\nenv = flyte.TaskEnvironment('p')\n"
        "@env.task(cache='auto')\nasync def size(words: set[str]) -> int:\n"
        "    effect('size')\n    return len(words)\n"
        "@env.task\nasync def main() -> int:\n    return await size({'a', 'b', 'c', 'd', 'e'})\n"
    )
    for _ in range(3):
        assert made.run("run", "main.py", "main").returncode == 0
    assert made.effects() == {"size": 1}


# Declarations --------------------------------------------------------------------------------


def test_falsy_values_override() -> None:
    task = add.override(retries=3, cache="auto", short_name="sum")
    assert task.override(retries=0).options.retries.count == 0
    assert task.override(cache=None).options.cache.behavior == "disable"
    assert task.override(short_name=None).short_name == "add"
    assert add.override(env_vars={"A": "1"}).override(env_vars={}).options.env_vars == {}


def test_an_unknown_option_of_override_is_named() -> None:
    with pytest.raises(TypeError, match=r"`resorces`; did you mean `resources`\?"):
        add.override(resorces=None)  # type: ignore[call-arg]  # what is tested
    with pytest.raises(ValueError, match="`image` of a task can't be overridden"):
        add.override(image="x")  # type: ignore[call-arg]  # what is tested


def test_two_environments_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="`kept_twice` is declared twice"):
        _load(
            tmp_path,
            "import flyte\na = flyte.TaskEnvironment('kept_twice')\n"
            "b = flyte.TaskEnvironment('kept_twice')\n",
        )


def test_two_tasks_of_one_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"`kept_same\.f` is declared twice"):
        _load(
            tmp_path,
            "import flyte\na = flyte.TaskEnvironment('kept_same')\n"
            "@a.task\ndef f() -> int: return 1\n@a.task\ndef f() -> int: return 2\n",
        )


def test_every_option_of_an_environment_can_be_cloned() -> None:
    clone = env.clone_with("kept_clone", queue="fast", pod_template="big", plugin_config=None)
    assert (clone.options.queue, clone.options.pod_template) == ("fast", "big")


def test_a_trigger_is_checked_against_its_task_where_that_is_defined() -> None:
    with pytest.raises(TypeError, match=r"sets `dey`.*did you mean `day`\?"):

        @env.task(triggers=flyte.Trigger.daily("dey"))
        def nightly(day: datetime) -> None: ...


def test_a_schedule_is_checked_where_it_is_said() -> None:
    with pytest.raises(ValueError, match="`25` is no hour"):
        flyte.Cron("0 25 * * *")
    with pytest.raises(ValueError, match="five fields"):
        flyte.Cron("every day")
    with pytest.raises(ValueError, match="`Europe/Paris`"):
        flyte.Cron("0 6 * * *", timezone="Mars/Olympus")


def test_environments_are_checked_without_a_client() -> None:
    (deployment,) = flyte.deploy(env, version="v1", dry_run=True)
    assert "DeployedTask(name=kept.add, version=v1)" in deployment.summary_repr()


def test_a_remote_task_works_offline() -> None:
    assert asyncio.run(flyte.remote.Task.get("kept.add", auto_version="latest")(x=1)) == 11


# The command line ----------------------------------------------------------------------------


def test_an_unknown_task_lists_those_there_are(program: Write) -> None:
    made = program(
        "import flyte\nenv = flyte.TaskEnvironment('p')\n"
        "@env.task\nasync def train(x: int) -> int:\n    return x\n"
    )
    told = made.run("run", "main.py", "trian")
    assert (told.returncode, "did you mean `train`?" in told.stderr) == (2, True)
    assert "p.train(x: int) -> int" in told.stderr


def test_a_list_of_whole_numbers_is_a_list_of_floats_on_the_command_line(program: Write) -> None:
    made = program(
        "import flyte\nenv = flyte.TaskEnvironment('p')\n"
        "@env.task\nasync def mean(data: list[float]) -> float:\n"
        "    return sum(data) / len(data)\n"
    )
    told = made.run("run", "main.py", "mean", "--data", "[1, 2, 3]")
    assert (told.returncode, "2.0" in told.stdout) == (0, True)


def test_async_generators_of_tasks_results_come_in_order() -> None:
    assert flyte.run(maps_asynchronously).outputs() == ([1, 2, 3],)


@env.task
async def maps_asynchronously() -> list[int]:
    results: AsyncIterator[int] = flyte.map.aio(add_blocking, range(3))
    return [result async for result in results]


def _load(folder: Path, source: str) -> None:
    from flyte._load import load_module

    file = folder / f"loaded_{len(list(folder.iterdir()))}.py"
    file.write_text(source)
    load_module(file)


def test_the_store_is_one_folder(store: Path) -> None:
    flyte.run(add, 1)
    with opened_store() as opened:
        assert opened.folder == store


def test_a_cached_task_without_a_source_runs() -> None:
    """Upstream can't make a version of it, and fails."""
    names: dict[str, Any] = {}
    exec(
        "import flyte\nenv = flyte.TaskEnvironment('kept_exec', cache='auto')\n"
        "@env.task\ndef typed(x: int) -> int:\n    return x + 1\n",
        names,
    )
    assert flyte.run(names["typed"], 1).outputs() == (2,)


@env.task
def sums_a_map_with_an_error(n: int) -> int:
    return sum(flyte.map(may_fail, range(n)))


@env.task
def may_fail(x: int) -> int:
    if x == 1:
        raise MyError("the second one")
    return x


def test_adding_up_results_with_an_error_shows_that_error() -> None:
    with pytest.raises(MyError, match="the second one"):
        flyte.run(sums_a_map_with_an_error, 3)
