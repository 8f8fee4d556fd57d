"""What a type says of a task: its parameters, its result, how it is called.

Ours carries both in its type. Upstream's deployed tasks and runs have no place for them: there they
ride along in the instance's extra attributes, under a name that no attribute can have.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mypy.maptype import map_instance_to_supertype
from mypy.nodes import CallExpr, Expression, MemberExpr, NameExpr, TypeInfo
from mypy.types import (
    AnyType,
    CallableType,
    ExtraAttrs,
    Instance,
    Parameters,
    TupleType,
    Type,
    UnionType,
    get_proper_type,
)

from flyte_compiler.mypy_plugin.fullnames import (
    LOCAL_TASKS,
    OUR_ASYNC_TASK,
    OUR_TASK,
    REMOTE_TASKS,
)

COROUTINES = frozenset({"typing.Coroutine", "types.CoroutineType", "typing.Awaitable"})
_CARRIED_RESULT = "flyte result"
_CARRIED_TASK = "flyte task"
_FORMS = frozenset({"aio", "override", "forward"})


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskType:
    """A task, read from its type."""

    parameters: Parameters | CallableType
    result: Type
    """Of an async task what it gives when awaited."""
    is_async: bool
    is_remote: bool


def task_type(given: Type) -> TaskType | None:
    """The task that is of a type; None for anything else, and where its parameters are unknown."""
    instance = get_proper_type(given)
    if not isinstance(instance, Instance):
        return None
    for base in instance.type.mro:
        if base.fullname in LOCAL_TASKS | REMOTE_TASKS:
            return _of_instance(instance, base)
    return None


def _of_instance(given: Instance, base: TypeInfo) -> TaskType | None:
    carried = carried_task(given)
    if carried is not None:
        return carried
    owner, instance = base.fullname, map_instance_to_supertype(given, base)
    is_remote = owner in REMOTE_TASKS
    if len(instance.args) < 2:
        return None
    parameters, result = get_proper_type(instance.args[0]), instance.args[1]
    if not isinstance(parameters, Parameters) or _takes_anything(parameters):
        return None
    later = awaited(result)
    is_ours = owner in (OUR_TASK, OUR_ASYNC_TASK) or is_remote
    is_async = is_remote or owner == OUR_ASYNC_TASK or (not is_ours and later is not None)
    return TaskType(
        parameters=parameters,
        result=result if is_ours or later is None else later,
        is_async=is_async,
        is_remote=is_remote,
    )


def _takes_anything(parameters: Parameters) -> bool:
    return parameters.is_ellipsis_args or (
        len(parameters.arg_kinds) == 2
        and parameters.arg_kinds[0].is_star()
        and parameters.arg_kinds[1].is_star()
    )


def awaited(given: Type) -> Type | None:
    """What a coroutine gives; None for anything else."""
    instance = get_proper_type(given)
    if isinstance(instance, Instance) and instance.type.fullname in COROUTINES and instance.args:
        return instance.args[-1]
    return None


def carrying_task(instance: Instance, signature: CallableType) -> Instance:
    """A deployed task of upstream's that knows its parameters and its result."""
    return _carrying(instance, {_CARRIED_TASK: signature})


def carried_task(instance: Instance) -> TaskType | None:
    """The task that `carrying_task` put there."""
    signature = _carried(instance, _CARRIED_TASK)
    if not isinstance(signature, CallableType):
        return None
    return TaskType(parameters=signature, result=signature.ret_type, is_async=True, is_remote=True)


def carrying_result(instance: Instance, result: Type) -> Instance:
    """A run of upstream's that knows what its task gives."""
    return _carrying(instance, {_CARRIED_RESULT: result})


def carried_result(instance: Instance) -> Type | None:
    """The type that `carrying_result` put there."""
    return _carried(instance, _CARRIED_RESULT)


def _carrying(instance: Instance, carried: Mapping[str, Type]) -> Instance:
    changed = instance.copy_modified()
    changed.extra_attrs = ExtraAttrs(dict(carried), immutable=None, mod_name=None)
    return changed


def _carried(instance: Instance, name: str) -> Type | None:
    attributes = instance.extra_attrs
    found = None if attributes is None else attributes.attrs.get(name)
    return None if found is None else get_proper_type(found)


def called_name(callee: Expression) -> str:
    """How the program names the task that a call is of."""
    match callee:
        case NameExpr():
            return callee.name
        case MemberExpr() if callee.name in _FORMS:
            return called_name(callee.expr)
        case MemberExpr():
            return callee.name
        case CallExpr():
            return called_name(callee.callee)
        case _:
            return "the task"


def is_task(given: Type) -> bool:
    """Whether it is a task, or may be one."""
    proper = get_proper_type(given)
    if isinstance(proper, UnionType):
        return any(is_task(each) for each in proper.items)
    if not isinstance(proper, Instance):
        return isinstance(proper, AnyType)
    return any(base.fullname in LOCAL_TASKS | REMOTE_TASKS for base in proper.type.mro)


def with_last(given: Type, change: Callable[[Instance], Type]) -> Type:
    """A type changed, or what a coroutine of it gives."""
    proper = get_proper_type(given)
    if isinstance(proper, TupleType):
        return change(proper.partial_fallback)
    if not isinstance(proper, Instance):
        return given
    inner = awaited(proper)
    if inner is None:
        return change(proper)
    return proper.copy_modified(args=[*proper.args[:-1], with_last(inner, change)])
