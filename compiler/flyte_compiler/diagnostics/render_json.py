"""The rendering for programs: one JSON document, its schema fixed in the documentation.

Every diagnostic is in it, notes too: who reads it filters for himself. Lines and columns are
from 1, columns count characters, `end_column` is exclusive.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence

from flyte_compiler.diagnostics.model import Diagnostic, Edit, Fix, Label
from flyte_compiler.source.span import Span

VERSION = 1
"""Of the document; a reader of an older one still reads a newer one with the same number."""


def render_json(diagnostics: Iterable[Diagnostic], *, tasks: Sequence[Mapping[str, object]]) -> str:
    """The document, with a final line break; `tasks` are its rows, made by the caller."""
    document = {
        "version": VERSION,
        "tasks": list(tasks),
        "diagnostics": [_diagnostic(each) for each in diagnostics],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _diagnostic(diagnostic: Diagnostic) -> dict[str, object]:
    return {
        "code": diagnostic.rule.code,
        "name": diagnostic.rule.name,
        "severity": diagnostic.severity.value,
        "message": diagnostic.message,
        **_place(diagnostic.primary.span),
        "labels": [_label(each) for each in (diagnostic.primary, *diagnostic.labels)],
        "notes": list(diagnostic.notes),
        "helps": list(diagnostic.helps),
        "fix": None if diagnostic.fix is None else _fix(diagnostic.fix),
    }


def _place(span: Span) -> dict[str, object]:
    return {
        "file": span.path.as_posix(),
        "line": span.start.line,
        "column": span.start.column,
        "end_line": span.end.line,
        "end_column": span.end.column,
    }


def _label(label: Label) -> dict[str, object]:
    return {**_place(label.span), "text": label.text}


def _fix(fix: Fix) -> dict[str, object]:
    edits = [_edit(each) for each in fix.edits]
    return {"title": fix.title, "safe": fix.safe, "edits": edits}


def _edit(edit: Edit) -> dict[str, object]:
    return {**_place(edit.span), "replacement": edit.replacement}
