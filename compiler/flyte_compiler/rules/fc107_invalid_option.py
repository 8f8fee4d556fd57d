"""FC107: an option's value is written out and is none that it can have, or there is no such option.

The table is in `options.py`; which exclude each other, in `option_clashes.py`.
"""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import CallArgument, LibraryCall
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.rules.binding import keyword_span
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.option_clashes import Clash, clashes
from flyte_compiler.rules.options import OPTIONS, Options
from flyte_compiler.rules.written_values import UNKNOWN, written_value
from flyte_compiler.source.span import Span
from flyte_compiler.source.text import SourceFile

RULE = Rule("FC107", "invalid-option", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """What a call's text proves; an unknown option is a warning: other versions may know it."""
    for call in facts.call_graph.library_calls:
        if (options := OPTIONS.get(call.name)) is not None:
            source = facts.call_graph.modules[call.module].source
            for name, argument in _named(call, options):
                yield from _about(call, options, name, argument, source)
    yield from map(_clashing, clashes(facts.call_graph))


def _named(call: LibraryCall, options: Options) -> Iterator[tuple[str, CallArgument]]:
    """The arguments by the name of their option, up to where stars hide which is which."""
    is_hidden = False
    for place, argument in enumerate(call.arguments):
        is_hidden |= argument.star == "*"
        if argument.keyword is not None:
            yield argument.keyword, argument
        elif not argument.star and not is_hidden and place < len(options.positions):
            yield options.positions[place], argument


def _about(
    call: LibraryCall, options: Options, name: str, argument: CallArgument, source: SourceFile
) -> Iterator[Diagnostic]:
    refused = options.refused.get(name)
    if refused is not None:
        yield Diagnostic(
            rule=RULE,
            severity=RULE.severity,
            message=f"`{name}` {refused.fact}",
            primary=Label(keyword_span(argument, source), refused.fact),
            helps=refused.helps,
        )
    elif name not in options.checks:
        yield _unknown(call, options, name, keyword_span(argument, source))
    else:
        yield from _about_value(call, options, name, argument)


def _about_value(
    call: LibraryCall, options: Options, name: str, argument: CallArgument
) -> Iterator[Diagnostic]:
    value = written_value(argument.text)
    is_unsaid = value is UNKNOWN or (value is None and name not in options.needed)
    if not is_unsaid and (expected := options.checks[name](value)) is not None:
        yield Diagnostic(
            rule=RULE,
            severity=RULE.severity,
            message=f"`{argument.text}` is an invalid value for `{name}` of `{_shown(call)}`",
            primary=Label(argument.span, f"expected {expected}"),
        )


def _unknown(call: LibraryCall, options: Options, name: str, place: Span) -> Diagnostic:
    near = nearest(name, options.checks)
    return Diagnostic(
        rule=RULE,
        severity=Severity.WARNING,
        message=f"`{_shown(call)}` has no option `{name}`",
        primary=Label(place, "no such option"),
        helps=(f"did you mean `{near}`?",) if near else (),
    )


def _clashing(clash: Clash) -> Diagnostic:
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=clash.message,
        primary=clash.primary,
        labels=clash.labels,
        helps=(clash.help,),
    )


def _shown(call: LibraryCall) -> str:
    return call.name.removeprefix("TaskEnvironment.").removeprefix("Task.")
