"""The rendering for code scanning: one SARIF 2.1.0 document, which holds notes too.

Columns count characters. Paths are URIs from the top of the repository where they lie in it, and
absolute elsewhere. A fingerprint knows a fault again after lines moved: it comes from the rule, the
file, the text of the line, and the place among equal ones.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from flyte_compiler.diagnostics.model import Diagnostic, Edit, Fix, Label, Rule, Severity
from flyte_compiler.diagnostics.prose import prose
from flyte_compiler.diagnostics.repository import Repository
from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_BASE = "%SRCROOT%"
_FINGERPRINT = "flyteCompileLine/v1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A rule and what its page says."""

    rule: Rule
    summary: str
    """The first sentence of what it does."""
    page: str
    """All of it, as Markdown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What a document is about, beside the diagnostics."""

    version: str
    """Of the program."""
    repository: Repository
    rules: Sequence[Described]
    """Every rule that a diagnostic may be of."""
    sources: Mapping[Path, SourceFile]
    """By the path that diagnostics show."""


def render_sarif(diagnostics: Sequence[Diagnostic], run: Run) -> str:
    """The document, with a final line break."""
    places = {each.rule.code: place for place, each in enumerate(run.rules)}
    results = [
        _result(each, places[each.rule.code], fingerprint, run)
        for each, fingerprint in zip(diagnostics, _fingerprints(diagnostics, run), strict=True)
    ]
    document = {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": _driver(run)},
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {_BASE: {"uri": _folder_uri(run.repository.top)}},
                "results": results,
            }
        ],
    }
    return json.dumps(document, indent=2, ensure_ascii=True) + "\n"


def _driver(run: Run) -> dict[str, object]:
    return {
        "name": "flyte-compile",
        "version": run.version,
        "rules": [_rule(each) for each in run.rules],
    }


def _rule(described: Described) -> dict[str, object]:
    rule = described.rule
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": {"text": _message(described.summary)},
        "help": {"text": _message(described.page), "markdown": described.page},
        "defaultConfiguration": {"level": _level(rule.severity)},
        "properties": {"tags": ["flyte"]},
    }


def _result(diagnostic: Diagnostic, place: int, fingerprint: str, run: Run) -> dict[str, object]:
    result: dict[str, object] = {
        "ruleId": diagnostic.rule.code,
        "ruleIndex": place,
        "level": _level(diagnostic.severity),
        "message": {"text": _message(prose(diagnostic))},
        "locations": [_location(diagnostic.primary, run)],
        "partialFingerprints": {_FINGERPRINT: fingerprint},
    }
    if diagnostic.labels:
        related = enumerate(diagnostic.labels, start=1)
        result["relatedLocations"] = [{"id": each, **_location(at, run)} for each, at in related]
    if diagnostic.fix is not None:
        result["fixes"] = [_fix(diagnostic.fix, run)]
    return result


def _level(severity: Severity) -> str:
    """SARIF has the same three words."""
    return severity.value


def _message(text: str) -> str:
    """Plain text, in which `[x](y)` would be a link: `list[str](rows)` is none."""
    return text.replace("](", "\\](") if "](" in text else text


def _location(label: Label, run: Run) -> dict[str, object]:
    location: dict[str, object] = {
        "physicalLocation": {
            "artifactLocation": _artifact(label.span.path, run),
            "region": _region(label.span),
        }
    }
    if label.text:
        location["message"] = {"text": _message(label.text)}
    return location


def _region(span: Span) -> dict[str, int]:
    return {
        "startLine": span.start.line,
        "startColumn": span.start.column,
        "endLine": span.end.line,
        "endColumn": span.end.column,
    }


def _fix(fix: Fix, run: Run) -> dict[str, object]:
    paths = dict.fromkeys(edit.span.path for edit in fix.edits)
    changes = [
        {
            "artifactLocation": _artifact(path, run),
            "replacements": [_replacement(edit) for edit in fix.edits if edit.span.path == path],
        }
        for path in paths
    ]
    return {"description": {"text": _message(fix.title)}, "artifactChanges": changes}


def _replacement(edit: Edit) -> dict[str, object]:
    return {
        "deletedRegion": _region(edit.span),
        "insertedContent": {"text": edit.replacement},
    }


def _artifact(path: Path, run: Run) -> dict[str, str]:
    """A path by its URI."""
    name = run.repository.name_of(path)
    if name is None:
        return {"uri": run.repository.absolute(path).as_uri()}
    return {"uri": quote(name.encode(errors="surrogateescape")), "uriBaseId": _BASE}


def _folder_uri(folder: Path) -> str:
    return folder.as_uri().rstrip("/") + "/"


def _fingerprints(diagnostics: Iterable[Diagnostic], run: Run) -> list[str]:
    seen: Counter[tuple[str, str, str]] = Counter()
    made: list[str] = []
    for each in diagnostics:
        span = each.primary.span
        source = run.sources.get(span.path)
        line = source.line(span.start.line).strip() if source else ""
        told = (each.rule.code, _artifact(span.path, run)["uri"], line)
        made.append(_digest(*told, str(seen[told])))
        seen[told] += 1
    return made


def _digest(*words: str) -> str:
    told = json.dumps(words).encode()
    return hashlib.sha256(told).hexdigest()[:32]
