"""The project's own tasks by full name, from the text of its files: `etl.load` is in `tasks`.

Only what a name leads to: an environment with a literal name at a module's top, used there or
imported by name from another of the project's modules, and tasks at a module's top. Files are read
again when they change; nobody is asked unless a program looks a task up by name.
"""

from __future__ import annotations

import ast
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from flyte_plan.modules import module_name, module_root

_DECORATIONS = frozenset({"task", "compiled_task"})
_ENVIRONMENT = "TaskEnvironment"
_SIGNS = (b"TaskEnvironment", b".task", b".compiled_task")
_LARGEST = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where a task is defined."""

    module: str
    function: str
    root: Path
    """The folder that the module is named from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Module:
    environments: Mapping[str, str]
    """Their names by variable."""
    imports: Mapping[str, tuple[str, str]]
    """By local name: the module, and the name there."""
    root: Path
    tasks: tuple[tuple[str, str], ...]
    """Variable of the environment, and function."""


def find_tasks(root: Path) -> Mapping[str, Place | None]:
    """The tasks of the files under `root`; None where several have a name: who knows which one is
    deployed."""
    modules: dict[str, _Module] = {}
    for file, state in _files(root):
        if state.st_size <= _LARGEST:
            read = _read(file, state.st_mtime_ns, state.st_size)
            if read is not None:
                modules.setdefault(module_name(Path(file), read.root), read)
    found: dict[str, Place | None] = {}
    for name, module in modules.items():
        for variable, function in module.tasks:
            environment = _environment(variable, module, modules)
            if environment is not None:
                task = f"{environment}.{function}"
                place = Place(name, function, module.root)
                found[task] = place if task not in found else None
    return found


def _environment(
    variable: str, module: _Module, modules: Mapping[str, _Module], depth: int = 8
) -> str | None:
    """The name of an environment, through imports by name."""
    if variable in module.environments:
        return module.environments[variable]
    origin, name = module.imports.get(variable, ("", ""))
    if origin not in modules or depth == 0:
        return None
    return _environment(name, modules[origin], modules, depth - 1)


def _files(top: Path) -> Iterator[tuple[str, os.stat_result]]:
    """Python's, by path; hidden folders and virtual environments left out."""
    folders: list[str] = []
    try:
        entries = sorted(os.scandir(top), key=lambda entry: entry.name)
    except OSError:
        return
    if any(entry.name == "pyvenv.cfg" for entry in entries):
        return
    for entry in entries:
        try:
            if entry.is_dir(follow_symlinks=False):
                if not entry.name.startswith((".", "__pycache__", "node_modules")):
                    folders.append(entry.path)
            elif entry.name.endswith(".py"):
                yield entry.path, entry.stat()
        except OSError:  # gone since it was listed
            continue
    for folder in folders:
        yield from _files(Path(folder))


@lru_cache(maxsize=4096)
def _read(file: str, changed: int, size: int) -> _Module | None:
    """None for a file without environments and tasks, and for one that isn't Python."""
    del changed, size  # they tell one state of the file from another
    try:
        content = Path(file).read_bytes()
        if not any(sign in content for sign in _SIGNS):
            return None
        tree = ast.parse(content)
    except (OSError, ValueError, SyntaxError, RecursionError, MemoryError):
        return None
    environments: dict[str, str] = {}
    imports: dict[str, tuple[str, str]] = {}
    tasks: list[tuple[str, str]] = []
    for statement in tree.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id=variable)], value=ast.Call() as made)
                | ast.AnnAssign(target=ast.Name(id=variable), value=ast.Call() as made)
            ):
                if (name := _environment_name(made)) is not None:
                    environments[variable] = name
            case ast.ImportFrom(module=str(module), names=names, level=0):
                imports |= {each.asname or each.name: (module, each.name) for each in names}
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                tasks += [(variable, statement.name) for variable in _decorated_by(statement)]
            case _:
                continue
    root = module_root(Path(file))
    return _Module(environments=environments, imports=imports, root=root, tasks=tuple(tasks))


def _environment_name(made: ast.Call) -> str | None:
    called = made.func.attr if isinstance(made.func, ast.Attribute) else None
    called = made.func.id if isinstance(made.func, ast.Name) else called
    if called not in (_ENVIRONMENT, "clone_with"):
        return None
    written = [each.value for each in made.keywords if each.arg == "name"] or made.args[:1]
    match written:
        case [ast.Constant(value=str(name))]:
            return name
        case _:
            return None


def _decorated_by(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        made = decorator.func if isinstance(decorator, ast.Call) else decorator
        match made:
            case ast.Attribute(value=ast.Name(id=variable), attr=kind) if kind in _DECORATIONS:
                yield variable
            case _:
                continue
