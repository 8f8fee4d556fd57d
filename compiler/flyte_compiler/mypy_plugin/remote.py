"""`remote.Task.get("env.task")`: the task that the project or the manifest has under that name.

What a module looks up is read from its text, before it is analysed: the modules that define those
tasks, and the classes in their signatures, become its dependencies, and what was found goes into
what mypy compares before it trusts its cache.
"""

from __future__ import annotations

import difflib
import os
import re
import sys
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from mypy.checker import TypeChecker
from mypy.nodes import Context, Decorator, MypyFile, StrExpr
from mypy.options import Options
from mypy.plugin import FunctionContext, MethodContext
from mypy.types import (
    CallableType,
    Instance,
    Parameters,
    Type,
    get_proper_type,
)

from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.mypy_plugin.codes import UNRESOLVED_CALLEE
from flyte_compiler.mypy_plugin.configuration import Configuration
from flyte_compiler.mypy_plugin.described import signature_of
from flyte_compiler.mypy_plugin.fullnames import OUR_REMOTE_TASK, REMOTE_TASKS
from flyte_compiler.mypy_plugin.lookup import find_symbol
from flyte_compiler.mypy_plugin.manifest import classes_of, read_manifest
from flyte_compiler.mypy_plugin.project import Place, find_tasks
from flyte_compiler.mypy_plugin.report import report
from flyte_compiler.mypy_plugin.tasks import carrying_task, task_type
from flyte_plan.modules import find_module

_GET = re.compile(rb"""\bTask\s*\.\s*get\s*\(\s*(?:name\s*=\s*)?["']([^"'\\\n]+)["']""")
_MEDIUM_PRIORITY = 10
"""As of an import in a function's body."""
_MISSPELLED = 0.85
"""How alike two names are, one of which is the other with a letter or two wrong."""
_ALWAYS_LOADED = frozenset({"builtins", "typing"})


@dataclass(frozen=True, slots=True)
class Known:
    """The tasks that can be looked up by name."""

    project: Mapping[str, Place | None]
    manifest: Mapping[str, Mapping[str, object]]

    @classmethod
    def of(cls, configuration: Configuration) -> Known:
        """As they are now.

        Raises:
            ManifestError: the manifest can't be read.
        """
        manifest = read_manifest(configuration.manifest, is_needed=configuration.needs_manifest)
        return cls(find_tasks(configuration.root), manifest)

    @property
    def names(self) -> frozenset[str]:
        """Of all of them."""
        return frozenset(self.project) | frozenset(self.manifest)


def names_looked_up(path: str) -> tuple[str, ...]:
    """The literal names that a file looks up; none for one that can't be read."""
    try:
        content = Path(path).read_bytes()
    except OSError:
        return ()
    found = {each.decode("utf-8", "replace") for each in _GET.findall(content)}
    return tuple(sorted(found))


def modules_needed(
    names: tuple[str, ...], known: Known, roots: Collection[Path]
) -> Iterator[tuple[int, str, int]]:
    """The modules that looking these up needs, as mypy wants dependencies.

    Only those that mypy finds, from `roots` or in the standard library: it would report the others
    as imports that nobody wrote.
    """
    for name in names:
        if name in known.project:
            place = known.project[name]
            modules = {place.module} if place is not None and place.root in roots else set()
        else:
            modules = {each.rpartition(".")[0] for each in classes_of(known.manifest.get(name))}
            modules = {each for each in modules if each and _is_found(each, roots)}
        for module in sorted(modules - _ALWAYS_LOADED):
            yield _MEDIUM_PRIORITY, module, -1


def _is_found(module: str, roots: Collection[Path]) -> bool:
    is_standard = module.partition(".")[0] in sys.stdlib_module_names
    return is_standard or find_module(module, roots) is not None


def search_roots(file: MypyFile, options: Options) -> frozenset[Path]:
    """The folders that mypy finds a file's imports from: its own, and the search path."""
    own = Path(file.path).resolve()
    levels = file.fullname.count(".") + (own.stem == "__init__")
    written = [*options.mypy_path, *os.environ.get("MYPYPATH", "").split(os.pathsep)]
    return frozenset({own.parents[levels], *(Path(each).resolve() for each in written if each)})


def what_was_found(names: tuple[str, ...], known: Known) -> object:
    """What the types of a module's lookups depend on, in JSON."""
    return {name: _what_is(name, known) for name in names}


def _what_is(name: str, known: Known) -> object:
    if name not in known.project:
        return known.manifest.get(name)
    place = known.project[name]
    return None if place is None else [place.module, place.function]


def look_up(context: MethodContext | FunctionContext, configuration: Configuration) -> Type:
    """The task with its own parameters and result."""
    given = get_proper_type(context.default_return_type)
    written = context.args[0][0] if context.args and context.args[0] else None
    if not isinstance(written, StrExpr) or not isinstance(given, Instance):
        return given
    if given.type.fullname not in REMOTE_TASKS:  # a generated stub knows it
        return given
    known = Known.of(configuration)
    if written.value not in known.names:
        _report_unknown(written.value, written, known, context)
        return given
    signature = _signature(written.value, written, known, context)
    return given if signature is None else _deployed(given, signature)


def _deployed(given: Instance, signature: CallableType) -> Type:
    if given.type.fullname != OUR_REMOTE_TASK:
        return carrying_task(given, signature)
    parameters = Parameters(signature.arg_types, signature.arg_kinds, signature.arg_names)
    return given.copy_modified(args=[parameters, signature.ret_type])


def _signature(
    name: str, place: Context, known: Known, context: MethodContext | FunctionContext
) -> CallableType | None:
    """None where it isn't known yet, or never."""
    api = context.api
    if name not in known.project:
        return signature_of(known.manifest[name], api)
    where = known.project[name]
    if where is None:
        return None
    symbol = find_symbol(f"{where.module}.{where.function}", api)
    if symbol is None or not isinstance(symbol.node, Decorator):
        return None
    if symbol.node.var.type is None:
        if isinstance(api, TypeChecker):  # a cycle of modules: later, then
            api.handle_cannot_determine_type(where.function, place)
        return None
    task = task_type(symbol.node.var.type)
    if task is None:
        return None
    return CallableType(
        task.parameters.arg_types,
        task.parameters.arg_kinds,
        task.parameters.arg_names,
        task.result,
        api.named_generic_type("builtins.function", []),
    )


def _report_unknown(
    name: str, place: Context, known: Known, context: MethodContext | FunctionContext
) -> None:
    """Only where its environment is known, or it is misspelled: others deploy tasks, too."""
    environment = name.rpartition(".")[0]
    siblings = [each for each in known.names if each.rpartition(".")[0] == environment]
    alike = difflib.get_close_matches(name, known.names, n=1, cutoff=_MISSPELLED)
    near = nearest(name, siblings) or next(iter(alike), None)
    if near is None and not siblings:
        return
    hint = f"did you mean `{near}`?" if near else f"`{environment}` has {_some(siblings)}"
    report(context.api, UNRESOLVED_CALLEE, f"no task `{name}` is known; {hint}", place)


def _some(names: list[str]) -> str:
    return ", ".join(f"`{each}`" for each in sorted(names)[:5])
