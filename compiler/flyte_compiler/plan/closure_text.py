"""The text form of source closures: what each task of a module reaches, and what widened it."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_plan.closure import Closure, Sources, closure_of, task_functions
from flyte_plan.digest import show_digest

_SHOWN_DIGEST = 12
"""Characters of a digest that are shown: enough to tell two apart."""


def print_closures(module: str, sources: Sources) -> str:
    """The closures of a module's tasks, each line ending in a line break; nothing without tasks.

    A part's digest is of its own code: of two texts, the lines that differ name what was edited.
    """
    return "".join(
        f"{line}\n"
        for function in task_functions(module, sources)
        for line in _lines(f"{module}:{function}", closure_of(module, function, sources))
    )


def _lines(task: str, closure: Closure) -> Iterator[str]:
    yield f"closure {task}, digest {_shown(closure.digest)}"
    for part in closure.parts:
        yield f"  reaches {part.name}, digest {_shown(part.digest)}"
    yield from (f"  calls {task}" for task in closure.tasks)
    yield from (f"  uses package {package}" for package in closure.packages)
    yield from (f"  takes in all of {reason}" for reason in closure.widened)


def _shown(digest: bytes) -> str:
    return show_digest(digest)[:_SHOWN_DIGEST]
