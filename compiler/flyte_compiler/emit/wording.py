"""How signatures, fragments and types are cut to fit into a box."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Sequence

_HOLE = re.compile(r"\(__c_*\d+\n*\)")
"""A name that stands for a value, as lowering writes it."""
_HELD = re.compile(r"\((__c_*\d+)\n*\) (\S+=) (.*); (\w+) = \1\s*", re.DOTALL)
"""An assignment like `r += f()`, as lowering writes it where `r` is read before the call."""
_FLATTENED = re.compile(r"\[__c_*\d+( for __c_*\d+ in __c_*\d+)+\]")
"""What makes one list of the lists of nested loops."""
_CHOSEN = re.compile(r"\b__c_*case = \d+")
"""What the cases of a `match` became."""

LINE = 36
"""Characters of code in a line before it is broken or cut."""
CLUSTER_LINE = 56
"""The same, for a driver's own signature above its cluster."""
EDGE_LINE = 46
"""The same, for the types that flow along an arrow."""
PROSE_LINE = 44
"""The same, for words."""
BOX_LINES = 3
"""Lines of a fragment, or of a reason, before the rest is left out."""


def signature_lines(signature: str, width: int = LINE) -> tuple[str, ...]:
    """`(a: int, b: str) -> T` on one line where it fits, else broken between its parts."""
    if len(signature) <= width:
        return (signature,)
    head, result = _split_result(signature)
    last = () if result is None else (cut(f"-> {result}", width),)
    return (*_filled(_split_parameters(head[1:-1]), width), *last)


def fragment_lines(
    source: str, *, lines: int | None = BOX_LINES, width: int | None = LINE
) -> tuple[str, ...]:
    """The first lines of a fragment, its later lines moved to the left margin together.

    None for a number: all of them, or all of each.
    """
    first, _, rest = without_own_names(source).strip("\n").partition("\n")
    whole = [first.strip(), *textwrap.dedent(rest).splitlines()]
    shown = [line.rstrip() for line in whole if line.strip()]
    kept = shown if lines is None else shown[:lines]
    if len(shown) > len(kept):
        kept = [*kept, "…"]
    return tuple(line if width is None else cut(line, width) for line in kept)


def without_own_names(source: str) -> str:
    """A fragment as its reader knows it: `…` where a call was, the head of a `match`."""
    if _CHOSEN.search(source):
        source = source.partition("\n")[0]
    held = _HELD.fullmatch(source)
    if held is not None:
        source = f"{held[4]} {held[2]} {held[3]}"
    return _HOLE.sub("…", source)


def is_flattening(source: str) -> bool:
    """Whether a fragment only makes one list of lists, and has no text of the program in it."""
    return _FLATTENED.fullmatch(source.strip()) is not None


def prose_lines(text: str) -> tuple[str, ...]:
    """Words, broken between them; the end is left out where there are too many."""
    return tuple(textwrap.wrap(text, PROSE_LINE, max_lines=BOX_LINES, placeholder="…"))


def boundary(provided: str | None, expected: str | None) -> str | None:
    """One type where both sides agree or one is silent, else both."""
    if provided is None or expected is None or provided == expected:
        return provided or expected
    return f"{cut(provided, 22)} → {cut(expected, 22)}"


def cut(text: str, width: int = LINE) -> str:
    """One line of at most `width` characters."""
    line = " ".join(text.split()) if "\n" in text else text
    return line if len(line) <= width else f"{line[: width - 1]}…"


def _split_result(signature: str) -> tuple[str, str | None]:
    """The parameters in their parentheses, and the declared result."""
    head, arrow, result = signature.rpartition(") -> ")
    return (f"{head})", result) if arrow else (signature, None)


def _filled(parameters: Sequence[str], width: int) -> Iterable[str]:
    """As many parameters on a line as fit, in one pair of parentheses."""
    line = "("
    for place, parameter in enumerate(parameters):
        text = cut(parameter, width - 2) + (")" if place == len(parameters) - 1 else ",")
        if place and len(line) + len(text) + 1 > width:
            yield line
            line = f" {text}"
        else:
            line += f" {text}" if place else text
    yield line if parameters else "()"


def _split_parameters(inner: str) -> list[str]:
    """Split at the commas that stand in no bracket and no string."""
    parts, depth, quote, start = list[str](), 0, "", 0
    for index, character in enumerate(inner):
        if quote:
            quote = "" if character == quote and inner[index - 1] != "\\" else quote
        elif character in "\"'":
            quote = character
        elif character == "," and depth == 0:
            parts.append(inner[start:index].strip())
            start = index + 1
        else:
            depth += (character in "([{") - (character in ")]}")
    return [part for part in (*parts, inner[start:].strip()) if part]
