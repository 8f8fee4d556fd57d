"""Lines of one file with labels under them.

    12 | async def train(data: File, epochs: int) -> Model:
       |                             ----------- expected here

Labels that share a line share its underline; their texts hang below, the rightmost one beside
it. A span of several lines is underlined on its first and its last line, and its text stands
under the last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flyte_compiler.diagnostics.display import DisplayLine, display_line, display_width, visible
from flyte_compiler.diagnostics.model import Label
from flyte_compiler.diagnostics.paint import Paint, Role
from flyte_compiler.source.span import Position
from flyte_compiler.source.text import SourceFile

WIDEST = 110
"""Columns of source shown; a longer line is cut around its labels."""
_BEFORE = 20
"""Columns kept before the first label of a cut line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What one label underlines on one line, in characters from 1, half-open."""

    line: int
    start: int
    end: int
    text: str
    is_primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class _Underline:
    """A mark in columns of the terminal, from 0."""

    start: int
    end: int
    text: str
    is_primary: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """What every line of an excerpt shares."""

    gutter: int
    """Columns for line numbers."""
    paint: Paint
    primary: Role

    def numbered(self, number: int, text: str) -> str:
        """A line of source."""
        lead = self.paint(Role.FRAME, f"{number:>{self.gutter}} |")
        return f"{lead} {text}" if text else lead

    def beside(self, text: str = "") -> str:
        """A line that isn't source."""
        lead = self.paint(Role.FRAME, f"{'':>{self.gutter}} |")
        return f"{lead} {text}" if text else lead

    def role(self, *, is_primary: bool) -> Role:
        """The colour of a mark."""
        return self.primary if is_primary else Role.SECONDARY


def marks_of(label: Label, source: SourceFile, *, is_primary: bool) -> Iterator[Mark]:
    """The lines that a label touches: one, or the first and the last of its span."""
    start, end = label.span.start, _end_on_text(label, source)
    text = visible(label.text)
    if start.line == end.line:
        yield Mark(
            line=start.line, start=start.column, end=end.column, text=text, is_primary=is_primary
        )
        return
    first, last = source.line(start.line), source.line(end.line)
    rest = len(first) + 1
    yield Mark(line=start.line, start=start.column, end=rest, text="", is_primary=is_primary)
    indented = len(last) - len(last.lstrip()) + 1
    yield Mark(
        line=end.line,
        start=min(indented, end.column - 1),
        end=end.column,
        text=text,
        is_primary=is_primary,
    )


def _end_on_text(label: Label, source: SourceFile) -> Position:
    """The end of a span, moved back where it stands before the first character of a line."""
    start, end = label.span.start, label.span.end
    if end.column == 1 and end.line > start.line:
        return Position(end.line - 1, len(source.line(end.line - 1)) + 1)
    return end


def excerpt(source: SourceFile, marks: Sequence[Mark], frame: Frame) -> Iterator[str]:
    """The marked lines of a file in order, each with what hangs below it."""
    numbers = sorted({mark.line for mark in marks})
    for number in numbers:
        here = [mark for mark in marks if mark.line == number]
        line, underlines = _laid_out(display_line(source.line(number)), here)
        yield frame.numbered(number, line.text.rstrip())
        for hung in _hung_below(underlines, frame):
            yield frame.beside(hung)


def _laid_out(
    line: DisplayLine, marks: Sequence[Mark]
) -> tuple[DisplayLine, tuple[_Underline, ...]]:
    """The line as shown, cut where it is too long, and its marks in columns, from left to right."""
    cut = _cut_around(line, marks)
    underlines = (_underline(cut, mark) for mark in marks)
    return cut, tuple(sorted(underlines, key=lambda each: (each.start, each.end)))


def _cut_around(line: DisplayLine, marks: Sequence[Mark]) -> DisplayLine:
    if line.columns[-1] <= WIDEST:
        return line
    wanted = next((mark for mark in marks if mark.is_primary), marks[0])
    first = min(line.column(mark.start) for mark in marks)
    if line.column(wanted.end) - first > WIDEST - _BEFORE:
        first = line.column(wanted.start)
    return line.cut(start=first - _BEFORE if first > _BEFORE else 0, width=WIDEST)


def _underline(line: DisplayLine, mark: Mark) -> _Underline:
    start = line.column(mark.start)
    end = max(line.column(mark.end), start + 1)  # an empty span is still a place
    return _Underline(start=start, end=end, text=mark.text, is_primary=mark.is_primary)


def _hung_below(underlines: Sequence[_Underline], frame: Frame) -> Iterator[str]:
    """The underline, with the last text beside it, then the other texts, right to left."""
    beside = _rightmost(underlines)
    painted = _painted_underline(underlines, frame)
    text = beside.text if beside else ""
    if beside is not None and text:
        painted += " " + frame.paint(frame.role(is_primary=beside.is_primary), text)
    yield painted
    below = [each for each in underlines if each.text and each is not beside]
    if below:
        yield _bars(below, frame)
    while below:
        last = below.pop()
        bars = _bars([each for each in below if each.start < last.start], frame)
        room = " " * (last.start - _width_of_bars(below, last))
        yield bars + room + frame.paint(frame.role(is_primary=last.is_primary), last.text)


def _rightmost(underlines: Sequence[_Underline]) -> _Underline | None:
    """The underline whose text fits beside it: none ends after it, and none other starts there."""
    end = max(each.end for each in underlines)
    last = [each for each in underlines if each.end == end and each.text]
    return last[-1] if last else None


def _painted_underline(underlines: Sequence[_Underline], frame: Frame) -> str:
    """`^` for the primary, which is never hidden by another, `-` for the others."""
    cells: list[tuple[str, Role | None]] = [(" ", None)] * max(each.end for each in underlines)
    for each in sorted(underlines, key=lambda each: each.is_primary):
        mark = ("^" if each.is_primary else "-", frame.role(is_primary=each.is_primary))
        cells[each.start : each.end] = [mark] * (each.end - each.start)
    return _runs(cells, frame)


def _runs(cells: Sequence[tuple[str, Role | None]], frame: Frame) -> str:
    """Cells as text, one colour change a run."""
    pieces: list[str] = []
    start = 0
    for index in range(1, len(cells) + 1):
        if index < len(cells) and cells[index] == cells[start]:
            continue
        mark, role = cells[start]
        run = mark * (index - start)
        pieces.append(run if role is None else frame.paint(role, run))
        start = index
    return "".join(pieces)


def _bars(underlines: Sequence[_Underline], frame: Frame) -> str:
    """A `|` under the start of each."""
    if not underlines:
        return ""
    cells: list[tuple[str, Role | None]] = [(" ", None)] * (underlines[-1].start + 1)
    for each in sorted(underlines, key=lambda each: each.is_primary):
        cells[each.start] = ("|", frame.role(is_primary=each.is_primary))
    return _runs(cells, frame)


def _width_of_bars(below: Sequence[_Underline], last: _Underline) -> int:
    return max((each.start + 1 for each in below if each.start < last.start), default=0)


def widest_number(marks: Sequence[Mark]) -> int:
    """Columns that the largest line number takes."""
    return max((display_width(str(mark.line)) for mark in marks), default=1)
