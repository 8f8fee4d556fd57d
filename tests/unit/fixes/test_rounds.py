from __future__ import annotations

from pathlib import Path

import pytest

from flyte_compiler.diagnostics.model import Diagnostic, Edit, Fix, Label, Rule, Severity
from flyte_compiler.diagnostics.select import Selection, parse_selectors
from flyte_compiler.fixes.choose import choose, fixable
from flyte_compiler.fixes.difference import unified
from flyte_compiler.fixes.rounds import next_round
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.parse import Parsed, parse

RULE = Rule("FC203", "unawaited-task", Severity.ERROR)
PATH = Path("a.py")


def source_of(text: str) -> SourceFile:
    return SourceFile(path=PATH, module="a", text=text)


def edit(source: SourceFile, word: str, replacement: str) -> Edit:
    """Replace the one place of a word; `|word` puts in before it."""
    bare = word.lstrip("|")
    start = source.text.index(bare)
    return Edit(source.span(start, start if word != bare else start + len(bare)), replacement)


def fault(*edits: Edit, safe: bool = True) -> Diagnostic:
    return Diagnostic(
        rule=RULE,
        severity=Severity.ERROR,
        message="wrong",
        primary=Label(edits[0].span, "here"),
        fix=Fix(title="mend it", edits=edits, safe=safe),
    )


def parses(source: SourceFile) -> bool:
    return isinstance(parse(source), Parsed)


def fixed_text(source: SourceFile, *faults: Diagnostic) -> str:
    (change,) = next_round(faults, {PATH: source}, parses).changes
    return change.after


def test_fixes_that_lie_apart_go_in_together() -> None:
    source = source_of("a = one()\nb = two()\n")
    faults = [fault(edit(source, "one", "eins")), fault(edit(source, "|two", "await_"))]
    assert fixed_text(source, *faults) == "a = eins()\nb = await_two()\n"


def test_of_fixes_that_overlap_the_first_goes_in() -> None:
    source = source_of("a = one(two)\n")
    outer, inner = fault(edit(source, "one(two)", "x")), fault(edit(source, "two", "y"))
    assert choose([outer, inner]) == (outer,)
    assert choose([inner, outer]) == (inner,)


def test_two_texts_are_not_put_in_at_one_place() -> None:
    source = source_of("a = one()\n")
    here, too = fault(edit(source, "|one", "x")), fault(edit(source, "|one", "y"))
    assert choose([here, too]) == (here,)
    replaced = fault(edit(source, "one", "eins"))
    assert choose([here, replaced]) == (here,)


def test_a_fix_goes_in_whole_or_not_at_all() -> None:
    source = source_of("a = one(two)\nb = three\n")
    first = fault(edit(source, "two", "zwei"))
    second = fault(edit(source, "one(two)", "eins"), edit(source, "three", "drei"))
    assert fixed_text(source, first, second) == "a = one(zwei)\nb = three\n"


def test_a_fix_that_contradicts_itself_is_left_out() -> None:
    source = source_of("a = one\n")
    assert choose([fault(edit(source, "one", "x"), edit(source, "one", "y"))]) == ()


def test_a_fix_that_breaks_the_file_is_left_out_and_said() -> None:
    source = source_of("a = one\nb = two\n")
    good, bad = fault(edit(source, "one", "eins")), fault(edit(source, "two", "(("))
    found = next_round([good, bad], {PATH: source}, parses)
    assert (found.fixed, found.broken) == ((good,), (bad,))
    assert found.changes[0].after == "a = eins\nb = two\n"


def test_where_two_fixes_only_break_a_file_together_one_waits() -> None:
    source = source_of("a = f(x=1, y=2)\n")
    one, other = fault(edit(source, "x", "z")), fault(edit(source, "y", "z"))
    found = next_round([one, other], {PATH: source}, parses)
    assert (found.fixed, found.broken) == ((one,), ())
    assert found.changes[0].after == "a = f(z=1, y=2)\n"


def test_what_is_put_in_has_the_line_breaks_of_the_file() -> None:
    source = source_of("a = one\r\nb = 2\r\n")
    assert (
        fixed_text(source, fault(edit(source, "one", "(\n1\n)"))) == "a = (\r\n1\r\n)\r\nb = 2\r\n"
    )


def test_columns_count_characters() -> None:
    source = source_of('a = "😀é"; b = one\n')
    assert fixed_text(source, fault(edit(source, "one", "1"))) == 'a = "😀é"; b = 1\n'


def test_a_file_whose_text_is_gone_waits() -> None:
    source = source_of("a = one\n")
    assert next_round([fault(edit(source, "one", "1"))], {}, parses).changes == ()


@pytest.mark.parametrize(
    ("select", "count"), [("", 0), ("FC2", 0), ("FC203", 1), ("unawaited-task", 1)]
)
def test_an_unsafe_fix_must_be_asked_for_by_the_rules_own_name(select: str, count: int) -> None:
    unsafe = fault(edit(source_of("one\n"), "one", "1"), safe=False)
    asked = Selection(select=parse_selectors(select, [RULE]))
    assert len(fixable([unsafe], asked, lambda path: True)) == count


def test_files_that_were_not_given_are_left() -> None:
    safe = fault(edit(source_of("one\n"), "one", "1"))
    assert fixable([safe], Selection(), lambda path: path == PATH) == (safe,)
    assert fixable([safe], Selection(), lambda path: path != PATH) == ()


def test_a_difference_is_a_patch() -> None:
    shown = "".join(unified(PATH, "a\x0cb\none", "a\x0cb\ntwo"))
    assert shown == (
        "--- a.py\n+++ a.py\n@@ -1,2 +1,2 @@\n a\x0cb\n"
        "-one\n\\ No newline at end of file\n+two\n\\ No newline at end of file\n"
    )
    assert "".join(unified(PATH, "same\n", "same\n")) == ""
