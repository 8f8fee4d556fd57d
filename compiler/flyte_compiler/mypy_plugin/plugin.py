"""Which hook serves which name; each family is a module of its own.

The plugin keeps no state of a build: what a hook says follows from the program, the configuration
and the manifest, whose digests are in what mypy compares before it trusts its cache.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from mypy.nodes import MypyFile
from mypy.options import Options
from mypy.plugin import MethodContext, MethodSigContext, Plugin
from mypy.types import FunctionLike, Type

from flyte_compiler.mypy_plugin import calls, decorations, maps, overrides, runs
from flyte_compiler.mypy_plugin.fullnames import (
    DECORATIONS,
    MAP_CALLS,
    OUTPUTS_CALLS,
    OVERRIDES,
    RUN_CALLS,
    SYNCIFIED_CALLS,
    TASK_CALLS,
)
from flyte_compiler.mypy_plugin.untyped import type_bodies

SignatureHook = Callable[[MethodSigContext], FunctionLike]
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
_RESULTS: Mapping[str, ResultHook] = MappingProxyType(
    {
        **dict.fromkeys(TASK_CALLS, calls.result_of_call),
        **dict.fromkeys(OVERRIDES, overrides.overridden),
        **dict.fromkeys(DECORATIONS, decorations.check_task),
        **dict.fromkeys(OUTPUTS_CALLS, runs.outputs),
    }
)


class FlytePlugin(Plugin):
    """Dispatches by full name."""

    def __init__(self, options: Options) -> None:
        super().__init__(options)

    def get_additional_deps(self, file: MypyFile) -> list[tuple[int, str, int]]:
        """Asked right after parsing."""
        type_bodies(file)
        return []

    def get_method_signature_hook(self, fullname: str) -> SignatureHook | None:
        return _SIGNATURES.get(fullname)

    def get_method_hook(self, fullname: str) -> ResultHook | None:
        return _RESULTS.get(fullname)


def plugin(version: str) -> type[Plugin]:
    """What mypy calls, with its version."""
    del version
    return FlytePlugin
