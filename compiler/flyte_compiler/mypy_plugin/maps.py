"""`flyte.map`: elements against the task's parameters, and what the results are.

A map of any number of iterables, of a task or of a `functools.partial` of one. The stubs' overloads
stay for what isn't a task, and where iterables are unpacked.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from mypy.checker import TypeChecker
from mypy.nodes import ARG_NAMED, ARG_NAMED_OPT, ARG_POS, CallExpr, Expression
from mypy.plugin import CheckerPluginInterface, MethodSigContext
from mypy.subtypes import is_subtype
from mypy.types import (
    CallableType,
    FunctionLike,
    Instance,
    LiteralType,
    Parameters,
    Type,
    UnionType,
    get_proper_type,
)

from flyte_compiler.mypy_plugin.arguments import ANYTHING, cure
from flyte_compiler.mypy_plugin.calls import is_aio
from flyte_compiler.mypy_plugin.codes import (
    ARGUMENT_COUNT,
    BLOCKING_MAP,
    ELEMENT_TYPE,
    UNCONSUMED_MAP,
)
from flyte_compiler.mypy_plugin.drivers import checked_driver, checked_function
from flyte_compiler.mypy_plugin.report import report
from flyte_compiler.mypy_plugin.tasks import awaited, called_name, task_type
from flyte_compiler.mypy_plugin.unused import unused_calls
from flyte_compiler.mypy_plugin.words import counted, listed, shown

_PARTIAL = "functools.partial"
_BOUND = "__mypy_partial"
"""Where mypy's own plugin keeps what a partial still takes."""
_OPTIONS = frozenset({"group_name", "concurrency", "return_exceptions"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Mapped:
    """What a map calls for each element."""

    name: str
    names: tuple[str, ...]
    """The parameters that elements can go to, in order."""
    types: tuple[Type, ...]
    required: int
    """How many of these need one."""
    unfilled: tuple[str, ...]
    """Those that no element can go to, and that need a value."""
    result: Type


def check_map(context: MethodSigContext) -> FunctionLike:
    """Asked once for each overload; each gets the one signature that the call really has."""
    signature, call = context.default_signature, context.context
    if not isinstance(call, CallExpr):
        return signature
    api = context.api
    _check_place(call, api)
    positional = [kind is ARG_POS for kind in call.arg_kinds]
    count = sum(positional)
    named = set(call.arg_names[count:])
    # An option that doesn't exist is for the overloads to say.
    if count < 2 or not all(positional[:count]) or not named <= _OPTIONS:
        return signature
    mapped = _mapped(call.args[0], api)
    if mapped is None:
        return signature
    if not _check_elements(mapped, call, call.args[1:count], api):
        return signature
    return _signature(signature, mapped.result, call, count, api)


def _check_place(call: CallExpr, api: CheckerPluginInterface) -> None:
    function = checked_function(api)
    if function is not None and call in unused_calls(function).statements:
        words = "nobody asks for the results of this `flyte.map`, so nothing runs"
        report(api, UNCONSUMED_MAP, f"{words}; write `list(...)` around it", call)
        return
    driver = None if is_aio(call) else checked_driver(api)
    if driver is not None and driver.is_on_loop:
        words = f"`flyte.map` stops the event loop of the async driver `{driver.name}`"
        report(api, BLOCKING_MAP, f"{words}; write `flyte.map.aio(...)`", call)


def _mapped(given: Expression, api: CheckerPluginInterface) -> Mapped | None:
    found = get_proper_type(api.get_expression_type(given))
    if not isinstance(found, Instance):
        return None
    task = task_type(found)
    if task is not None and not task.is_remote:
        return _of_parameters(called_name(given), task.parameters, task.result, by_keyword=False)
    if found.type.fullname != _PARTIAL or found.extra_attrs is None:
        return None
    bound = get_proper_type(found.extra_attrs.attrs.get(_BOUND, ANYTHING))
    if not isinstance(bound, CallableType) or not _is_of_task(given, api):
        return None
    result = awaited(bound.ret_type) or bound.ret_type
    return _of_parameters(_partial_name(given), bound, result, by_keyword=True)


def _is_of_task(given: Expression, api: CheckerPluginInterface) -> bool:
    """Whether a partial that is written in place is of a task; elsewhere nobody says what of."""
    if not isinstance(given, CallExpr) or not given.args:
        return True
    return task_type(api.get_expression_type(given.args[0])) is not None


def _partial_name(given: Expression) -> str:
    if isinstance(given, CallExpr) and given.args:
        return called_name(given.args[0])
    return called_name(given)


def _of_parameters(
    name: str, taken: Parameters | CallableType, result: Type, *, by_keyword: bool
) -> Mapped | None:
    """A partial's elements go by keyword; what it gave by keyword is an optional keyword now."""
    places = [
        (each or "", given, kind)
        for each, given, kind in zip(taken.arg_names, taken.arg_types, taken.arg_kinds, strict=True)
    ]
    if any(kind.is_star() for _, _, kind in places):
        return None
    free = [
        place
        for place in places
        if place[2].is_positional() or (by_keyword and place[2] is ARG_NAMED)
    ]
    return Mapped(
        name=name,
        names=tuple(place[0] for place in free),
        types=tuple(place[1] for place in free),
        required=sum(1 for place in free if place[2].is_required()),
        unfilled=tuple(
            place[0] for place in places if place[2].is_required() and place not in free
        ),
        result=result,
    )


def _check_elements(
    mapped: Mapped, call: CallExpr, iterables: Sequence[Expression], api: CheckerPluginInterface
) -> bool:
    """Whether each is something to iterate over; else the overloads say it."""
    missing = [*mapped.names[len(iterables) : mapped.required], *mapped.unfilled]
    if len(iterables) > len(mapped.names):
        most = len(mapped.names)
        words = f"mapping `{mapped.name}` takes at most {counted(most, 'iterable')}, but receives"
        report(api, ARGUMENT_COUNT, f"{words} {len(iterables)}", call)
    elif missing:
        report(api, ARGUMENT_COUNT, f"mapping `{mapped.name}` needs {listed(missing)}", call)
    are_iterable = True
    for name, expected, iterable in zip(mapped.names, mapped.types, iterables, strict=False):
        element = _element(iterable, expected, api)
        if element is None:
            are_iterable = False
        elif not is_subtype(element, expected, options=api.options):
            words = f"`{mapped.name}` expects {shown(expected, api.options)} for `{name}`, but is"
            given = f"mapped over {shown(element, api.options)}{cure(element, expected, api)}"
            report(api, ELEMENT_TYPE, f"{words} {given}", iterable)
    return are_iterable


def _element(iterable: Expression, expected: Type, api: CheckerPluginInterface) -> Type | None:
    """The type of an iterable's elements; None where it is none, which the overloads say."""
    if not isinstance(api, TypeChecker):
        return None
    wanted = api.named_generic_type("typing.Iterable", [expected])
    with api.msg.filter_errors() as inside:
        given = api.get_expression_type(iterable, wanted)
    if inside.has_new_errors():
        given = api.get_expression_type(iterable)
    with api.msg.filter_errors() as unfit:
        element = api.analyze_iterable_item_type_without_expression(given, iterable)[1]
    return None if unfit.has_new_errors() else element


def _signature(
    signature: CallableType,
    result: Type,
    call: CallExpr,
    count: int,
    api: CheckerPluginInterface,
) -> CallableType:
    """Open for what was checked here; the options keep their types."""
    keywords = [
        (name, _widened(name, given, api))
        for name, given in zip(signature.arg_names, signature.arg_types, strict=True)
        if name in _OPTIONS
    ]
    results = get_proper_type(signature.ret_type)
    if not isinstance(results, Instance) or not results.args:
        return signature
    element = result
    if _gives_errors(call, api):
        error = api.named_generic_type("builtins.Exception", [])
        element = UnionType.make_union([result, error])
    return signature.copy_modified(
        arg_types=[*[ANYTHING] * count, *(given for _, given in keywords)],
        arg_kinds=[*[ARG_POS] * count, *([ARG_NAMED_OPT] * len(keywords))],
        arg_names=[*[None] * count, *(name for name, _ in keywords)],
        ret_type=results.copy_modified(args=[element, *results.args[1:]]),
        variables=[],
    )


def _gives_errors(call: CallExpr, api: CheckerPluginInterface) -> bool:
    """Whether `return_exceptions` is written, and isn't `False` for certain."""
    if "return_exceptions" not in call.arg_names:
        return False
    value = call.args[call.arg_names.index("return_exceptions")]
    given = get_proper_type(api.get_expression_type(value))
    known = given.last_known_value if isinstance(given, Instance) else given
    return not (isinstance(known, LiteralType) and known.value is False)


def _widened(name: str, declared: Type, api: CheckerPluginInterface) -> Type:
    """Overloads tell the values of `return_exceptions` apart; one signature takes them all."""
    is_flag = name == "return_exceptions"
    return api.named_generic_type("builtins.bool", []) if is_flag else declared
