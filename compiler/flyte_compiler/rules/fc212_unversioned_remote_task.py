"""FC212: a deployed task is asked for without saying which version of it."""

from __future__ import annotations

from collections.abc import Iterator

from flyte_compiler.callgraph.model import LibraryCall
from flyte_compiler.diagnostics.model import Diagnostic, Label, Rule, Severity
from flyte_compiler.rules.facts import Facts

RULE = Rule("FC212", "unversioned-remote-task", Severity.ERROR)

_GETTERS = frozenset({"remote.Task.get", "remote.Task.get.aio"})
_SAYS_WHICH = frozenset({"version", "auto_version"})
_POSITION = 3
"""Of `version`, behind name, project and domain."""


def check(facts: Facts) -> Iterator[Diagnostic]:
    """Silent where starred arguments may say it."""
    for call in facts.call_graph.library_calls:
        if call.name in _GETTERS and call.arguments and not _may_say_which(call):
            yield _unversioned(call)


def _may_say_which(call: LibraryCall) -> bool:
    positional = [each for each in call.arguments if each.keyword is None]
    given = positional[_POSITION:] + [
        each for each in call.arguments if each.keyword in _SAYS_WHICH
    ]
    return any(each.star for each in call.arguments) or any(each.text != "None" for each in given)


def _unversioned(call: LibraryCall) -> Diagnostic:
    named = next((each for each in call.arguments if each.keyword in (None, "name")), None)
    which = f" {named.text}" if named is not None and named.text[:1] in "\"'" else ""
    name = which.strip().strip("\"'")
    return Diagnostic(
        rule=RULE,
        severity=RULE.severity,
        message=f"the remote task {f'`{name}` ' if name else ''}is asked for without a version",
        primary=Label(call.span, "neither `version` nor `auto_version`"),
        helps=('add `auto_version="latest"`, or the `version` that you mean',),
    )
