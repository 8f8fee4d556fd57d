"""FC302: a call and its callee's parameters don't fit: missing, unknown, twice, or too many."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flyte_compiler.callgraph.model import CallArgument, CallSite
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.rules.binding import Mismatch, keyword_span, mismatch
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.listing import listed, plural, quoted
from flyte_compiler.rules.renaming import free_names, renamed
from flyte_compiler.source.text import SourceFile
from flyte_compiler.syntax.model import Parameter

RULE = Rule("FC302", "argument-count", Severity.ERROR)


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a call, whatever the number of arguments that don't fit."""
    for site in facts.task_sites():
        found = mismatch(site)
        if found is None:
            continue
        source = facts.call_graph.modules[site.module].source
        first, *others = _labels_at_call(site, found, source)
        yield Diagnostic(
            rule=RULE,
            severity=RULE.severity,
            message=f"`{site.callee.function.short_name}` {listed(list(_facts(site, found)))}",
            primary=first,
            labels=(*others, _label_at_definition(site, found)),
            helps=tuple(_helps(site, found)),
            fix=renamed(site, found, source),
        )


def _facts(site: CallSite, found: Mismatch) -> Iterator[str]:
    """What is wrong, as predicates of the callee."""
    if found.unknown:
        yield f"has no parameter{plural(len(found.unknown))} {_keywords(found.unknown)}"
    if found.duplicate:
        yield f"receives {_keywords(found.duplicate)} twice"
    if found.surplus:
        given = sum(each.keyword is None and not each.star for each in site.arguments)
        most = given - len(found.surplus)
        yield f"takes {most or 'no'} positional argument{plural(most)}, but receives {given}"
    if found.missing:
        yield f"is missing {quoted([each.name for each in found.missing])}"


def _labels_at_call(site: CallSite, found: Mismatch, source: SourceFile) -> Iterator[Label]:
    for argument in found.unknown:
        yield Label(keyword_span(argument, source), "no such parameter")
    for argument in found.duplicate:
        yield Label(keyword_span(argument, source), "already given by position")
    if found.surplus:
        yield Label(found.surplus[0].span, "one too many")
    if not (found.unknown or found.duplicate or found.surplus):
        yield Label(site.callee_span, f"called without {quoted(_names(found.missing))}")


def _label_at_definition(site: CallSite, found: Mismatch) -> Label:
    if len(found.missing) == 1:
        return Label(found.missing[0].span, "required here")
    names = _names(site.callee.function.signature.parameters)
    takes = quoted(names) if names else "no arguments"
    return Label(site.callee.function.name_span, f"takes {takes}")


def _helps(site: CallSite, found: Mismatch) -> Iterator[str]:
    """The nearest parameter that was not given, else the only one that it can have meant."""
    for argument in found.unknown:
        near = nearest(argument.keyword or "", free_names(site))
        if near is None and len(found.unknown) == len(found.missing) == 1:
            near = found.missing[0].name
        if near is not None:
            yield f"did you mean `{near}` for `{argument.keyword}`?"


def _names(parameters: Sequence[Parameter]) -> list[str]:
    return [each.name for each in parameters]


def _keywords(arguments: Sequence[CallArgument]) -> str:
    return quoted([argument.keyword or "" for argument in arguments])
