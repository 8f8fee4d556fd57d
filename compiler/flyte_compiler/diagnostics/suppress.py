"""Comments that silence a diagnostic.

`# flyte: ignore[FC301,unawaited-task]` on any line of a statement silences these rules for
diagnostics that start in it; without brackets, all of them. `# flyte: ignore-file[...]` does so
for the file, and counts only above the first statement (the module's docstring aside).
`# type: ignore[flyte-argument-type]` silences the rule of that name; `# type: ignore`, bare or with
a code of mypy's own, what mypy found. A statement's lines are those of its own text: of a compound
one the header, decorators included.

Comments are what the tokenizer says is one, never text inside a string.
"""

from __future__ import annotations

import io
import re
import tokenize
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

from flyte_compiler.diagnostics.model import Rule
from flyte_compiler.diagnostics.select import Selector
from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile

_COMMENT = re.compile(
    r"#\s*flyte:\s*ignore(?P<file>-file)?(?:\[(?P<words>[^\]]*)\])?(?=\s|#|$)", re.IGNORECASE
)
_TYPE_COMMENT = re.compile(r"#\s*type:\s*ignore(?:\[(?P<words>[^\]]*)\])?(?=\s|#|$)")
_ANY_COMMENT = re.compile(r"#\s*(?:flyte|type):\s*ignore", re.IGNORECASE)
_WORD = re.compile(r"[^\s,]+")
_PYTHON_TYPE_ERROR = "python-type-error"
_MYPY_CODES = frozenset(
    {"operator", "index", "call-arg", "arg-type", "attr-defined", "unused-coroutine"}
)
"""Those of mypy's findings that are reported here, too."""
_PLUGIN = "flyte-"
"""Before a rule's name, in the codes of the mypy plugin."""
_LAYOUT = frozenset({tokenize.NL, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER})
_EVERY_LINE = range(1, 2**31)


@dataclass(frozen=True, slots=True)
class Word:
    """One word between a comment's brackets."""

    selector: Selector
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppression:
    """One comment, and the lines it speaks for."""

    words: tuple[Word, ...] | None
    """None: every rule."""
    lines: range
    span: Span
    """Of the comment, up to the next one on its line."""
    is_ours: bool
    """Whether it isn't mypy's, who says himself where it silences nothing."""

    def silences(self, rule: Rule, line: int) -> bool:
        """Whether it silences a rule's diagnostic that starts on a line."""
        if line not in self.lines:
            return False
        return self.words is None or any(word.selector.matches(rule) for word in self.words)


def find_suppressions(source: SourceFile) -> tuple[Suppression, ...]:
    """The file's suppressions in order; up to its first fault where it can't be tokenized."""
    if _ANY_COMMENT.search(source.text) is None:
        return ()
    return tuple(_suppressions(_statements(source), source))


_Comment: TypeAlias = tokenize.TokenInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class _Statement:
    """The lines of one logical line, or of a comment that stands alone."""

    lines: range
    comments: tuple[_Comment, ...]
    first_word: str
    """Empty for a comment that stands alone."""
    is_text: bool
    """Whether it is only strings: a docstring, where it is the first."""


def _suppressions(statements: Iterable[_Statement], source: SourceFile) -> Iterator[Suppression]:
    at_top = True
    for statement in statements:
        at_top = at_top and (not statement.first_word or statement.is_text)
        for comment in statement.comments:
            start = source.line_starts[comment.start[0] - 1] + comment.start[1]
            for found in _COMMENT.finditer(comment.string):
                lines = _lines_of(statement, is_file=found["file"] is not None, at_top=at_top)
                yield Suppression(
                    words=_words(found, start, source),
                    lines=lines,
                    span=source.span(start + found.start(), start + found.end()),
                    is_ours=True,
                )
            for found in _TYPE_COMMENT.finditer(comment.string):
                yield _of_mypy(found, statement, start, source)


def _of_mypy(
    found: re.Match[str], statement: _Statement, start: int, source: SourceFile
) -> Suppression:
    span = source.span(start + found.start(), start + found.end())
    codes = _WORD.findall(found["words"]) if found["words"] else [_PYTHON_TYPE_ERROR]
    names = (
        _PYTHON_TYPE_ERROR if code in _MYPY_CODES else code.removeprefix(_PLUGIN)
        for code in codes
        if code in _MYPY_CODES or code.startswith(_PLUGIN) or code == _PYTHON_TYPE_ERROR
    )
    return Suppression(
        words=tuple(Word(Selector(name), span) for name in names),
        lines=_lines_of(statement, is_file=False, at_top=False),
        span=span,
        is_ours=False,
    )


def _lines_of(statement: _Statement, *, is_file: bool, at_top: bool) -> range:
    """The lines that a comment speaks for: none for one that stands where it means nothing."""
    if is_file:
        return _EVERY_LINE if at_top else range(0)
    return statement.lines if statement.first_word else range(0)


def _words(found: re.Match[str], start: int, source: SourceFile) -> tuple[Word, ...] | None:
    if found["words"] is None:
        return None
    inside = start + found.start("words")
    return tuple(
        Word(
            Selector(word.group()),
            source.span(inside + word.start(), inside + word.end()),
        )
        for word in _WORD.finditer(found["words"])
    )


def _statements(source: SourceFile) -> Iterator[_Statement]:
    """Logical lines, decorators joined to the definition that they decorate."""
    decorators: list[_Statement] = []
    for statement in _logical_lines(source):
        if statement.first_word == "@" or (decorators and not statement.first_word):
            decorators.append(statement)
            continue
        yield _joined(decorators, statement)
        decorators.clear()
    yield from decorators


def _joined(decorators: Sequence[_Statement], definition: _Statement) -> _Statement:
    if not decorators:
        return definition
    return replace(
        definition,
        lines=range(decorators[0].lines.start, definition.lines.stop),
        comments=tuple(each for part in (*decorators, definition) for each in part.comments),
    )


def _logical_lines(source: SourceFile) -> Iterator[_Statement]:
    tokens: list[tokenize.TokenInfo] = []
    for token in _tokens(source):
        if token.type in _LAYOUT:
            continue
        tokens.append(token)
        stands_alone = token.type == tokenize.COMMENT and len(tokens) == 1
        if stands_alone or token.type == tokenize.NEWLINE:
            yield _statement(tokens)
            tokens.clear()
    if tokens:
        yield _statement(tokens)


def _statement(tokens: Sequence[tokenize.TokenInfo]) -> _Statement:
    marks = (tokenize.COMMENT, tokenize.NEWLINE)
    code = [token for token in tokens if token.type not in marks]
    return _Statement(
        lines=range(tokens[0].start[0], tokens[-1].start[0] + 1),
        comments=tuple(token for token in tokens if token.type == tokenize.COMMENT),
        first_word=code[0].string if code else "",
        is_text=bool(code) and all(token.type == tokenize.STRING for token in code),
    )


def _tokens(source: SourceFile) -> Iterator[tokenize.TokenInfo]:
    try:
        yield from tokenize.generate_tokens(io.StringIO(source.text, newline=None).readline)
    except (tokenize.TokenError, SyntaxError):
        return
