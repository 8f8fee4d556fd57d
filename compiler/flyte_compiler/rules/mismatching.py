"""What to say about a value that doesn't fit: what it is, where it comes from, and the cure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType

from flyte_compiler.callgraph.model import CallSite, Form, Kind, Use
from flyte_compiler.diagnostics.model import Label, Severity
from flyte_compiler.rules.facts import Facts
from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.boundary import Boundary, Origin
from flyte_compiler.typecheck.explain import Mismatch, Reason
from flyte_compiler.typecheck.model import ClassType, LiteralType, Type
from flyte_compiler.typecheck.show import show_apart
from flyte_compiler.typecheck.text import part_text

NEVER_CONVERTED = "values crossing from one task to another are never converted"

_AWAIT = re.compile(r"await\s+")
_CONVERTERS = frozenset({"int", "float", "str"})
_WORDS: Mapping[Reason, str] = MappingProxyType(
    {
        Reason.NOT_AWAITED: "a coroutine that is not awaited",
        Reason.NOT_CALLED: "a function, and not what it gives",
        Reason.NOT_COLLECTED: "an iterator whose elements nobody has collected",
        Reason.NONE: "`None`",
        Reason.MAYBE_NONE: "may be `None`",
        Reason.MAYBE_ERROR: "may be an exception",
    }
)


def severity_of(found: Mismatch) -> Severity:
    """A warning where some of what the value may be fits."""
    return Severity.WARNING if found.is_partial else Severity.ERROR


def types_of(boundary: Boundary) -> tuple[str, str]:
    """What is provided, and what is expected, as a message names them."""
    found = boundary.mismatch
    provided: Type = boundary.provided
    if found is not None and isinstance(found.provided, LiteralType) and not found.path:
        provided = found.provided
    shown = show_apart(provided, boundary.expected)
    return shown[0], shown[1]


def value_label(boundary: Boundary, found: Mismatch, facts: Facts) -> Label:
    """What the value is."""
    site = site_of_value(boundary.span, facts)
    provided = types_of(boundary)[0]
    words = _WORDS.get(found.reason) if not found.path else None
    if words is None:
        words = f"a `{provided}`"
        if found.path:
            where = " in ".join(part_text(each) for each in reversed(found.path))
            part, wanted = show_apart(found.provided, found.expected)
            words += f": the {where} is a `{part}`, not a `{wanted}`"
    is_result = site is not None and site.form not in (Form.MAP, Form.RUN)
    if site is not None and is_result and found.reason is not Reason.NOT_AWAITED:
        words += f", returned by {_kind(site)} `{site.callee.function.short_name}`"
    return Label(boundary.span, words)


def helps_of(boundary: Boundary, found: Mismatch, facts: Facts) -> Iterator[str]:
    """The cure, where there is one to name."""
    text = _text(boundary.span, facts)
    if "\n" in text or len(text) > 60:
        text = "..."
    site = site_of_value(boundary.span, facts)
    match found.reason:
        case Reason.NOT_AWAITED if not found.path:
            yield f"write `await {text}`"
        case Reason.NOT_COLLECTED if not found.path and isinstance(found.expected, ClassType):
            yield f"write `list({text})`"
        case Reason.SINGLE if not found.path and boundary.origin is not Origin.RETURN:
            yield f"write `[{text}]`"
        case Reason.MAYBE_NONE:
            yield "test for `None` first"
        case Reason.MAYBE_ERROR:
            yield "test with `isinstance(..., Exception)` first, or let the first error be raised"
        case Reason.OTHER_TYPE if not found.path and site is not None:
            expected = types_of(boundary)[1]
            place = site.callee.function.name_span
            where = f"{place.path.name}:{place.start.line}"
            yield f"make `{site.callee.function.short_name}` return `{expected}` ({where})"
        case Reason.OTHER_TYPE if not found.path:
            yield from _conversion(found, text)
        case _:
            return


def _conversion(found: Mismatch, text: str) -> Iterator[str]:
    given, wanted = show_apart(found.provided, found.expected)
    if {given, wanted} <= _CONVERTERS and text != "..." and not text.startswith(("'", '"')):
        yield f"write `{wanted}({text})`, if that is what is meant"


def site_of_value(span: Span, facts: Facts) -> CallSite | None:
    """The call that an expression is, awaited or not."""
    text = _text(span, facts)
    awaited = _AWAIT.match(text)
    for site in facts.call_graph.sites:
        if site.span == span:
            return site
        is_awaited = awaited is not None and site.span.end == span.end
        if is_awaited and site.span.path == span.path and span.start <= site.span.start:
            inside = _text(site.span, facts)
            if text[awaited.end() if awaited else 0 :] == inside:
                return site
    return None


def is_said_already(boundary: Boundary, found: Mismatch, facts: Facts) -> bool:
    """Whether the value is a coroutine of which FC203 says that nobody awaits it."""
    if found.reason is not Reason.NOT_AWAITED or found.path:
        return False
    site = site_of_value(boundary.span, facts)
    if site is not None:
        return site.use is Use.TASK_ARGUMENT
    text = _text(boundary.span, facts)
    caller = None if boundary.site is None else boundary.site.caller
    return any(
        each.kept_as == text and each.caller is caller and not each.escapes
        for each in facts.call_graph.sites
        if each.gives_coroutine
    )


def _kind(site: CallSite) -> str:
    match site.callee.kind:
        case Kind.TASK | Kind.COMPILED_TASK:
            return "the task"
        case Kind.TRACE:
            return "the trace"
        case Kind.HELPER:
            return "the function"


def _text(span: Span, facts: Facts) -> str:
    for index in facts.call_graph.modules.values():
        if index.source.path == span.path:
            return index.source.slice(span)
    return ""
