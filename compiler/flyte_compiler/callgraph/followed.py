"""What a call calls whose callee is a value: one definition for certain, or some that it may be."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import libcst as cst

from flyte_compiler.callgraph.bodies import Body, HeldCall
from flyte_compiler.callgraph.definitions import Definitions
from flyte_compiler.callgraph.model import Definition, Form, Kind
from flyte_compiler.callgraph.objects import member
from flyte_compiler.callgraph.solve import settled
from flyte_compiler.callgraph.targets import FORMS, STARTERS, Target, starter, without_overrides
from flyte_compiler.callgraph.values import (
    NOTHING,
    ClassValue,
    Function,
    Instance,
    LambdaValue,
    Outside,
    Remote,
    Value,
    Values,
)
from flyte_compiler.syntax.tree import nodes_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidates:
    """The definitions that a call may call, each with the form of the call."""

    callees: tuple[tuple[Definition, Form], ...]
    """In source order, each once."""
    is_remote: bool
    form: Form
    """Where the callees' own forms differ, or there are none."""
    arguments: tuple[cst.Arg, ...]


def followed_target(call: HeldCall, body: Body, found: Definitions) -> Target | Candidates | None:
    """What a call calls, by the values that reach its callee."""
    form = _starter(call, body, found)
    if form is not None:
        return _started(call.node, form, body, found)
    named = without_overrides(call.node.func)
    values = settled(found.flow, named.expression, body)
    if not values:
        return None
    sole = _sole(values, found, FORMS.get(named.suffix))
    if sole is None and (named.overridden or named.suffix):
        values = settled(found.flow, call.node.func, body)
    elif sole is not None:
        callee, form, is_bound = sole
        return Target(
            callee=callee,
            form=form,
            overridden=named.overridden,
            expression=named.expression,
            arguments=tuple(call.node.args),
            is_bound=is_bound,
        )
    reached = NOTHING.union(*(_reached(value, found) for value in values))
    return _candidates(reached, tuple(call.node.args), found)


def _starter(call: HeldCall, body: Body, found: Definitions) -> Form | None:
    form = starter(call, body, found.names)
    if form is not None:
        return form
    for value in settled(found.flow, call.node.func, body):
        if isinstance(value, Outside) and value.name in STARTERS:
            return STARTERS[value.name]
    return None


def _started(call: cst.Call, form: Form, body: Body, found: Definitions) -> Candidates | None:
    """`flyte.map(fn, xs)`, where `fn` is no task's own name."""
    if not call.args or call.args[0].star or call.args[0].keyword is not None:
        return None
    values = settled(found.flow, call.args[0].value, body)
    reached = NOTHING.union(*(_reached(value, found) for value in values))
    candidates = _candidates(reached, tuple(call.args[1:]), found)
    if candidates is None:
        return None
    callees = tuple((callee, form) for callee, _ in candidates.callees)
    return replace(candidates, callees=callees, form=form)


def _reached(value: Value, found: Definitions) -> Values:
    """The functions that calling a value calls."""
    match value:
        case Function() | Remote():
            return frozenset((value,))
        case ClassValue():
            return member(found.flow, Instance(value, or_below=False), "__init__")
        case Instance():
            return member(found.flow, value, "__call__")
        case LambdaValue(node=node, code=code):
            return NOTHING.union(
                *(settled(found.flow, inner.func, code) for inner in nodes_of(cst.Call, node.body))
            )
        case _:
            return NOTHING


def _sole(
    values: Values, found: Definitions, suffix: Form | None
) -> tuple[Definition, Form, bool] | None:
    """The definition, its form and whether it is bound, where the callee can be no other."""
    if len(values) != 1 or isinstance(next(iter(values)), LambdaValue):
        return None  # a lambda's own call says with which arguments
    reached = NOTHING.union(*(_reached(value, found) for value in values))
    called = next(iter(reached), None)
    if len(reached) != 1 or not isinstance(called, Function) or not called.is_direct:
        return None
    callee = found.of_code[called.code]
    # The parameters of a task in a class hold its object, which no rule expects among arguments.
    if called.is_bound and callee.kind is not Kind.HELPER:
        return None
    form = _form(called, callee, found) if suffix is Form.CALL else suffix
    if form is None or (form is not Form.CALL and not callee.is_task):
        return None
    return callee, form, called.is_bound


def _candidates(
    reached: Values, arguments: tuple[cst.Arg, ...], found: Definitions
) -> Candidates | None:
    callees = dict(_callees(reached, found))
    is_remote = Remote() in reached
    if not callees and not is_remote:
        return None
    ordered = sorted(callees.items(), key=lambda each: _place(each[0]))
    return Candidates(
        callees=tuple(ordered), is_remote=is_remote, form=Form.CALL, arguments=arguments
    )


def _callees(reached: Values, found: Definitions) -> Iterator[tuple[Definition, Form]]:
    for value in reached:
        if isinstance(value, Function):
            callee = found.of_code[value.code]
            yield callee, _form(value, callee, found)


def _form(value: Function, callee: Definition, found: Definitions) -> Form:
    is_plain = value.form is Form.CALL and not value.is_wrapped
    return Form.FORWARD if is_plain and found.is_kept_plain(callee) else value.form


def _place(definition: Definition) -> tuple[str, int, int]:
    start = definition.function.span.start
    return definition.module, start.line, start.column
