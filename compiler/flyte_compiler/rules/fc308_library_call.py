"""FC308: wrong arguments to what the SDK offers."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby

from flyte_compiler.callgraph.model import CallArgument, LibraryCall
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.binding import keyword_span
from flyte_compiler.rules.certain_faults import is_known, type_at
from flyte_compiler.rules.checker_words import words_of
from flyte_compiler.rules.facts import Facts
from flyte_compiler.rules.options import OPTIONS
from flyte_compiler.rules.told import Told, by_place
from flyte_compiler.source.span import Span
from flyte_compiler.typecheck.model import ClassType, UnionType
from flyte_compiler.typecheck.oracle import TypeFault

RULE = Rule("FC308", "library-call", Severity.ERROR)

_OF_COUNT = "call-arg"
_OF_TYPE = "arg-type"
_OF_FORMS = frozenset({"type-var", "call-overload"})
_ANY = re.compile(r"\bAny\b")
_TWICE = "gets multiple values for keyword argument"
_OF_TASKS = frozenset({"Task.override", "map", "map.aio"})
"""Whose arguments go to a task, or are options that FC107 knows."""


def check(facts: Facts) -> Iterator[Diagnostic]:
    """One a place: what mypy finds with a call of ours, and what no other rule says there."""
    if facts.types is None:
        return
    called = [each for each in facts.call_graph.library_calls if each.name not in _OF_TASKS]
    calls, told = by_place(called), Told(facts)
    wrong = [
        each for each in facts.types.oracle.faults if _is_certain(each, calls.get(each.span), facts)
    ]
    for span, faults in groupby(wrong, key=lambda each: each.span):
        if not told.about(span):
            yield _wrong(list(faults), calls[span], facts)


def _is_certain(fault: TypeFault, call: LibraryCall | None, facts: Facts) -> bool:
    """The number and the names of arguments can be told without their types, but for stars; an
    argument's type without those of the others."""
    if call is None:
        return False
    if fault.code == _OF_COUNT or _TWICE in fault.message:
        return fault.span == call.span and not any(each.star for each in call.arguments)
    if fault.code == _OF_TYPE:
        given = type_at(fault, facts)
        is_option = call.name in OPTIONS or any(
            each.star and each.span == fault.span for each in call.arguments
        )
        is_told = given is not None and is_known(given) and not _ANY.search(fault.message)
        return is_told and not is_option
    return fault.code in _OF_FORMS and not fault.involves_any


def _wrong(faults: list[TypeFault], call: LibraryCall, facts: Facts) -> Diagnostic:
    shown = f"flyte.{call.name}" if call.owner is None else call.name.partition(".")[2]
    first, *others = (words_of(each, _spoken(shown, each)) for each in faults)
    return Diagnostic(
        rule=RULE,
        severity=Severity.WARNING if _may_fit(faults[0], facts) else RULE.severity,
        message=first.message,
        primary=Label(_place(faults[0], call, facts), first.label),
        notes=tuple(each.message for each in others),
        helps=first.helps,
    )


def _may_fit(fault: TypeFault, facts: Facts) -> bool:
    """Whether something that the value may be, or may hold, can be right."""
    given = type_at(fault, facts)
    is_generic = isinstance(given, ClassType) and bool(given.arguments)
    return fault.code == _OF_TYPE and (is_generic or isinstance(given, UnionType))


def _spoken(shown: str, fault: TypeFault) -> str:
    """A class by its own name, as error messages and readers have it."""
    last = shown.rpartition(".")[2]
    return last if f'"{last}"' in fault.message and last[:1].isupper() else shown


def _place(fault: TypeFault, call: LibraryCall, facts: Facts) -> Span:
    """The keyword that is one too many, else the callee of a call that is wrong as such."""
    if fault.span != call.span:
        return fault.span
    source = facts.call_graph.modules[call.module].source
    named: Iterator[CallArgument] = (
        each for each in call.arguments if each.keyword and f'"{each.keyword}"' in fault.message
    )
    argument = next(named, None)
    return call.callee_span if argument is None else keyword_span(argument, source)
