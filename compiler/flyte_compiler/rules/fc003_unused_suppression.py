"""FC003: a comment silences a rule that says nothing there.

What was silenced is known only after every rule has run: the reporter asks `judge`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from flyte_compiler.diagnostics.model import Diagnostic, Edit, Fix, Label, Rule, Severity
from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.diagnostics.reporter import Unused
from flyte_compiler.diagnostics.suppress import Suppression, Word
from flyte_compiler.rules.catalogue import catalogue
from flyte_compiler.rules.facts import Facts
from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile

RULE = Rule("FC003", "unused-suppression", Severity.WARNING)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Nothing: no fact of a program says what its comments silenced."""
    del facts
    return iter(())


def judge(unused: Unused) -> Iterator[Diagnostic]:
    """One a comment, with the words that silence nothing; a word that names this rule is right."""
    words = [word for word in unused.words if not word.selector.matches(RULE)]
    if unused.words and not words:
        return
    first = words[0].span if words else unused.suppression.span
    unknown = [word for word in words if not _is_known(word)]
    edit = _removal(unused.suppression, words, unused.source)
    yield Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=_message(words, unknown),
        primary=Label(first, "no such rule" if words[:1] == unknown[:1] != [] else _why(unused)),
        labels=tuple(Label(word.span, _why(unused)) for word in words[1:]),
        helps=(*_near(unknown), "remove it"),
        fix=Fix(title="remove what silences nothing", edits=(edit,), safe=True),
    )


def _message(words: Iterable[Word], unknown: list[Word]) -> str:
    names = [f"`{word.selector.word}`" for word in words]
    if names and len(unknown) == len(names):
        return f"no rule is called {' or '.join(names)}"
    return f"{' and '.join(names)} silenced nothing" if names else "the comment silences nothing"


def _why(unused: Unused) -> str:
    if unused.suppression.lines:
        return "silences nothing here"
    text = unused.source.slice(unused.suppression.span).lower()
    if "ignore-file" in text:
        return "counts only above the first statement"
    return "stands on no line of a statement"


def _is_known(word: Word) -> bool:
    return any(word.selector.matches(entry) for entry in catalogue())


def _near(unknown: Iterable[Word]) -> Iterator[str]:
    names = [name for entry in catalogue() for name in (entry.code, entry.name)]
    for word in unknown:
        if (near := nearest(word.selector.word, names)) is not None:
            yield f"did you mean `{near}` for `{word.selector.word}`?"


def _removal(comment: Suppression, words: list[Word], source: SourceFile) -> Edit:
    """Of the comment with the blanks before it, and its line where it stands alone; of some words
    of its list, where others are right."""
    kept = [word for word in comment.words or () if word not in words]
    if kept:
        inside = Span(
            path=comment.span.path,
            start=(comment.words or ())[0].span.start,
            end=(comment.words or ())[-1].span.end,
        )
        return Edit(inside, ",".join(word.selector.word for word in kept))
    start, end = source.offset(comment.span.start), source.offset(comment.span.end)
    line_start = source.line_starts[comment.span.start.line - 1]
    before = source.text[line_start:start]
    rest = source.text[end:].partition("\n")[0].strip()
    if rest and not rest.startswith("#"):  # words for people: they lose what they explained
        end += len(source.text[end:].partition("\n")[0].rstrip())
        rest = ""
    if rest:  # another comment behind it takes its place
        end += len(source.text[end:]) - len(source.text[end:].lstrip(" \t"))
        return Edit(source.span(start, end), "")
    if not before.strip() and source.text[end : end + 1] == "\n":
        return Edit(source.span(line_start, end + 1), "")
    return Edit(source.span(line_start + len(before.rstrip()), end), "")
