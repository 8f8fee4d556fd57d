"""The rendering for a person: a header, the source with labels under it, notes and helps.

error[FC301]: `train` expects `int` for `epochs`, but receives `str`
  --> train.py:31:31
   |
31 |     model = await train(data, pick_epochs(cfg))
   |                               ^^^^^^^^^^^^^^^^ a `str`
   |
   = help: make `pick_epochs` return `int` (train.py:20)
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from flyte_compiler.diagnostics.display import visible
from flyte_compiler.diagnostics.excerpt import Frame, Mark, excerpt, marks_of, widest_number
from flyte_compiler.diagnostics.model import Diagnostic
from flyte_compiler.diagnostics.paint import Paint, Role, plain, role_of
from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile


def render_full(
    diagnostic: Diagnostic, sources: Mapping[Path, SourceFile], *, paint: Paint = plain
) -> str:
    """One diagnostic, without a final line break.

    A file that isn't in `sources` has no text to show (it couldn't be read): its place is named.
    """
    return "\n".join(_lines(diagnostic, sources, paint))


def _lines(
    diagnostic: Diagnostic, sources: Mapping[Path, SourceFile], paint: Paint
) -> Iterator[str]:
    marks = _marks_by_path(diagnostic, sources)
    frame = Frame(
        gutter=widest_number([mark for group in marks.values() for mark in group]),
        paint=paint,
        primary=role_of(diagnostic.severity),
    )
    yield _header(diagnostic, frame)
    places = _places(diagnostic)
    for index, (path, place) in enumerate(places.items()):
        if index:
            yield frame.beside()
        arrow = ":::" if index else "-->"
        yield f"{' ' * frame.gutter}{paint(Role.FRAME, arrow)} {visible(str(place))}"
        if path in sources:
            yield frame.beside()
            yield from excerpt(sources[path], marks[path], frame)
    yield from _remarks(diagnostic, frame)


def _header(diagnostic: Diagnostic, frame: Frame) -> str:
    head = frame.paint(frame.primary, f"{diagnostic.severity.value}[{diagnostic.rule.code}]")
    return head + frame.paint(Role.MESSAGE, f": {visible(diagnostic.message)}")


def _places(diagnostic: Diagnostic) -> Mapping[Path, Span]:
    """The files to show, the primary's first, each with the first place labelled in it."""
    places = {diagnostic.primary.span.path: diagnostic.primary.span}
    for label in diagnostic.labels:
        places.setdefault(label.span.path, label.span)
    return places


def _marks_by_path(
    diagnostic: Diagnostic, sources: Mapping[Path, SourceFile]
) -> Mapping[Path, list[Mark]]:
    marks: dict[Path, list[Mark]] = {}
    for label in (diagnostic.primary, *diagnostic.labels):
        source = sources.get(label.span.path)
        if source is None:
            continue
        is_primary = label is diagnostic.primary
        here = marks.setdefault(label.span.path, [])
        here.extend(marks_of(label, source, is_primary=is_primary))
    return marks


def _remarks(diagnostic: Diagnostic, frame: Frame) -> Iterator[str]:
    remarks = [("note", text) for text in diagnostic.notes]
    remarks += [("help", text) for text in diagnostic.helps]
    if remarks:
        yield frame.beside()
    for word, text in remarks:
        lead = " " * frame.gutter + " " + frame.paint(Role.FRAME, "=")
        yield f"{lead} {frame.paint(Role.MESSAGE, word)}: {visible(text)}"
