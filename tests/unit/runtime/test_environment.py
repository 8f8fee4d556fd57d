"""Environments: names, options, dependencies, and what is declared twice."""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import pytest

import flyte
from flyte._environment import environments


@pytest.mark.parametrize("name", ["BadName", "a b", "x--y", "", "_a", "a-"])
def test_a_bad_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match="snake_case or kebab-case"):
        flyte.TaskEnvironment(name)


@pytest.mark.parametrize("name", ["a", "my_env", "my-env-2", "2x"])
def test_a_good_name_is_taken(name: str) -> None:
    assert flyte.TaskEnvironment(name) is environments()[name]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"image": 3}, "`image` is `str`, `Image` or `None`, not `int`: 3"),
        ({"resources": "1Gi"}, "`resources` is `Resources` or `None`, not `str`"),
        ({"interruptible": "yes"}, "`interruptible` is `bool`"),
        ({"env_vars": {"A": 1}}, "`env_vars` maps `str` to `str`; it has 'A': 1"),
        ({"depends_on": "other"}, "`depends_on` is a list of environments"),
        ({"include": "a.py"}, "`include` is `tuple` or `list`"),
        ({"secrets": [3]}, "`secrets` is `str` or `Secret`"),
        ({"reusable": 2}, "`reusable` is `ReusePolicy`"),
    ],
)
def test_an_option_of_a_wrong_type_is_named(options: dict[str, Any], message: str) -> None:
    with pytest.raises(TypeError) as raised:
        flyte.TaskEnvironment("wrong_types", **options)
    assert message in str(raised.value)


def test_an_unknown_cache_behavior_lists_the_known_ones() -> None:
    with pytest.raises(ValueError, match="one of 'auto', 'override', 'disable', not 'always'"):
        flyte.TaskEnvironment("bad_cache", cache="always")  # type: ignore[arg-type]


def test_an_environment_can_not_depend_on_itself_and_repeats_nothing() -> None:
    one, two = flyte.TaskEnvironment("dep_one"), flyte.TaskEnvironment("dep_two")
    one.add_dependency(two, two)
    assert one.depends_on == (two,)
    with pytest.raises(ValueError, match="can't depend on itself"):
        one.add_dependency(one)


def test_a_clone_has_the_options_but_not_the_tasks() -> None:
    env = flyte.TaskEnvironment("cloned", resources=flyte.Resources(cpu=2), env_vars={"A": "1"})
    env.task(lambda_task)
    clone = env.clone_with("clone_of_it", env_vars={"B": "2"}, queue="fast")
    assert clone.options.resources == flyte.Resources(cpu=2)
    assert clone.options.env_vars == {"B": "2"}
    assert clone.options.queue == "fast"
    assert dict(clone.tasks) == {}
    with pytest.raises(TypeError, match="no option `resource`; did you mean `resources`"):
        env.clone_with("another", resource=1)


def lambda_task(x: int) -> int:
    return x


def test_tasks_are_listed_by_full_name() -> None:
    env = flyte.TaskEnvironment("listed")
    made = env.task(lambda_task)
    assert dict(env.tasks) == {"listed.lambda_task": made}


def test_two_environments_of_one_name_are_an_error_that_names_both_places() -> None:
    flyte.TaskEnvironment("taken")
    with pytest.raises(ValueError, match=r"environment `taken` is declared twice: at .*:\d+ and"):
        flyte.TaskEnvironment("taken")


def test_two_functions_of_one_name_are_an_error() -> None:
    env = flyte.TaskEnvironment("twice")

    @env.task
    def f() -> int:
        return 1

    with pytest.raises(ValueError, match=r"task `twice.f` is declared twice"):

        @env.task
        def f() -> int:
            return 2


def test_running_a_declaration_again_replaces_it() -> None:
    for _ in range(2):
        env = flyte.TaskEnvironment("again")
        env.task(lambda_task)
        env.task(lambda_task)
    assert environments()["again"] is env


def load(file: Path, name: str, *, keep: bool) -> dict[str, Any]:
    module = types.ModuleType(name)
    if keep:
        sys.modules[name] = module
    exec(compile(file.read_text(), str(file), "exec"), vars(module))
    return vars(module)


def test_an_edited_file_that_is_loaded_again_replaces(tmp_path: Path) -> None:
    file = tmp_path / "program.py"
    file.write_text("import flyte\nenv = flyte.TaskEnvironment('edited')\n")
    load(file, "program", keep=False)
    file.write_text("import flyte\n\n\nenv = flyte.TaskEnvironment('edited')\n")
    later = load(file, "program", keep=False)["env"]
    assert environments()["edited"] is later


def test_two_loaded_modules_can_not_share_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("mod_a", "mod_b"):
        (tmp_path / f"{name}.py").write_text("import flyte\nflyte.TaskEnvironment('shared')\n")
        monkeypatch.setitem(sys.modules, name, None)  # type: ignore[arg-type]  # undone afterwards
    load(tmp_path / "mod_a.py", "mod_a", keep=True)
    with pytest.raises(ValueError, match="environment `shared` is declared twice"):
        load(tmp_path / "mod_b.py", "mod_b", keep=True)


def test_an_unloaded_module_frees_its_names(tmp_path: Path) -> None:
    for name in ("gone_a", "gone_b"):
        (tmp_path / f"{name}.py").write_text("import flyte\nflyte.TaskEnvironment('freed')\n")
        load(tmp_path / f"{name}.py", name, keep=False)


def test_an_unknown_option_of_a_task_is_named_with_what_was_meant() -> None:
    env = flyte.TaskEnvironment("options")
    with pytest.raises(TypeError, match=r"`options\.task` has no option `retry`; did you mean"):
        env.task(retry=3)  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="`resources` is an option of the environment"):
        env.task(resources=flyte.Resources())  # type: ignore[call-overload]
    with pytest.raises(TypeError, match="no option `order`"):
        env.task(order="program")  # type: ignore[call-overload]


def test_a_compiled_task_takes_an_order() -> None:
    env = flyte.TaskEnvironment("compiled_options")
    made = env.compiled_task(order="program", retries=1)(lambda_task)
    assert (made.kind, made.options.order, made.options.retries.count) == (
        "compiled_task",
        "program",
        1,
    )


def test_a_sync_task_can_not_share_its_worker() -> None:
    env = flyte.TaskEnvironment("shared_workers", reusable=flyte.ReusePolicy(concurrency=2))
    with pytest.raises(ValueError, match="make it `async def`"):
        env.task(lambda_task)


def test_only_a_function_becomes_a_task() -> None:
    env = flyte.TaskEnvironment("functions_only")
    with pytest.raises(TypeError, match="makes a task of a function, not of 3"):
        env.task(3)  # type: ignore[call-overload]
    made = env.task(lambda_task)
    with pytest.raises(TypeError, match="is a task already"):
        env.task(made)
