"""Writing `asyncio.gather(...)` in place of awaits that stand side by side."""

from __future__ import annotations

import ast
from itertools import pairwise

from flyte_compiler.dataflow.names import local_names
from flyte_compiler.dataflow.trees import ModuleTree
from flyte_compiler.dataflow.waiting import Row
from flyte_compiler.diagnostics.model import Edit, Fix
from flyte_compiler.source.span import Span

_WIDEST = 88
_GATHER = "asyncio.gather"


def gathered(row: Row) -> Fix | None:
    """The fix that lets a row overlap; None where a comment would be lost, or `asyncio` means
    something else there, or the
    results go straight into a call."""
    if row.is_in_call:
        return None
    imported, span = _import(row), _span(row)
    if imported is None or span is None:
        return None
    name, edits = imported
    return Fix(
        title="await them together with `asyncio.gather`",
        edits=(*edits, Edit(span, _text(row, name, span))),
        safe=False,
    )


def _span(row: Row) -> Span | None:
    """What is replaced: only white space stands between the parts."""
    elements = row.elements.elts if row.elements is not None else ()
    parts = [row.module.span(each) for each in (*row.statements, *elements)]
    allowed = "" if row.statements else ","
    source = row.module.source
    for one, other in pairwise(parts):
        between = source.slice(Span(path=one.path, start=one.end, end=other.start))
        if between.strip() != allowed:
            return None
    if row.elements is not None:
        return row.module.span(row.elements)
    return Span(path=parts[0].path, start=parts[0].start, end=parts[-1].end)


def _text(row: Row, gather: str, span: Span) -> str:
    calls = [row.module.text(wait.call) for wait in row.waits]
    names = ", ".join(wait.target for wait in row.waits)
    start = f"{names} = " if row.statements else ""
    short = f"{start}await {gather}({', '.join(calls)})"
    line = row.module.source.line(span.start.line)
    indent = line[: len(line) - len(line.lstrip())]
    if span.start.column - 1 + len(short) <= _WIDEST and "\n" not in short:
        return short
    listed = "".join(f"{indent}    {call},\n" for call in calls)
    return f"{start}await {gather}(\n{listed}{indent})"


def _import(row: Row) -> tuple[str, tuple[Edit, ...]] | None:
    """What the function is called there, and what has to be imported for that."""
    names = row.module.names
    for local, what in names.imports.items():
        if what in ("asyncio", _GATHER) and _is_visible(row, local):
            return (local if what == _GATHER else f"{local}.gather"), ()
    is_free = "asyncio" not in names.bound | local_names(row.function) | set(names.imports)
    place = _first_import(row.module)
    if not is_free or place is None:
        return None
    start = row.module.span(place).start
    return _GATHER, (
        Edit(Span(path=row.module.source.path, start=start, end=start), "import asyncio\n"),
    )


def _is_visible(row: Row, local: str) -> bool:
    """Whether an import stands at the top of the module, and nothing hides it."""
    index = row.module.index
    return local not in local_names(row.function) and any(
        each.local == local and each.top_level and not each.is_guarded for each in index.imports
    )


def _first_import(module: ModuleTree) -> ast.stmt | None:
    return next(
        (
            each
            for each in module.tree.body
            if isinstance(each, ast.Import)
            or (isinstance(each, ast.ImportFrom) and each.module != "__future__")
        ),
        None,
    )
