"""Which hook serves which name; each family is a module of its own.

The plugin keeps no state of a build: what a hook says follows from the program, the configuration
and the manifest, whose digests are in what mypy compares before it trusts its cache.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from types import MappingProxyType

from mypy.errors import CompileError
from mypy.nodes import MypyFile
from mypy.options import Options
from mypy.plugin import MethodContext, MethodSigContext, Plugin, ReportConfigContext
from mypy.types import FunctionLike, Type

from flyte_compiler.mypy_plugin import calls, decorations, maps, overrides, remote, runs
from flyte_compiler.mypy_plugin.configuration import (
    Configuration,
    ConfigurationError,
    read_configuration,
)
from flyte_compiler.mypy_plugin.fullnames import (
    DECORATIONS,
    MAP_CALLS,
    OUTPUTS_CALLS,
    OVERRIDES,
    REMOTE_GETS,
    RUN_CALLS,
    SYNCIFIED_CALLS,
    TASK_CALLS,
)
from flyte_compiler.mypy_plugin.manifest import ManifestError
from flyte_compiler.mypy_plugin.untyped import imports_library, type_bodies

SignatureHook = Callable[[MethodSigContext], FunctionLike]
_INSTALLED = f"{os.sep}site-packages{os.sep}"
ResultHook = Callable[[MethodContext], Type]

_SIGNATURES: Mapping[str, SignatureHook] = MappingProxyType(
    {
        **dict.fromkeys(TASK_CALLS, calls.check_call),
        **dict.fromkeys(OVERRIDES, overrides.check_override),
        **dict.fromkeys(MAP_CALLS, maps.check_map),
        **dict.fromkeys(RUN_CALLS, runs.check_run),
        **dict.fromkeys(SYNCIFIED_CALLS, runs.check_syncified_run),
    }
)


def _results(configuration: Configuration) -> Mapping[str, ResultHook]:
    """With those that the configuration has a say in."""
    decorated = partial(decorations.check_task, configuration=configuration)
    looked_up = partial(remote.look_up, configuration=configuration)
    return {
        **dict.fromkeys(TASK_CALLS, calls.result_of_call),
        **dict.fromkeys(OVERRIDES, overrides.overridden),
        **dict.fromkeys(DECORATIONS, decorated),
        **dict.fromkeys(OUTPUTS_CALLS, runs.outputs),
        **dict.fromkeys(REMOTE_GETS, looked_up),
    }


class FlytePlugin(Plugin):
    """Dispatches by full name."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._fault: str | None = None
        self._configuration = Configuration(root=Path(), manifest=Path())
        try:
            self._configuration = read_configuration(options.config_file)
        except ConfigurationError as error:
            # Raised here it would be a traceback: mypy takes it for a fault of the plugin's.
            self._fault = str(error)
        self._root = os.path.join(self._configuration.root, "")  # noqa: PTH118 - for comparisons
        self._results = _results(self._configuration)

    def report_config_data(self, ctx: ReportConfigContext) -> object:
        """What mypy's cache of a module depends on besides its text."""
        self._refuse_faults()
        return {
            "plugin": _own_digest(),
            "untyped": self._configuration.untyped_bodies,
            "crossing": sorted(self._configuration.crossing),
            "tasks": self._found(ctx.path),
        }

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """Asked right after parsing."""
        self._refuse_faults()
        if not self._is_of_project(file.path):
            return []
        if self._configuration.untyped_bodies:
            type_bodies(file)
        names = remote.names_looked_up(file.path) if imports_library(file) else ()
        if not names:
            return []
        roots = remote.search_roots(file, self.options)
        return list(remote.modules_needed(names, self._known(), roots))

    def get_method_signature_hook(self, fullname: str) -> SignatureHook | None:
        return _SIGNATURES.get(fullname)

    def get_method_hook(self, fullname: str) -> ResultHook | None:
        return self._results.get(fullname)

    def _found(self, path: str) -> object:
        """Of what isn't the project's nobody reads more than the path."""
        names = remote.names_looked_up(path) if self._is_of_project(path) else ()
        return remote.what_was_found(names, self._known()) if names else None

    def _is_of_project(self, path: str) -> bool:
        """Asked for every module, the standard library's too: by text, no link followed."""
        if path.endswith(".pyi") or _INSTALLED in path:
            return False
        return os.path.abspath(path).startswith(self._root)  # noqa: PTH100 - as said

    def _known(self) -> remote.Known:
        try:
            return remote.Known.of(self._configuration)
        except ManifestError as error:
            raise _stop(str(error)) from None

    def _refuse_faults(self) -> None:
        if self._fault is not None:
            raise _stop(self._fault)


def plugin(version: str) -> type[Plugin]:
    """What mypy calls, with its version."""
    del version
    return FlytePlugin


def _stop(message: str) -> CompileError:
    """Ends mypy with one line and exit code 2."""
    return CompileError([f"flyte_compiler.mypy_plugin: error: {message}"], use_stdout=True)


@cache
def _own_digest() -> str:
    """Of the plugin's modules: mypy itself looks at the package's first file alone."""
    digest = hashlib.sha256()
    for file in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(file.read_bytes())
    return digest.hexdigest()
