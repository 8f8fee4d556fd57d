"""Arguments against the parameters of a task, in words of the task.

mypy would say `Argument 1 to "__call__" of "Task"`; what is reported here is taken out of the
signature that mypy checks afterwards, so that a fault is said once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from mypy.argmap import map_actuals_to_formals
from mypy.nodes import ARG_POS, ARG_STAR, ARG_STAR2, ArgKind, CallExpr, Context, Expression
from mypy.plugin import CheckerPluginInterface
from mypy.subtypes import is_subtype
from mypy.types import AnyType, CallableType, Parameters, Type, TypeOfAny

from flyte_compiler.diagnostics.near import nearest
from flyte_compiler.mypy_plugin.codes import ARGUMENT_COUNT, ARGUMENT_TYPE
from flyte_compiler.mypy_plugin.report import report
from flyte_compiler.mypy_plugin.tasks import awaited
from flyte_compiler.mypy_plugin.words import counted, listed, shown

ANYTHING = AnyType(TypeOfAny.special_form)


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What a call hands over."""

    values: Sequence[Expression]
    kinds: Sequence[ArgKind]
    names: Sequence[str | None]
    place: Context

    @classmethod
    def of(cls, call: CallExpr, *, skipped: int = 0) -> Given:
        """The arguments of a call, without the first ones, which aren't the task's."""
        return cls(
            values=call.args[skipped:],
            kinds=call.arg_kinds[skipped:],
            names=call.arg_names[skipped:],
            place=call,
        )

    @property
    def has_stars(self) -> bool:
        """Whether unpacking hides which argument is which."""
        return any(kind.is_star() for kind in self.kinds)


def check_arguments(
    task: str, taken: Parameters | CallableType, given: Given, api: CheckerPluginInterface
) -> frozenset[int] | None:
    """Report what doesn't fit.

    Returns the parameters, by place, whose arguments were reported; None where the arguments can't
    be told apart, since there are too many or too few of them.
    """
    places = map_actuals_to_formals(
        list(given.kinds),
        list(given.names),
        taken.arg_kinds,
        taken.arg_names,
        lambda actual: api.get_expression_type(given.values[actual]),
    )
    _take_back_misplaced(taken, given, places)
    faults = [] if given.has_stars else list(_count_faults(task, taken, given, places))
    for message, place in faults:
        report(api, ARGUMENT_COUNT, message, place)
    if faults:
        return None
    wrong = set[int]()
    for formal, actuals in enumerate(places):
        for actual in actuals:
            if not given.kinds[actual].is_star():
                wrong |= _check_value(task, taken, formal, given.values[actual], api)
    return frozenset(wrong)


def _take_back_misplaced(
    taken: Parameters | CallableType, given: Given, places: list[list[int]]
) -> None:
    """mypy puts a surplus positional argument where only a keyword may go."""
    for formal, actuals in enumerate(places):
        if taken.arg_kinds[formal].is_named():
            actuals[:] = [each for each in actuals if given.kinds[each] is not ARG_POS]


def _check_value(
    task: str,
    taken: Parameters | CallableType,
    formal: int,
    value: Expression,
    api: CheckerPluginInterface,
) -> set[int]:
    expected = taken.arg_types[formal]
    provided = type_of_value(value, expected, api)
    if is_subtype(provided, expected, options=api.options):
        return set()
    name = taken.arg_names[formal] or str(formal + 1)
    words = (
        f"`{task}` expects {shown(expected, api.options)} for `{name}`, but receives "
        f"{shown(provided, api.options)}{cure(provided, expected, api)}"
    )
    report(api, ARGUMENT_TYPE, words, value)
    return {formal}


def type_of_value(value: Expression, expected: Type, api: CheckerPluginInterface) -> Type:
    """The type of a value where another one is expected.

    A display such as `["a"]` is what is expected, with an error at each part that isn't; it is
    better said of the whole.
    """
    with api.msg.filter_errors() as inside:
        provided = api.get_expression_type(value, expected)
    if not inside.has_new_errors():
        return provided
    with api.msg.filter_errors() as alone:
        by_itself = api.get_expression_type(value)
    return provided if alone.has_new_errors() else by_itself


def cure(provided: Type, expected: Type, api: CheckerPluginInterface) -> str:
    """What makes it fit, where one word does."""
    result = awaited(provided)
    if result is not None and is_subtype(result, expected, options=api.options):
        return "; write `await` before it"
    return ""


def _count_faults(
    task: str, taken: Parameters | CallableType, given: Given, places: list[list[int]]
) -> Iterator[tuple[str, Context]]:
    placed = {actual for actuals in places for actual in actuals}
    missing = [
        taken.arg_names[formal] or str(formal + 1)
        for formal, actuals in enumerate(places)
        if taken.arg_kinds[formal].is_required() and not actuals
    ]
    unplaced = [actual for actual in range(len(given.values)) if actual not in placed]
    unknown = [(name, actual) for actual in unplaced if (name := given.names[actual])]
    for name, actual in unknown:
        yield _unknown(task, name, missing, taken), given.values[actual]
    if surplus := len(unplaced) - len(unknown):
        most = sum(1 for kind in taken.arg_kinds if kind.is_positional())
        words = f"`{task}` takes at most {counted(most, 'positional argument')}"
        yield f"{words}, but receives {most + surplus}", given.place
    for formal, actuals in enumerate(places):
        if len(actuals) > 1 and not taken.arg_kinds[formal].is_star():
            yield f"`{task}` receives `{taken.arg_names[formal]}` twice", given.values[actuals[1]]
    if missing and not unknown:
        yield f"`{task}` needs {listed(missing)}", given.place


def _unknown(task: str, name: str, missing: list[str], taken: Parameters | CallableType) -> str:
    """What is missing is most likely what was meant."""
    near = nearest(name, missing) or nearest(name, [each for each in taken.arg_names if each])
    if near is not None:
        hint = f"; did you mean `{near}`?"
    else:
        hint = f"; it needs {listed(missing)}" if missing else ""
    return f"`{task}` has no parameter `{name}`{hint}"


def without_reported(signature: CallableType, wrong: frozenset[int] | None) -> CallableType:
    """The signature that mypy checks after us: open where a fault was reported."""
    if wrong is None:
        return taking_anything(signature)
    if not wrong:
        return signature
    types = [ANYTHING if place in wrong else each for place, each in enumerate(signature.arg_types)]
    return signature.copy_modified(arg_types=types)


def taking_anything(signature: CallableType) -> CallableType:
    """The signature with its result and any arguments."""
    return signature.copy_modified(
        arg_types=[ANYTHING, ANYTHING],
        arg_kinds=[ARG_STAR, ARG_STAR2],
        arg_names=[None, None],
    )
