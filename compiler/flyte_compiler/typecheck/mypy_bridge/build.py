"""Running mypy on a set of modules, until it comes to an end.

mypy stops at what it can't read, ends the process for some mistakes, and has faults of its own.
Here each of them costs the module that it is about, or, where nobody can tell, the whole build.
"""

from __future__ import annotations

import gc
import io
import os
import re
import shutil
import time
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path

from mypy.build import BuildResult, build
from mypy.errors import CompileError
from mypy.fscache import FileSystemCache
from mypy.modulefinder import BuildSource
from mypy.options import Options
from mypy.plugin import Plugin, ReportConfigContext

from flyte_compiler.typecheck.mypy_bridge.sources import Module, ModuleSet

_PLACE = re.compile(r"^(?P<file>.+?)(?::\d+)*: error: ", re.MULTILINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """mypy came to no end."""

    reason: str
    culprit: Module | None
    is_bug: bool
    """Whether mypy broke, rather than refused."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """What mypy found."""

    modules: ModuleSet
    result: BuildResult | None = field(repr=False)
    """None where mypy came to no end with any of the modules."""
    failures: tuple[Failed, ...]


class _Fresh(Plugin):
    """Makes mypy check some modules though its cache knows them: of those that it takes from its
    cache there is no tree. What is reported here is part of a cache entry's key."""

    def __init__(self, options: Options, wanted: Collection[str]) -> None:
        super().__init__(options)
        self._wanted = wanted
        self._once = time.time_ns()

    def report_config_data(self, ctx: ReportConfigContext) -> object:
        return {"checked": self._once} if ctx.id in self._wanted else None


def build_modules(
    modules: ModuleSet, wanted: Collection[str], options: Options, stubs: Path
) -> Built:
    """Check modules, leaving out one after another that mypy can't read.

    `wanted` are the names, as mypy knows them, of those whose trees are needed.
    """
    failures: list[Failed] = []
    while modules.modules:
        outcome = _attempt(modules, wanted, options, stubs)
        if isinstance(outcome, Failed) and outcome.is_bug and _forget(options):
            outcome = _attempt(modules, wanted, options, stubs)
        if isinstance(outcome, BuildResult):
            return Built(modules=modules, result=outcome, failures=tuple(failures))
        failures.append(outcome)
        if outcome.culprit is None:
            break
        modules = modules.without(outcome.culprit)
    return Built(modules=modules, result=None, failures=tuple(failures))


def _attempt(
    modules: ModuleSet, wanted: Collection[str], options: Options, stubs: Path
) -> BuildResult | Failed:
    said = io.StringIO()
    try:
        with redirect_stdout(said), redirect_stderr(said), _collector_kept():
            return build(
                list(_build_sources(modules)),
                options,
                # Before every other folder, and in place of the working directory.
                alt_lib_path=str(stubs),
                fscache=FileSystemCache(),
                stdout=said,
                stderr=said,
                extra_plugins=[_Fresh(options, wanted)],
                flush_errors=_keep_quiet,
            )
    except CompileError as error:
        text = "\n".join(error.messages)
        blocked = [each for each in modules.modules if each.known_as == error.module_with_blocker]
        culprit = blocked[0] if blocked else _blamed(text, modules)
        return Failed(reason=_first_message(text), culprit=culprit, is_bug=False)
    except SystemExit:
        text = said.getvalue()
        return Failed(reason=_first_message(text), culprit=_blamed(text, modules), is_bug=False)
    except Exception as error:
        kind = type(error).__name__
        return Failed(
            reason=f"mypy broke with {kind}", culprit=_blamed(said.getvalue(), modules), is_bug=True
        )


def _build_sources(modules: ModuleSet) -> Iterator[BuildSource]:
    for module in modules.modules:
        yield BuildSource(module.file, module.known_as, module.source.text)
    for package, folder in modules.packages.items():
        yield BuildSource(folder, package, None)


def _keep_quiet(file: str | None, messages: list[str], is_serious: bool) -> None:
    """Messages are read from mypy's own records, where they have their places."""


@contextmanager
def _collector_kept() -> Iterator[None]:
    """mypy sets the collector of cycles up for a process that is all its own."""
    threshold, was_enabled = gc.get_threshold(), gc.isenabled()
    try:
        yield
    finally:
        gc.set_threshold(*threshold)
        if was_enabled:
            gc.enable()
        else:
            gc.disable()


def _blamed(text: str, modules: ModuleSet) -> Module | None:
    """The module that a message starts with."""
    files: Mapping[str, Module] = {each.file: each for each in modules.modules}
    for found in _PLACE.finditer(text):
        module = files.get(os.path.abspath(found["file"]))  # noqa: PTH100 - as the keys are made
        if module is not None:
            return module
    return None


def _first_message(text: str) -> str:
    """The first line, without its place."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        return "mypy ended without a word"
    return _PLACE.sub("", lines[0]).strip().rstrip(".")


def _forget(options: Options) -> bool:
    """Delete a cache that may be broken; whether there was one."""
    if options.cache_dir == os.devnull or not Path(options.cache_dir).is_dir():
        return False
    shutil.rmtree(options.cache_dir, ignore_errors=True)
    return True
