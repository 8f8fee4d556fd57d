"""What a call calls: a definition in one of its forms, something outside, or nothing known."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from flyte_compiler.callgraph.bodies import Body, HeldCall, name_parts
from flyte_compiler.callgraph.model import Definition, Form
from flyte_compiler.callgraph.names import External, Meaning, Member, Names

FORMS = {(): Form.CALL, ("aio",): Form.AIO, ("forward",): Form.FORWARD}
STARTERS = {
    "flyte.run": Form.RUN,
    "flyte.run.aio": Form.RUN,
    "flyte.map": Form.MAP,
    "flyte.map.aio": Form.MAP,
}
_RUN_OPTIONS = "flyte.with_runcontext"
_PARTIAL = "functools.partial"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """A definition, and how a call calls it."""

    callee: Definition
    form: Form
    overridden: bool
    expression: cst.BaseExpression
    """What names the definition."""
    arguments: tuple[cst.Arg, ...]
    """Those that are meant for it."""
    is_bound: bool = False
    """Whether a receiver comes before them."""


@dataclass(frozen=True, slots=True)
class Named:
    """An expression with its overrides taken off: `t.override(...).aio` is `t` and `aio`."""

    expression: cst.BaseExpression
    suffix: tuple[str, ...]
    overridden: bool


def target_of(call: HeldCall, body: Body, names: Names) -> Target | None:
    """The definition that a call calls; None where it calls nothing of the program."""
    form = starter(call, body, names)
    if form is not None:
        return _started(call, form, body, names)
    named = without_overrides(call.node.func)
    found = _definition(named, call.hidden, body, names)
    if found is None:
        return None
    callee, rest = found
    form = FORMS.get(rest)
    if form is None or (form is not Form.CALL and not callee.is_task):
        return None
    return Target(
        callee=callee,
        form=form,
        overridden=named.overridden,
        expression=_without_suffix(named.expression, rest, named.suffix),
        arguments=tuple(call.node.args),
    )


def meaning_of(
    expression: cst.BaseExpression, hidden: frozenset[str], body: Body, names: Names
) -> Meaning:
    """What a dotted expression means where it stands; None for any other one."""
    parts = name_parts(expression)
    return None if parts is None else body.meaning(names, parts, hidden)


def called_name(call: cst.Call) -> cst.BaseExpression:
    """The name that a call starts from: `t` of `t.override(...).aio(x)`."""
    return without_overrides(call.func).expression


def starter(call: HeldCall, body: Body, names: Names) -> Form | None:
    """Whether a call starts or maps the task that is its first argument."""
    func = call.node.func
    meaning = meaning_of(func, call.hidden, body, names)
    if isinstance(meaning, External):
        return STARTERS.get(meaning.name)
    if isinstance(func, cst.Attribute) and func.attr.value == "aio":
        func = func.value
    if not (isinstance(func, cst.Attribute) and func.attr.value == "run"):
        return None
    if not isinstance(func.value, cst.Call):
        return None
    options = meaning_of(func.value.func, call.hidden, body, names)
    return Form.RUN if options == External(_RUN_OPTIONS) else None


def _started(call: HeldCall, form: Form, body: Body, names: Names) -> Target | None:
    if not call.node.args:
        return None
    first = call.node.args[0]
    if first.star or first.keyword is not None:
        return None
    value = first.value
    if isinstance(value, cst.Call) and value.args:
        maker = meaning_of(value.func, call.hidden, body, names)
        value = value.args[0].value if maker == External(_PARTIAL) else value
    named = without_overrides(value)
    found = _definition(named, call.hidden, body, names)
    if found is None or found[1] or not found[0].is_task:
        return None
    return Target(
        callee=found[0],
        form=form,
        overridden=named.overridden,
        expression=named.expression,
        arguments=tuple(call.node.args[1:]),
    )


def _definition(
    named: Named, hidden: frozenset[str], body: Body, names: Names
) -> tuple[Definition, tuple[str, ...]] | None:
    meaning = meaning_of(named.expression, hidden, body, names)
    if isinstance(meaning, Member) and isinstance(meaning.target, Definition):
        return meaning.target, (*meaning.rest, *named.suffix)
    return None


def without_overrides(expression: cst.BaseExpression) -> Named:
    """What is called, without the `.override(...)`s behind it: `t.override(...).aio` is `t.aio`."""
    suffix: tuple[str, ...] = ()
    overridden = False
    node = expression
    while True:
        inner = node
        after: tuple[str, ...] = ()
        if isinstance(inner, cst.Attribute) and isinstance(inner.value, cst.Call):
            after, inner = (inner.attr.value,), inner.value
        if not (isinstance(inner, cst.Call) and _is_override(inner.func)):
            return Named(node, suffix, overridden)
        suffix, overridden = (*after, *suffix), True
        node = cst.ensure_type(inner.func, cst.Attribute).value


def _is_override(func: cst.BaseExpression) -> bool:
    return isinstance(func, cst.Attribute) and func.attr.value == "override"


def _without_suffix(
    expression: cst.BaseExpression, rest: tuple[str, ...], suffix: tuple[str, ...]
) -> cst.BaseExpression:
    """`t` of the expression `t.aio`, where the suffix isn't one that stood behind an override."""
    for _ in range(len(rest) - len(suffix)):
        expression = cst.ensure_type(expression, cst.Attribute).value
    return expression
