"""Reporting a fault: where hooks run, and where a comment says that it is known.

mypy tries the variants of an overloaded callable with its errors held back, and takes an error for
a variant that doesn't match. What the plugin has to say is true whichever variant is tried, so it
is said past those who hold errors back; mypy drops what is said twice. Inside a lambda it may be
untrue, since the lambda's parameters are part of the trial: there errors are held back as mypy
holds them.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from mypy.checker import TypeChecker
from mypy.nodes import Context
from mypy.plugin import CheckerPluginInterface

from flyte_compiler.mypy_plugin.codes import Fault

if TYPE_CHECKING:
    from flyte_compiler.diagnostics.suppress import Suppression


def report(api: CheckerPluginInterface, fault: Fault, message: str, place: Context) -> None:
    """Report a fault at a place in the file that is being checked."""
    if _is_silenced(api.path, fault, place.line):
        return
    errors = api.msg.errors
    if isinstance(api, TypeChecker) and api.expr_checker.in_lambda_expr:
        api.fail(message, place, code=fault.error)
        return
    held_back = errors._watchers
    errors._watchers = []
    try:
        api.fail(message, place, code=fault.error)
    finally:
        errors._watchers = held_back


def _is_silenced(path: str, fault: Fault, line: int) -> bool:
    try:
        state = Path(path).stat()
    except OSError:  # text that was handed over without a file
        return False
    from flyte_compiler.diagnostics.model import Rule, Severity  # noqa: PLC0415 - rarely reported

    rule = Rule(fault.rule_code, fault.rule_name, Severity.ERROR)
    suppressions = _suppressions(path, state.st_mtime_ns, state.st_size)
    return any(each.is_ours and each.silences(rule, line) for each in suppressions)


@lru_cache(maxsize=8)
def _suppressions(path: str, changed: int, size: int) -> tuple[Suppression, ...]:
    del changed, size  # they tell one state of the file from another
    from flyte_compiler.diagnostics.suppress import find_suppressions  # noqa: PLC0415 - as above
    from flyte_compiler.source.read import read_source  # noqa: PLC0415
    from flyte_compiler.source.text import SourceFile  # noqa: PLC0415

    source = read_source(Path(path), module="", shown=Path(path))
    return find_suppressions(source) if isinstance(source, SourceFile) else ()
