"""The texts that a report shows, read when it is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from flyte_compiler.diagnostics.model import Diagnostic
from flyte_compiler.source.fingerprint import fingerprint
from flyte_compiler.source.read import read_source
from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile


class TextsOnDisk(Mapping[Path, SourceFile]):
    """The files that diagnostics speak of; those alone that hold what they held when checked."""

    def __init__(self, diagnostics: Iterable[Diagnostic], marks: Iterable[str]) -> None:
        self._paths = dict.fromkeys(span.path for each in diagnostics for span in _spans(each))
        self._marks = frozenset(marks)
        self._read: dict[Path, SourceFile | None] = {}

    def __getitem__(self, path: Path) -> SourceFile:
        if path not in self._read:
            self._read[path] = self._text(path)
        text = self._read[path]
        if text is None:
            raise KeyError(path)
        return text

    def __iter__(self) -> Iterator[Path]:
        return (path for path in self._paths if path in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, path: object) -> bool:
        return self.get(path) is not None if isinstance(path, Path) else False

    def _text(self, path: Path) -> SourceFile | None:
        if path not in self._paths or fingerprint(path) not in self._marks:
            return None
        source = read_source(path, module="", shown=path)
        return source if isinstance(source, SourceFile) else None


def _spans(diagnostic: Diagnostic) -> Iterator[Span]:
    yield from (label.span for label in (diagnostic.primary, *diagnostic.labels))
    if diagnostic.fix is not None:
        yield from (edit.span for edit in diagnostic.fix.edits)
