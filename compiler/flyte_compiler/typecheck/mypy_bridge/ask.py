"""One program's oracle: choose the modules, run mypy, say what it can't answer for."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from mypy.modulefinder import load_stdlib_py_versions
from mypy.version import __version__ as MYPY  # noqa: N812 - a constant

from flyte_compiler.callgraph.model import CallGraph
from flyte_compiler.callgraph.program import Program
from flyte_compiler.typecheck.interpreter import find_interpreter
from flyte_compiler.typecheck.mypy_bridge.build import Built, Failed, build_modules
from flyte_compiler.typecheck.mypy_bridge.oracle import MypyOracle
from flyte_compiler.typecheck.mypy_bridge.settings import make_options, read_user_settings
from flyte_compiler.typecheck.mypy_bridge.sources import ModuleSet, choose_modules
from flyte_compiler.typecheck.mypy_bridge.versions import is_believed
from flyte_plan.modules import project_root

_BESIDE_TYPESHED = frozenset({"mypy_extensions"})


def ask(program: Program, call_graph: CallGraph, *, cache: Path | None, stubs: Path) -> MypyOracle:
    """The oracle for one program."""
    project = project_root(program.root)
    modules = choose_modules(program, _reserved())
    asked_about = _asked_about(program, call_graph)
    wanted = {each.known_as for each in modules.modules if each.name in asked_about}
    options = make_options(
        read_user_settings(project), find_interpreter(project), _own_folder(cache)
    )
    if not is_believed(options, stubs):
        return MypyOracle(
            remarks=(f"mypy {MYPY} isn't known to work, and annotations serve instead of it",)
        )
    built = build_modules(modules, wanted, options, stubs)
    covered = tuple(each for each in built.modules.modules if each.known_as in wanted)
    return MypyOracle(
        remarks=tuple(_remarks(modules, built)),
        modules=() if built.result is None else covered,
        result=built.result,
    )


def _reserved() -> frozenset[str]:
    """The top-level names that typeshed's own imports mean."""
    known = load_stdlib_py_versions(None)
    return _BESIDE_TYPESHED.union(name.partition(".")[0] for name in known)


def _asked_about(program: Program, call_graph: CallGraph) -> set[str]:
    """Those modules that rules look into; the others may come from mypy's cache, without trees."""
    found = {each.module for each in call_graph.definitions}
    found.update(each.module for each in call_graph.sites)
    found.update(each.module for each in call_graph.value_calls)
    return found.union(program.entries)


def _own_folder(cache: Path | None) -> Path | None:
    """Where this mypy keeps what it knows; None where that can't be written."""
    if cache is None:
        return None
    python = "".join(map(str, sys.version_info[:2]))
    folder = cache / "mypy" / f"{MYPY.partition('+')[0]}-py{python}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return folder if os.access(folder, os.W_OK) else None


def _remarks(modules: ModuleSet, built: Built) -> Iterator[str]:
    for source in modules.misled:
        yield (
            f"`{source.path}` imports a module of the program that is named like one of the "
            "standard library: annotations serve for it"
        )
    yield from map(_remark, built.failures)


def _remark(failed: Failed) -> str:
    if failed.culprit is None:
        return f"mypy can't check the program, and annotations serve for it: {failed.reason}"
    path = failed.culprit.source.path
    return f"mypy can't read `{path}`, and annotations serve for it: {failed.reason}"
