"""Every name that a hook waits for is one that mypy asks for.

Ours are looked up in the stubs and in the runtime, and seen being asked. Upstream's were recorded
while its 2.12.1 was checked; `benchmarks/beside_upstream.py` looks again.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator

import pytest
from mypy.options import Options
from plugin_cases import cases, project, run_mypy, sources

from flyte_compiler.mypy_plugin import fullnames
from flyte_compiler.mypy_plugin.plugin import FlytePlugin
from flyte_compiler.typecheck.stubs import stubs_folder

UPSTREAM_ASKED = frozenset(
    {
        "flyte._map._Mapper.__call__",
        "flyte._map._Mapper.aio",
        "flyte._task.AsyncFunctionTaskTemplate.__call__",
        "flyte._task.AsyncFunctionTaskTemplate.aio",
        "flyte._task.AsyncFunctionTaskTemplate.override",
        "flyte._task_environment.TaskEnvironment.task",
        "flyte.remote._task.LazyEntity.__call__",
        "flyte.remote._task.Task.get",
        "flyte.syncify._api.SyncFunction.__call__",
        "flyte.syncify._api.SyncFunction.aio",
    }
)
HOOKED = frozenset().union(
    fullnames.TASK_CALLS,
    fullnames.OVERRIDES,
    fullnames.DECORATIONS,
    fullnames.MAP_CALLS,
    fullnames.RUN_CALLS,
    fullnames.OUTPUTS_CALLS,
    fullnames.REMOTE_GETS,
)
ALL_OURS = {name: value for name, value in vars(fullnames).items() if name.startswith("OUR_")}
OURS = {name: value for name, value in ALL_OURS.items() if not name.startswith("OUR_RUNTIME_")}
ONLY_IN_STUBS = {"OUR_OUTPUTS", "OUR_RUNNER"}
"""What the runtime has under a name of its own, `OUR_RUNTIME_...`."""


def asked() -> Iterator[str]:
    """The names of ours that mypy asks for over every case."""
    seen: set[str] = set()
    ask = FlytePlugin.get_method_hook

    def see(plugin: FlytePlugin, fullname: str) -> object:
        seen.add(fullname)
        return ask(plugin, fullname)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(FlytePlugin, "get_method_hook", see)
        for case in cases():
            with project(case):
                run_mypy([*sources(case)])
    yield from seen


@pytest.mark.parametrize("name", OURS)
def test_our_names_are_in_the_stubs(name: str) -> None:
    path, member = _module_and_member(OURS[name])
    file = stubs_folder().joinpath(*path.split(".")).with_suffix(".pyi")
    text = file.read_text(encoding="utf-8")
    assert all(f" {part}" in text for part in member.split("."))


@pytest.mark.parametrize("name", sorted(set(ALL_OURS) - ONLY_IN_STUBS))
def test_our_names_are_in_the_runtime(name: str) -> None:
    module, member = _module_and_member(ALL_OURS[name])
    found: object = importlib.import_module(module)
    for part in member.split("."):
        found = getattr(found, part)


def test_our_names_are_asked() -> None:
    wanted = {name for name in HOOKED if _is_asked_in_cases(name)}
    assert wanted <= set(asked())


def test_upstream_s_names_are_the_recorded_ones() -> None:
    assert UPSTREAM_ASKED <= HOOKED


def test_another_name_has_no_hook() -> None:
    plugin = FlytePlugin(Options())
    assert plugin.get_method_hook("builtins.list.append") is None
    assert plugin.get_method_signature_hook("builtins.list.append") is None


def _is_asked_in_cases(name: str) -> bool:
    """Ours but for forms that nobody writes: an environment's decorator is asked as a method, a
    deployed task has no `aio`, and its `override` is a syncified one."""
    owner, _, method = name.rpartition(".")
    if owner not in OURS.values() and name != fullnames.OUR_TASK_GET:
        return False
    return owner != fullnames.OUR_REMOTE_TASK or method == "__call__"


def _module_and_member(fullname: str) -> tuple[str, str]:
    parts = fullname.split(".")
    place = next(i for i, part in enumerate(parts) if part.lstrip("_")[:1].isupper())
    return ".".join(parts[:place]), ".".join(parts[place:])
